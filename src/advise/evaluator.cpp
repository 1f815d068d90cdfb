/*
 * Costs of index sets, statement by statement.
 *
 * The objective is a function of the set alone, not of the way to it: a statement is credited with its new
 * cost only if it is helped by more than noise, and always with a loss.
 */
#include "advise/evaluator.hpp"

#include "advise/decision_cost.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace pg_advisor
{
Evaluator::Evaluator(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model)
    : workload_(workload), catalog_(catalog), model_(model), slots_of_(workload.size()), calls_(workload.size()),
      plans_(slots_, model)
{
    order_.resize(workload.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t left, std::size_t right) {
        const StatementInfo &a = workload[left], &b = workload[right];
        return std::tie(a.queryid, a.text, a.calls, a.total_time) <
               std::tie(b.queryid, b.text, b.calls, b.total_time);
    });
    for (std::size_t number : order_)
    {
        const StatementInfo &statement = workload[number];
        total_time_ += statement.total_time;
        running_system_ = running_system_ ||
                          (statement.queryid != 0 && statement.calls >= thresholds::kRunningSystemCalls);
        for (std::size_t i = 0; i < statement.queries.size(); i++)
        {
            slots_of_[number].push_back(slots_.size());
            slots_.push_back(MakeSlot(statement, number, i, catalog));
            for (Oid32 relation : slots_.back().relations)
                slots_reading_[relation].push_back(slots_.size() - 1);
        }
    }
    plans_.AddCandidates(candidates_);
    base_.costs.resize(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); i++)
    {
        model_.CheckInterrupts();
        Slot &slot = slots_[i];
        slot.base = Decision(i, {});
        slot.base_correction = plans_.Plan(i, {}).correction;
        slot.alive = std::isfinite(slot.base);
        if (!slot.alive)
            slot.base = slot.weight = 0;
        base_.costs[i] = slot.base;
        calls_[slot.statement] += slot.weight;
    }
    Finish(base_);
}

void Evaluator::AddCandidates(Vector<Priced> candidates)
{
    candidates_ = std::move(candidates);
    plans_.AddCandidates(candidates_);
}

double Evaluator::DecisionOf(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const
{
    const double decision =
        DecisionCost(plan, slots_[slot], chosen, candidates_, catalog_, model_.ScatteredPageCost());
    return plan.used.empty() ? decision : BelievedCost(decision, plan.correction, slots_[slot]);
}

double Evaluator::CountedOf(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const
{
    return plan.correction + DecisionCost(plan, slots_[slot], chosen, candidates_, catalog_, model_.ScatteredPageCost());
}

namespace
{

/* The set after a change, and which tables it is about. */
Chosen Changed(const Vector<Priced> &candidates, const Chosen &chosen, const Chosen &added, const Chosen &removed,
               Set<Oid32> *touched)
{
    Set<std::size_t> numbers(chosen.begin(), chosen.end());
    for (std::size_t number : removed)
        if (numbers.erase(number) != 0)
            touched->insert(candidates[number].index.relation);
    for (std::size_t number : added)
        if (numbers.insert(number).second)
            touched->insert(candidates[number].index.relation);
    return Chosen(numbers.begin(), numbers.end());
}

} // namespace

Vector<std::size_t> Evaluator::Affected(const Chosen &added, const Chosen &removed, const Set<Oid32> &touched) const
{
    Set<std::size_t> affected;
    for (Oid32 relation : touched)
        if (const auto slots = slots_reading_.find(relation); slots != slots_reading_.end())
            for (std::size_t slot : slots->second)
                if (slots_[slot].alive && (plans_.AnyCounts(slot, added) || plans_.AnyCounts(slot, removed)))
                    affected.insert(slot);
    return Vector<std::size_t>(affected.begin(), affected.end());
}

State Evaluator::Apply(const State &from, const Chosen &added, const Chosen &removed)
{
    State state;
    Set<Oid32> touched;
    state.chosen = Changed(candidates_, from.chosen, added, removed, &touched);
    state.costs = from.costs;
    for (std::size_t slot : Affected(added, removed, touched))
        state.costs[slot] = Decision(slot, state.chosen);
    Finish(state);
    return state;
}

State Evaluator::Exact(const Chosen &chosen)
{
    State state;
    state.chosen = chosen;
    state.costs = base_.costs;
    for (std::size_t slot = 0; slot < slots_.size(); slot++)
        if (slots_[slot].alive && plans_.AnyCounts(slot, chosen))
            state.costs[slot] = DecisionOf(slot, chosen, plans_.Exact(slot, chosen));
    Finish(state);
    return state;
}

std::optional<State> Evaluator::ApplyBelow(const State &from, const Chosen &added, const Chosen &removed, double bound,
                                           double *least)
{
    State state;
    Set<Oid32> touched;
    state.chosen = Changed(candidates_, from.chosen, added, removed, &touched);
    state.costs = from.costs;
    double objective = 0; /* from below */
    for (std::size_t number : state.chosen)
        objective += candidates_[number].write_cost;

    /* a statement's credit is never less than the weighted cost of its slots */
    Vector<std::pair<double, std::size_t>> hopes; /* what is hoped for, by slot */
    const Vector<std::size_t> affected = Affected(added, removed, touched);
    Set<std::size_t> statements;
    for (std::size_t slot : affected)
        statements.insert(slots_[slot].statement);
    for (std::size_t statement : order_)
    {
        if (!statements.contains(statement))
        {
            objective += from.credited[statement];
            continue;
        }
        for (std::size_t slot : slots_of_[statement])
            objective += slots_[slot].weight * from.costs[slot];
    }
    for (std::size_t slot : affected)
    {
        const double hope = slots_[slot].weight * (from.costs[slot] - plans_.Least(slot, from.costs[slot], added));
        objective -= hope;
        hopes.push_back({hope, slot});
    }
    std::stable_sort(hopes.begin(), hopes.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    for (const auto &[hope, slot] : hopes)
    {
        if (objective >= bound)
            break;
        state.costs[slot] = Decision(slot, state.chosen);
        objective += hope - slots_[slot].weight * (from.costs[slot] - state.costs[slot]);
    }
    *least = objective;
    if (objective >= bound)
        return std::nullopt;
    Finish(state);
    *least = state.objective;
    return state;
}

double Evaluator::Credited(const State &state, std::size_t statement) const
{
    double before = 0, after = 0, worst_base = -1, worst_now = 0, worst_weight = 0;
    for (std::size_t i : slots_of_[statement])
    {
        const Slot &slot = slots_[i];
        before += slot.weight * slot.base;
        after += slot.weight * state.costs[i];
        if (slot.weight > 0 && slot.base > worst_base)
        {
            worst_base = slot.base;
            worst_now = state.costs[i];
            worst_weight = slot.weight;
        }
    }
    if (after >= before)
        return after;
    const double calls = calls_[statement];
    if (before - after < thresholds::kMinGainPerCall * calls)
        return before;
    if (after <= before * (1 - thresholds::kHelpsMean))
        return after;
    const bool worst_helped = worst_now * thresholds::kHelpsWorstFactor <= worst_base &&
                              worst_weight >= thresholds::kHelpsWorstShare * calls;
    return worst_helped ? after : before;
}

void Evaluator::Finish(State &state) const
{
    state.allowed = true;
    for (std::size_t i = 0; i < slots_.size(); i++)
        if (state.costs[i] > slots_[i].base * thresholds::kGuardFactor + thresholds::kGuardUnits)
            state.allowed = false;
    state.credited.assign(workload_.size(), 0);
    state.read = 0;
    for (std::size_t statement : order_)
    {
        state.credited[statement] = Credited(state, statement);
        state.read += state.credited[statement];
    }
    state.objective = state.read;
    state.bytes = 0;
    for (std::size_t number : state.chosen)
    {
        state.objective += candidates_[number].write_cost;
        state.bytes += candidates_[number].bytes;
    }
}

double Evaluator::PlannerTotal(const Chosen &chosen)
{
    double total = 0;
    for (std::size_t i = 0; i < slots_.size(); i++)
        if (slots_[i].alive)
            total += slots_[i].weight * plans_.Plan(i, chosen).cost;
    return total;
}

double Evaluator::PlannerMean(std::size_t statement, const Chosen &chosen)
{
    double total = 0;
    for (std::size_t i : slots_of_[statement])
        if (slots_[i].alive)
            total += slots_[i].weight * plans_.Plan(i, chosen).cost;
    return calls_[statement] > 0 ? total / calls_[statement] : 0;
}

double Evaluator::MeanCorrection(std::size_t statement, const Chosen &chosen)
{
    double total = 0;
    for (std::size_t i : slots_of_[statement])
        if (slots_[i].alive)
            total += slots_[i].weight * plans_.Plan(i, chosen).correction;
    return calls_[statement] > 0 ? total / calls_[statement] : 0;
}

const PlanCost *Evaluator::Corrected(std::size_t statement, const Chosen &chosen)
{
    const PlanCost *dearest = nullptr;
    for (std::size_t i : slots_of_[statement])
    {
        if (!slots_[i].alive)
            continue;
        const PlanCost &plan = plans_.Plan(i, chosen);
        if (plan.correction > plan.cost * thresholds::kHelpsMean &&
            (dearest == nullptr || plan.correction > dearest->correction))
            dearest = &plan;
    }
    return dearest;
}

double Evaluator::Mean(const State &state, std::size_t statement) const
{
    double total = 0;
    for (std::size_t i : slots_of_[statement])
        total += slots_[i].weight * state.costs[i];
    return calls_[statement] > 0 ? total / calls_[statement] : 0;
}

bool Evaluator::Helps(const State &before, const State &after, std::size_t statement) const
{
    const double calls = calls_[statement];
    const double old_cost = before.credited[statement], new_cost = after.credited[statement];
    if (calls <= 0 || old_cost - new_cost < thresholds::kMinGainPerCall * calls)
        return false;
    return old_cost - new_cost >= thresholds::kHelpsMean * base_.credited[statement] ||
           new_cost * thresholds::kHelpsAgainFactor <= old_cost;
}

bool Evaluator::IsReason(std::size_t statement) const
{
    const StatementInfo &info = workload_[statement];
    return info.queryid == 0 || info.calls > 1 || !running_system_;
}

bool Evaluator::Worth(const State &before, const State &after, double min_improvement) const
{
    const double read_gain = before.read - after.read;
    const double gain = before.objective - after.objective;
    if (gain < thresholds::kMinTotalGain || read_gain - gain > thresholds::kMaxWriteShare * read_gain)
        return false;
    double cost_share = 0, time_share = 0;
    bool reason = false;
    for (std::size_t statement : order_)
    {
        if (!Helps(before, after, statement))
            continue;
        reason = reason || IsReason(statement);
        if (after.credited[statement] > before.credited[statement] * (1 - thresholds::kStatementGain))
            continue;
        cost_share += before.credited[statement];
        time_share += workload_[statement].total_time;
    }
    if (!reason)
        return false;
    if (gain >= min_improvement * base_.objective)
        return true;
    return min_improvement <= thresholds::kDefaultImprovement &&
           (cost_share >= thresholds::kStatementShare * base_.objective ||
            (total_time_ > 0 && time_share >= thresholds::kStatementShare * total_time_));
}

} // namespace pg_advisor
