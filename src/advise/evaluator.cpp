/*
 * Costs of index sets, statement by statement.
 *
 * The objective is a function of the set alone, not of the way to it: a statement is credited with its new
 * cost only if it is helped by more than noise, and always with a loss.
 */
#include "advise/evaluator.hpp"

#include "advise/candidates.hpp"
#include "advise/thresholds.hpp"
#include "base/failure.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kRecentAnswers = 24;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double LeadingCorrelation(const Catalog &catalog, const IndexSpec &index)
{
    const auto table = catalog.find(index.relation);
    if (table == catalog.end() || index.keys.empty())
        return 0;
    const ColumnInfo *column = table->second.Column(index.keys.front().column);
    return column == nullptr ? 0 : std::abs(column->correlation);
}

/* Share of the rows that the query's ranges on the index's key leave, by the planner. */
double SelectivityOf(const QueryFacts &facts, const IndexSpec &index)
{
    double selectivity = 1;
    for (const RelationFacts &relation : facts.relations)
        for (const ClauseFact &clause : relation.clauses)
            if (relation.relation == index.relation && clause.kind == ClauseKind::Range && clause.outer == 0 &&
                clause.key.SameColumn(index.keys.front()))
                selectivity = std::min(selectivity, clause.selectivity);
    return selectivity;
}

/* What cost_bitmap_heap_scan charges too much for the pages a BRIN index leads to. It takes them to be scattered,
 * from the random cost of a page to the sequential one by the square root of their share, but whole ranges of
 * neighbours are read. */
double BrinOvercharge(const QueryFacts &facts, const IndexSpec &index, const TableInfo &table, double scattered)
{
    const double ranges = std::ceil(table.pages / thresholds::kPagesPerRange);
    const double pages =
        std::min(table.pages, std::ceil(ranges * SelectivityOf(facts, index)) * thresholds::kPagesPerRange);
    return scattered * pages * (1 - std::sqrt(pages / table.pages));
}

} // namespace

double DecisionCost(const PlanCost &plan, double table_pages, double correlation)
{
    const double excess = std::max(0.0, plan.heap_fetches - table_pages);
    return plan.cost + excess * thresholds::kExcessFetchCost * (1 - correlation * correlation);
}

Evaluator::Evaluator(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model)
    : workload_(workload), catalog_(catalog), model_(model), slots_of_(workload.size()), calls_(workload.size())
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
            Slot slot;
            slot.statement = number;
            slot.query = statement.queries[i];
            slot.weight = i < statement.weights.size()
                              ? statement.weights[i]
                              : statement.calls / static_cast<double>(statement.queries.size());
            if (i < statement.facts.size())
                slot.facts = &statement.facts[i];
            Set<Oid32> relations;
            if (slot.facts != nullptr)
                for (const RelationFacts &relation : slot.facts->relations)
                    relations.insert(relation.relation);
            for (Oid32 relation : relations)
            {
                slot.relations.push_back(relation);
                const auto table = catalog.find(relation);
                slot.pages += table == catalog.end() ? 0 : table->second.pages;
            }
            slots_of_[number].push_back(slots_.size());
            slots_.push_back(std::move(slot));
        }
    }
    plans_.resize(slots_.size());
    base_.costs.resize(slots_.size());
    for (std::size_t i = 0; i < slots_.size(); i++)
    {
        model_.CheckInterrupts();
        Slot &slot = slots_[i];
        slot.base = Decision(i, {});
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
    for (auto &plans : plans_)
        std::erase_if(plans, [](const auto &entry) { return !entry.first.empty(); });
    recent_.assign(slots_.size(), {});
    usable_.assign(slots_.size(), Vector<bool>(candidates_.size()));
    for (std::size_t i = 0; i < slots_.size(); i++)
        for (std::size_t number = 0; slots_[i].facts != nullptr && number < candidates_.size(); number++)
            usable_[i][number] = MayUse(*slots_[i].facts, candidates_[number].index);
}

Chosen Evaluator::Relevant(std::size_t slot, const Chosen &chosen) const
{
    Chosen relevant;
    for (std::size_t number : chosen)
        if (usable_[slot][number])
            relevant.push_back(number);
    return relevant;
}

const PlanCost *Evaluator::FromLargerSet(std::size_t slot, const Chosen &relevant) const
{
    for (const Answer *answer : recent_[slot])
    {
        const auto &[larger, plan] = *answer;
        if (!std::includes(larger.begin(), larger.end(), relevant.begin(), relevant.end()))
            continue;
        const bool uses_only_these = std::all_of(plan.used.begin(), plan.used.end(), [&](IndexId id) {
            return std::any_of(relevant.begin(), relevant.end(),
                               [&](std::size_t number) { return candidates_[number].id == id; });
        });
        if (uses_only_these && std::isfinite(plan.cost))
            return &plan;
    }
    return nullptr;
}

const PlanCost &Evaluator::Ask(std::size_t slot, Chosen relevant)
{
    PlanCost plan;
    Configuration configuration;
    for (std::size_t number : relevant)
        configuration.created.push_back(candidates_[number].id);
    std::sort(configuration.created.begin(), configuration.created.end());
    try
    {
        plan = model_.Cost(slots_[slot].query, configuration);
    }
    catch (const Failure &)
    {
        plan.cost = kInfinity; /* the guard rejects the set; without new indexes the query is left out */
    }
    const Answer &answer = *plans_[slot].emplace(std::move(relevant), std::move(plan)).first;
    if (!answer.first.empty())
    {
        auto &recent = recent_[slot];
        if (recent.size() == kRecentAnswers)
            recent.erase(recent.begin() + 1); /* the first one saw all candidates at once: it stays */
        recent.push_back(&answer);
    }
    return answer.second;
}

const PlanCost &Evaluator::Plan(std::size_t slot, const Chosen &chosen)
{
    Chosen relevant = Relevant(slot, chosen);
    const auto found = plans_[slot].find(relevant);
    if (found != plans_[slot].end())
        return found->second;
    if (const PlanCost *known = relevant.empty() ? nullptr : FromLargerSet(slot, relevant))
        return *known;
    return Ask(slot, std::move(relevant));
}

const PlanCost &Evaluator::Exact(std::size_t slot, const Chosen &chosen)
{
    Chosen relevant = Relevant(slot, chosen);
    const auto found = plans_[slot].find(relevant);
    return found != plans_[slot].end() ? found->second : Ask(slot, std::move(relevant));
}

double Evaluator::Overcharge(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const
{
    double sum = 0;
    for (std::size_t number : chosen)
    {
        const Priced &candidate = candidates_[number];
        if (candidate.index.access_method != "brin" || slots_[slot].facts == nullptr ||
            std::find(plan.used.begin(), plan.used.end(), candidate.id) == plan.used.end())
            continue;
        if (const auto table = catalog_.find(candidate.index.relation); table != catalog_.end())
            sum += BrinOvercharge(*slots_[slot].facts, candidate.index, table->second, model_.ScatteredPageCost());
    }
    return std::min(sum, plan.cost / 2);
}

double Evaluator::Decision(std::size_t slot, const Chosen &chosen)
{
    const PlanCost &plan = Plan(slot, chosen);
    if (const double overcharge = Overcharge(slot, chosen, plan); overcharge > 0)
        return plan.cost - overcharge;
    if (plan.heap_fetches <= slots_[slot].pages)
        return plan.cost;
    double correlation = 1;
    bool any = false;
    for (std::size_t number : chosen)
        if (std::find(plan.used.begin(), plan.used.end(), candidates_[number].id) != plan.used.end())
        {
            correlation = std::min(correlation, LeadingCorrelation(catalog_, candidates_[number].index));
            any = true;
        }
    for (Oid32 relation : slots_[slot].relations)
    {
        const auto table = catalog_.find(relation);
        if (table == catalog_.end())
            continue;
        for (const ExistingIndex &existing : table->second.indexes)
            if (std::find(plan.used_existing.begin(), plan.used_existing.end(), existing.oid) !=
                plan.used_existing.end())
            {
                correlation = std::min(correlation, LeadingCorrelation(catalog_, existing.spec));
                any = true;
            }
    }
    return DecisionCost(plan, slots_[slot].pages, any ? correlation : 0);
}

State Evaluator::Apply(const State &from, const Chosen &added, const Chosen &removed)
{
    State state;
    Set<std::size_t> numbers(from.chosen.begin(), from.chosen.end());
    Set<Oid32> touched;
    for (std::size_t number : removed)
        if (numbers.erase(number) != 0)
            touched.insert(candidates_[number].index.relation);
    for (std::size_t number : added)
        if (numbers.insert(number).second)
            touched.insert(candidates_[number].index.relation);
    state.chosen.assign(numbers.begin(), numbers.end());
    state.costs = from.costs;
    for (std::size_t i = 0; i < slots_.size(); i++)
    {
        const Slot &slot = slots_[i];
        const bool affected = slot.alive && std::any_of(slot.relations.begin(), slot.relations.end(),
                                                        [&](Oid32 relation) { return touched.contains(relation); });
        if (affected)
            state.costs[i] = Decision(i, state.chosen);
    }
    Finish(state);
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
            total += slots_[i].weight * Exact(i, chosen).cost;
    return total;
}

double Evaluator::PlannerMean(std::size_t statement, const Chosen &chosen)
{
    double total = 0;
    for (std::size_t i : slots_of_[statement])
        if (slots_[i].alive)
            total += slots_[i].weight * Exact(i, chosen).cost;
    return calls_[statement] > 0 ? total / calls_[statement] : 0;
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
