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
#include <optional>
#include <tuple>

namespace pg_advisor
{
Evaluator::Evaluator(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model)
    : workload_(workload), catalog_(catalog), model_(model), pricer_(workload, catalog, model), slots_of_(workload.size()), calls_(workload.size()),
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
        }
    }
    plans_.AddCandidates(candidates_);
    base_.costs.resize(slots_.size());
    base_.plans.resize(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); i++)
    {
        model_.CheckInterrupts();
        Slot &slot = slots_[i];
        slot.base = Decision(i, {});
        base_.plans[i] = &plans_.Plan(i, {});
        slot.base_correction = base_.plans[i]->correction;
        slot.joins_tried = base_.plans[i]->joins_tried;
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

std::optional<std::size_t> Evaluator::NumberOf(IndexSpec index)
{
    const auto known = std::find_if(candidates_.begin(), candidates_.end(),
                                    [&](const Priced &candidate) { return candidate.index == index; });
    if (known != candidates_.end())
        return static_cast<std::size_t>(known - candidates_.begin());
    std::optional<Priced> priced = pricer_.Price(std::move(index));
    if (!priced)
        return std::nullopt;
    candidates_.push_back(std::move(*priced));
    plans_.AddCandidate();
    return candidates_.size() - 1;
}

double Evaluator::DecisionOf(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const
{
    const double decision =
        DecisionCost(plan, slots_[slot], chosen, candidates_, catalog_, model_.ScatteredPageCost());
    return plan.used.empty() ? decision : BelievedCost(decision, plan.correction, slots_[slot]);
}

double Evaluator::CorrectedOf(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const
{
    return plan.correction + DecisionCost(plan, slots_[slot], chosen, candidates_, catalog_, model_.ScatteredPageCost());
}

namespace
{

/* The set after a change. */
Chosen Changed(const Chosen &chosen, const Chosen &added, const Chosen &removed)
{
    Set<std::size_t> numbers(chosen.begin(), chosen.end());
    for (std::size_t number : removed)
        numbers.erase(number);
    numbers.insert(added.begin(), added.end());
    return Chosen(numbers.begin(), numbers.end());
}

/* The statements of the slots; both ascend in the canonical order of statements. */
template <class Visitor>
void ForEachStatement(const Vector<Slot> &slots, const Vector<std::size_t> &numbers, Visitor visit)
{
    std::optional<std::size_t> last;
    for (std::size_t number : numbers)
        if (slots[number].statement != last)
        {
            last = slots[number].statement;
            visit(*last);
        }
}

struct Hope
{
    double gain; /* that is hoped for */
    double fear; /* what the slot has to lose; of a query that is dear to plan by the plans known, for the time of its call */
    std::size_t slot;
};

} // namespace

void Evaluator::Replan(State &state, std::size_t slot, const State &from, const Chosen &added, const Chosen &removed)
{
    state.plans[slot] = &plans_.After(slot, *from.plans[slot], state.chosen, added, removed);
    state.costs[slot] = DecisionOf(slot, state.chosen, *state.plans[slot]);
}

State Evaluator::Apply(const State &from, const Chosen &added, const Chosen &removed)
{
    State state;
    state.chosen = Changed(from.chosen, added, removed);
    state.plans = from.plans;
    state.costs = from.costs;
    const Vector<std::size_t> affected = plans_.Affected(added, removed);
    for (std::size_t slot : affected)
        Replan(state, slot, from, added, removed);
    FinishFrom(from, state, affected);
    return state;
}

State Evaluator::Exact(const Chosen &chosen)
{
    State state;
    state.chosen = chosen;
    state.plans = base_.plans;
    state.costs = base_.costs;
    for (std::size_t slot : plans_.Affected(chosen, {}))
    {
        state.plans[slot] = &plans_.Exact(slot, chosen);
        state.costs[slot] = DecisionOf(slot, chosen, *state.plans[slot]);
    }
    Finish(state);
    return state;
}

double Evaluator::Uncredited(const State &state, const Vector<std::size_t> &slots) const
{
    double sum = 0;
    ForEachStatement(slots_, slots, [&](std::size_t statement) {
        for (std::size_t slot : slots_of_[statement])
            sum += slots_[slot].weight * state.costs[slot];
        sum -= state.credited[statement];
    });
    return sum;
}

double Evaluator::WriteCostOf(const Chosen &numbers) const
{
    double sum = 0;
    for (std::size_t number : numbers)
        sum += candidates_[number].write_cost + charge_;
    return sum;
}

/* What the slot may lose: all that it has gained, or for each unit of the planner's time what is known of `chosen`. */
double Evaluator::Fear(const State &from, std::size_t number, const Chosen *chosen) const
{
    const Slot &slot = slots_[number];
    /* otherwise it is as quick to ask as to guess */
    if (chosen == nullptr || CallCost(slot) < thresholds::kDearCall)
        return slot.weight * (slot.base - from.costs[number]);
    return slot.weight * (plans_.Guess(number, *chosen).cost - from.plans[number]->cost) / CallCost(slot);
}

std::optional<State> Evaluator::ApplyBelow(const State &from, const Chosen &added, const Chosen &removed, double bound,
                                           double *least)
{
    State state;
    state.chosen = Changed(from.chosen, added, removed);
    const Vector<std::size_t> affected = plans_.Affected(added, removed);
    /* From below: a statement's credit is never less than the weighted cost of its slots. */
    double objective = from.read + WriteCostOf(state.chosen) + Uncredited(from, affected);
    Vector<Hope> hopes;
    for (std::size_t slot : affected)
    {
        /* what is taken out may have spared the planner costs, but not what is added to them */
        const double cost = from.costs[slot];
        const double least = removed.empty() ? cost : std::min(cost, from.plans[slot]->cost);
        const double hope = slots_[slot].weight * (cost - plans_.Least(slot, least, added));
        objective -= hope;
        hopes.push_back({hope, 0, slot});
    }
    *least = objective;
    if (objective >= bound)
        return std::nullopt;
    const bool guess = plans_.Forgetful() && !removed.empty();
    for (Hope &hope : hopes)
        hope.fear = Fear(from, hope.slot, guess ? &state.chosen : nullptr);
    /* what ends it soonest comes first */
    std::stable_sort(hopes.begin(), hopes.end(), [](const Hope &a, const Hope &b) {
        return a.gain != b.gain ? a.gain > b.gain : a.fear > b.fear;
    });
    state.plans = from.plans;
    state.costs = from.costs;
    for (const auto &[hope, fear, slot] : hopes)
    {
        if (objective >= bound)
            break;
        Replan(state, slot, from, added, removed);
        objective += hope - slots_[slot].weight * (from.costs[slot] - state.costs[slot]);
    }
    *least = objective;
    if (objective >= bound)
        return std::nullopt;
    FinishFrom(from, state, affected);
    *least = state.objective;
    return state;
}

Vector<double> Evaluator::CostsWithout(const State &state, const ExistingIndex &existing)
{
    Vector<double> costs = state.costs;
    for (std::size_t slot = 0; slot < slots_.size(); slot++)
        if (slots_[slot].alive && std::binary_search(slots_[slot].relations.begin(), slots_[slot].relations.end(),
                                                     existing.spec.relation))
            costs[slot] = DecisionOf(slot, state.chosen, plans_.Without(slot, state.chosen, existing.oid));
    return costs;
}

State Evaluator::Without(const State &state, const ExistingIndex &existing)
{
    State without;
    without.chosen = state.chosen;
    without.plans = state.plans;
    without.costs = CostsWithout(state, existing);
    Finish(without, CostsWithout(base_, existing));
    return without;
}

double Evaluator::Credited(const State &state, std::size_t statement, const Vector<double> &base) const
{
    double before = 0, after = 0, worst_base = -1, worst_now = 0, worst_weight = 0;
    for (std::size_t i : slots_of_[statement])
    {
        const Slot &slot = slots_[i];
        before += slot.weight * base[i];
        after += slot.weight * state.costs[i];
        if (slot.weight > 0 && base[i] > worst_base)
        {
            worst_base = base[i];
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

bool Evaluator::Violates(const State &state, std::size_t slot, double base) const
{
    const auto dearer = [](double cost, double than) {
        return cost > than * thresholds::kGuardFactor + thresholds::kGuardUnits;
    };
    const bool recorded = workload_[slots_[slot].statement].queryid != 0;
    return dearer(state.costs[slot], base) &&
           (recorded || dearer(state.plans[slot]->cost, base_.plans[slot]->cost));
}

void Evaluator::Finish(State &state, const Vector<double> &base) const
{
    state.violations = 0;
    for (std::size_t i = 0; i < slots_.size(); i++)
        state.violations += Violates(state, i, base[i]);
    state.credited.resize(workload_.size());
    for (std::size_t statement : order_)
        state.credited[statement] = Credited(state, statement, base);
    Sum(state);
}

void Evaluator::FinishFrom(const State &from, State &state, const Vector<std::size_t> &slots) const
{
    state.violations = from.violations;
    for (std::size_t slot : slots)
        state.violations = state.violations - Violates(from, slot) + Violates(state, slot);
    state.credited = from.credited;
    ForEachStatement(slots_, slots, [&](std::size_t statement) {
        state.credited[statement] = Credited(state, statement, base_.costs);
    });
    Sum(state);
}

void Evaluator::Sum(State &state) const
{
    state.allowed = state.violations == 0;
    state.read = 0;
    for (std::size_t statement : order_)
        state.read += state.credited[statement];
    state.objective = state.read + WriteCostOf(state.chosen);
    state.bytes = 0;
    for (std::size_t number : state.chosen)
        state.bytes += candidates_[number].bytes;
}

State Evaluator::Recharged(State state) const
{
    Sum(state);
    return state;
}

std::optional<State> Evaluator::WithoutUnlessMissed(const State &state, const Chosen &numbers, double min_improvement,
                                                    double *least)
{
    if (running_system_) /* a statement that ran once is no reason, however much it loses: all has to be known */
        return ApplyBelow(state, {}, numbers, std::numeric_limits<double>::infinity(), least);
    double noise = 0; /* if more is lost than this, then by some statement more than noise */
    Vector<std::size_t> users;
    for (std::size_t slot : plans_.Affected({}, numbers))
        if (plans_.UsesAny(*state.plans[slot], numbers))
            users.push_back(slot);
    ForEachStatement(slots_, users, [&](std::size_t statement) {
        noise += std::max(thresholds::kHelpsMean * base_.credited[statement],
                          thresholds::kMinGainPerCall * calls_[statement]);
    });
    double write_cost = 0;
    for (std::size_t number : numbers)
        write_cost += candidates_[number].write_cost;
    const double missed =
        std::max({min_improvement * base_.objective, write_cost, noise, thresholds::kMinTotalGain});
    return ApplyBelow(state, {}, numbers, state.objective + missed, least);
}

double Evaluator::PlannerTotal(const Chosen &chosen)
{
    double total = 0;
    for (std::size_t i = 0; i < slots_.size(); i++)
        if (slots_[i].alive)
            total += slots_[i].weight * plans_.Plan(i, chosen).cost;
    return total;
}

double Evaluator::PlannerChange(const Chosen &before, const Chosen &after, const Chosen &changed)
{
    double change = 0;
    for (std::size_t slot : plans_.Affected(changed, {}))
    {
        const double old_cost = plans_.Plan(slot, before).cost;
        change += slots_[slot].weight * (plans_.Plan(slot, after).cost - old_cost);
    }
    return change;
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

Verdict Evaluator::Judge(const State &before, const State &after, double min_improvement) const
{
    const double read_gain = before.read - after.read;
    const double gain = CostOf(before) - CostOf(after);
    if (read_gain > 0 && read_gain - gain > thresholds::kMaxWriteShare * read_gain)
        return Verdict::Upkeep;
    if (!(gain >= thresholds::kMinTotalGain))
        return read_gain > 0 ? Verdict::SmallGain : Verdict::NoHelp;
    double cost_share = 0, time_share = 0;
    bool helps = false, reason = false;
    for (std::size_t statement : order_)
    {
        if (!Helps(before, after, statement))
            continue;
        helps = true;
        reason = reason || IsReason(statement);
        if (after.credited[statement] > before.credited[statement] * (1 - thresholds::kStatementGain))
            continue;
        cost_share += before.credited[statement];
        time_share += workload_[statement].total_time;
    }
    if (!reason)
        return helps ? Verdict::RanOnce : Verdict::NoHelp;
    if (gain >= min_improvement * base_.objective)
        return Verdict::Worth;
    const bool large_part = cost_share >= thresholds::kStatementShare * base_.objective ||
                            (total_time_ > 0 && time_share >= thresholds::kStatementShare * total_time_);
    return min_improvement <= thresholds::kDefaultImprovement && large_part ? Verdict::Worth : Verdict::BelowMinimum;
}

} // namespace pg_advisor
