/*
 * The steps of the index advice, and the figures of its rows.
 *
 * Candidates, what-if pruning, search; then the chosen indexes in the order in which each brings most, so
 * that a reader who stops early keeps the best part, with the exact cost of every growing prefix of the list.
 */
#include "advise/advisor.hpp"

#include "advise/candidates.hpp"
#include "advise/drops.hpp"
#include "advise/search.hpp"
#include "advise/thresholds.hpp"
#include "advise/withheld.hpp"
#include "base/failure.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

Vector<Priced> PriceCandidates(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model,
                               const AdvisorOptions &options)
{
    const WriteCosts writes(workload, catalog);
    Vector<Priced> candidates;
    for (IndexSpec &index : GenerateCandidates(workload, catalog))
    {
        model.CheckInterrupts();
        Priced priced;
        IndexSize size;
        try
        {
            priced.id = model.Add(index);
            size = model.Size(priced.id);
        }
        catch (const Failure &)
        {
            continue; /* the server would refuse to build it */
        }
        priced.bytes = size.bytes;
        if (options.storage_budget && priced.bytes > *options.storage_budget)
            continue;
        priced.write_cost = writes.Of(index, size);
        priced.columns = index.keys.size() + index.include.size();
        priced.index = std::move(index);
        candidates.push_back(std::move(priced));
    }
    return candidates;
}

/* The order in which each brings most, found from the end: again and again the one that is missed least goes. A set
 * in which some query is dearer than it was is no good place to stop. */
Vector<std::size_t> BestFirst(Evaluator &evaluator, const State &final_state)
{
    Vector<std::size_t> order;
    State current = final_state;
    while (!current.chosen.empty())
    {
        evaluator.Model().CheckInterrupts();
        std::optional<State> best;
        std::size_t last = 0;
        for (std::size_t number : current.chosen)
        {
            State without = evaluator.Apply(current, {}, {number});
            if (!best ||
                std::pair(!without.allowed, without.objective) < std::pair(!best->allowed, best->objective))
            {
                best = std::move(without);
                last = number;
            }
        }
        order.insert(order.begin(), last);
        current = std::move(*best);
    }
    return order;
}

void FillHelped(Suggestion &suggestion, Evaluator &evaluator, const State &before, const State &after,
                std::size_t statements)
{
    Vector<std::pair<double, HelpedStatement>> helped;
    for (std::size_t statement = 0; statement < statements; statement++)
    {
        if (!evaluator.Helps(before, after, statement))
            continue;
        HelpedStatement one{statement, evaluator.PlannerMean(statement, before.chosen),
                            evaluator.PlannerMean(statement, after.chosen)};
        const PlanCost *plan = evaluator.Corrected(statement, after.chosen);
        if (plan == nullptr)
            plan = evaluator.Corrected(statement, before.chosen);
        if (plan != nullptr)
        {
            one.expected_rows = plan->expected_rows;
            one.counted_rows = plan->counted_rows;
        }
        helped.push_back({before.credited[statement] - after.credited[statement], one});
    }
    std::stable_sort(helped.begin(), helped.end(),
                     [](const auto &left, const auto &right) { return left.first > right.first; });
    for (const auto &[gain, statement] : helped)
        suggestion.helped.push_back(statement);
}

/* The share of the statement's cost that goes away, by the planner and by the counted rows: the lesser of both. */
double ShareSaved(Evaluator &evaluator, std::size_t statement, const State &before, const State &after)
{
    const double base = evaluator.PlannerMean(statement, {});
    const double fall =
        evaluator.PlannerMean(statement, before.chosen) - evaluator.PlannerMean(statement, after.chosen);
    const double counted_base = base + evaluator.MeanCorrection(statement, {});
    const double counted_fall = fall + evaluator.MeanCorrection(statement, before.chosen) -
                                evaluator.MeanCorrection(statement, after.chosen);
    return base > 0 ? std::min(fall / base, counted_fall / counted_base) : 0;
}

/* Time is taken to be proportional to cost within one statement; each step gets its part of the whole. */
double TimeSaved(Evaluator &evaluator, const Vector<StatementInfo> &workload, const State &before,
                 const State &after)
{
    double saved = 0;
    for (std::size_t statement = 0; statement < workload.size(); statement++)
    {
        if (before.credited[statement] <= after.credited[statement])
            continue;
        saved += std::max(0.0, workload[statement].total_time * ShareSaved(evaluator, statement, before, after));
    }
    return saved;
}

void FillSuggestions(Advice &advice, Evaluator &evaluator, const Vector<StatementInfo> &workload,
                     const State &final_state)
{
    State current = evaluator.Base();
    for (std::size_t number : BestFirst(evaluator, final_state))
    {
        State next = evaluator.Apply(current, {number}, {});
        const Priced &priced = evaluator.Candidates()[number];
        Suggestion suggestion;
        suggestion.index = priced.index;
        suggestion.bytes = priced.bytes;
        suggestion.write_overhead = priced.write_cost;
        suggestion.cost_before = advice.cost_after;
        suggestion.cost_after = evaluator.PlannerTotal(next.chosen);
        if (advice.cost_before > 0)
            suggestion.improvement = (suggestion.cost_before - suggestion.cost_after) / advice.cost_before;
        FillHelped(suggestion, evaluator, current, next, workload.size());
        if (suggestion.helped.empty()) /* an arm of an OR: it pays when its partner is there */
            FillHelped(suggestion, evaluator, evaluator.Apply(final_state, {}, {number}), final_state,
                       workload.size());
        suggestion.time_saved = TimeSaved(evaluator, workload, current, next);
        advice.cost_after = suggestion.cost_after;
        advice.suggestions.push_back(std::move(suggestion));
        current = std::move(next);
    }
}

/* Of the time for searching; what is left over is searched on. */
constexpr double kPruningShare = 0.4;
/* Costs of the final set and figures of its rows, in units of the time that all costs without indexes took, and at
 * least this share of the limit. */
constexpr double kDescribing = 3;
constexpr double kMinDescribingShare = 0.1;

void Report(Evaluator &evaluator, Phase phase, std::size_t candidates)
{
    evaluator.Model().Report({phase, candidates, evaluator.Base().objective, std::nullopt});
}

/* Returns the model's numbers of the suggested indexes. */
Vector<IndexId> SuggestCreations(Advice &advice, Evaluator &evaluator, const Vector<StatementInfo> &workload,
                                 const AdvisorOptions &options, double (*clock_ms)(), double left_ms, double base_ms)
{
    const double describing_ms =
        std::min(left_ms / 2, std::max(kDescribing * base_ms, kMinDescribingShare * options.time_limit_ms));
    CostModel &model = evaluator.Model();
    Deadline pruning(clock_ms, kPruningShare * (left_ms - describing_ms), model);
    Deadline searching(clock_ms, left_ms - describing_ms, model);
    Deadline describing(clock_ms, left_ms - describing_ms / 2, model);

    evaluator.Plans().StopAskingAfter(&searching);
    Report(evaluator, Phase::Pruning, evaluator.Candidates().size());
    const Pool pool = Prune(evaluator, pruning);
    const SearchLimits limits{options.storage_budget, options.max_indexes, options.min_improvement};
    const State final_state = Search(evaluator, pool, limits, searching);
    Report(evaluator, Phase::Describing, final_state.chosen.size());
    evaluator.Plans().StopAskingAfter(&describing);
    FillSuggestions(advice, evaluator, workload, final_state);
    advice.withheld = FindWithheld(evaluator, workload, final_state, options.min_improvement);
    evaluator.Plans().StopAskingAfter(nullptr);
    advice.timed_out = pruning.HasPassed() || searching.HasPassed() || describing.HasPassed();
    Vector<IndexId> created;
    for (std::size_t number : final_state.chosen)
        created.push_back(evaluator.Candidates()[number].id);
    return created;
}

double Now(double (*clock_ms)())
{
    return clock_ms == nullptr ? 0 : clock_ms();
}

} // namespace

Advice SuggestIndexes(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model,
                      const AdvisorOptions &options, double (*clock_ms)())
{
    Advice advice;
    const double started = Now(clock_ms);
    Deadline whole(clock_ms, options.time_limit_ms, model);
    model.Report({Phase::Preparing, 0, std::nullopt, std::nullopt});
    Evaluator evaluator(workload, catalog, model);
    const double base_ms = Now(clock_ms) - started;
    advice.cost_before = advice.cost_after = evaluator.PlannerTotal({});
    evaluator.AddCandidates(PriceCandidates(workload, catalog, model, options));
    Vector<IndexId> created;
    if (!evaluator.Candidates().empty() && (!options.max_indexes || *options.max_indexes > 0))
        created = SuggestCreations(advice, evaluator, workload, options, clock_ms,
                                   options.time_limit_ms - (Now(clock_ms) - started), base_ms);
    Report(evaluator, Phase::Dropping, created.size());
    SuggestDrops(workload, catalog, evaluator, created, whole, &advice);
    advice.timed_out = advice.timed_out || whole.HasPassed();
    return advice;
}

} // namespace pg_advisor
