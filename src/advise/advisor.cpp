/*
 * The steps of the index advice, and the figures of its rows.
 *
 * Candidates, what-if pruning, search; then the chosen indexes in the order in which each brings most, so
 * that a reader who stops early keeps the best part, with the exact cost of every growing prefix of the list.
 */
#include "advise/advisor.hpp"

#include "advise/candidates.hpp"
#include "advise/compress.hpp"
#include "advise/drops.hpp"
#include "advise/least_first.hpp"
#include "advise/pricing.hpp"
#include "advise/random_sets.hpp"
#include "advise/rejected.hpp"
#include "advise/search.hpp"
#include "advise/thresholds.hpp"
#include "advise/withheld.hpp"

#include <algorithm>
#include <tuple>

namespace pg_advisor
{
namespace
{

/* Candidates of `reading`, which may stand for the whole workload, priced for the writes of all. */
Vector<Priced> PriceCandidates(const Vector<StatementInfo> &reading, const Vector<StatementInfo> &workload,
                               const Catalog &catalog, CostModel &model, const AdvisorOptions &options,
                               Deadline &deadline, Vector<Priced> *too_large)
{
    const Pricer pricer(workload, catalog, model);
    Vector<Priced> candidates;
    for (IndexSpec &index : GenerateCandidates(reading, catalog))
    {
        if (deadline.Passed())
            break;
        std::optional<Priced> priced = pricer.Price(std::move(index));
        if (!priced)
            continue;
        const bool fits = !options.storage_budget || priced->bytes <= *options.storage_budget;
        (fits ? candidates : *too_large).push_back(std::move(*priced));
    }
    return candidates;
}

/* How much an index is missed: that some query is dearer than it was without any makes a set no good place to stop. */
struct Missed
{
    bool forbidden = false;
    double objective = 0;
    std::size_t number = 0;

    bool operator<(const Missed &other) const
    {
        return std::tie(forbidden, objective, number) < std::tie(other.forbidden, other.objective, other.number);
    }
};

/* The order in which each brings most, found from the end: again and again the one that is missed least goes. */
Vector<std::size_t> BestFirst(Evaluator &evaluator, const State &final_state, Deadline &deadline)
{
    Vector<std::size_t> order;
    State current = final_state;
    State without;
    const auto look = [&](std::size_t number) {
        without = evaluator.Apply(current, {}, {number});
        return Missed{!without.allowed, without.objective - current.objective, number};
    };
    LeastFirst<Missed> missed;
    for (std::size_t number : current.chosen)
        missed.Add(look(number));
    while (const std::optional<Missed> least =
               missed.Take([&](const Missed &one) { return deadline.Passed() ? one : look(one.number); }))
    {
        order.push_back(least->number);
        if (!deadline.HasPassed())
            std::swap(current, without);
    }
    std::reverse(order.begin(), order.end());
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
        HelpedStatement one;
        one.statement = statement;
        one.cost_before = evaluator.PlannerMean(statement, before.chosen);
        one.cost_after = evaluator.PlannerMean(statement, after.chosen);
        const PlanCost *plan = evaluator.Corrected(statement, after.chosen);
        if (plan == nullptr)
            plan = evaluator.Corrected(statement, before.chosen);
        if (plan != nullptr)
        {
            one.doubt = plan->doubt;
            one.corrected_before = one.cost_before + evaluator.MeanCorrection(statement, before.chosen);
            one.corrected_after = one.cost_after + evaluator.MeanCorrection(statement, after.chosen);
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
        if (workload[statement].total_time <= 0 || before.credited[statement] <= after.credited[statement])
            continue;
        saved += std::max(0.0, workload[statement].total_time * ShareSaved(evaluator, statement, before, after));
    }
    return saved;
}

void FillSuggestions(Advice &advice, Evaluator &evaluator, const Vector<StatementInfo> &workload,
                     const State &final_state, Deadline &deadline)
{
    State current = evaluator.Base();
    for (std::size_t number : BestFirst(evaluator, final_state, deadline))
    {
        State next = evaluator.Apply(current, {number}, {});
        const Priced &priced = evaluator.Candidates()[number];
        Suggestion suggestion;
        suggestion.index = priced.index;
        suggestion.bytes = priced.bytes;
        suggestion.write_overhead = priced.write_cost + priced.replaced_write_cost;
        suggestion.cost_before = advice.cost_after;
        suggestion.cost_after =
            suggestion.cost_before + evaluator.PlannerChange(current.chosen, next.chosen, {number});
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
/* The final set and the figures of its rows, in units of the time that all costs without indexes took, and at
 * least this share of the limit. */
constexpr double kDescribing = 2;
constexpr double kMinDescribingShare = 0.12;

double Now(double (*clock_ms)())
{
    return clock_ms == nullptr ? 0 : clock_ms();
}

void Report(Evaluator &evaluator, Phase phase, std::size_t candidates)
{
    evaluator.Model().Report({phase, candidates, evaluator.Base().objective, std::nullopt});
}

/* One run of the advice: what its steps share. */
class Advising
{
  public:
    Advising(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model,
             const AdvisorOptions &options, double (*clock_ms)())
        : workload_(workload), catalog_(catalog), options_(options), clock_ms_(clock_ms), started_(Now(clock_ms)),
          model_(model), whole_limit_(clock_ms, options.time_limit_ms, model), evaluator_(workload, catalog, model),
          base_ms_(std::max(Now(clock_ms) - started_, options.pricing_ms))
    {
        advice_.cost_before = advice_.cost_after = evaluator_.PlannerTotal({});
    }

    Advice Run()
    {
        if (!options_.max_indexes || *options_.max_indexes > 0)
            SuggestCreations();
        /* the suggested indexes, and the existing ones that they replace */
        const Configuration suggested = evaluator_.Plans().ConfigurationOf(considered_.chosen);
        Report(evaluator_, Phase::Dropping, suggested.created.size());
        SuggestDrops(workload_, catalog_, evaluator_, suggested, options_.observation, whole_limit_, &advice_);
        advice_.timed_out = advice_.timed_out || whole_limit_.HasPassed();
        advice_.not_analyzed = FindNotAnalyzed(workload_, catalog_);
        if (options_.explain_rejected)
        {
            Deadline explaining(clock_ms_, options_.time_limit_ms / 2, model_);
            Report(evaluator_, Phase::Describing, considered_.chosen.size());
            advice_.rejected =
                ExplainRejections(workload_, catalog_, evaluator_, options_, considered_, advice_, explaining);
        }
        return std::move(advice_);
    }

  private:
    void SuggestCreations()
    {
        const bool part = workload_.size() > options_.max_searched;
        const double left_ms = options_.time_limit_ms - (Now(clock_ms_) - started_);
        const double describing_ms = std::min(
            left_ms / 2, std::max((part ? 2 : 1) * kDescribing * base_ms_, kMinDescribingShare * options_.time_limit_ms));
        Deadline pruning(clock_ms_, kPruningShare * (left_ms - describing_ms), model_);
        Deadline searching(clock_ms_, left_ms - describing_ms, model_);
        Deadline describing(clock_ms_, left_ms - describing_ms / 2, model_);
        Deadline checking(clock_ms_, left_ms, model_);
        const State found = Settle(evaluator_,
                                   part ? SearchPart(pruning, searching, checking)
                                        : SearchIn(evaluator_, workload_, pruning, searching, checking),
                                   Limits(), describing);
        evaluator_.Plans().StopAskingAfter(&describing);
        Report(evaluator_, Phase::Describing, found.chosen.size());
        FillSuggestions(advice_, evaluator_, workload_, found, describing);
        if (!part)
            advice_.withheld = FindWithheld(evaluator_, workload_, found, options_.min_improvement);
        evaluator_.Plans().StopAskingAfter(nullptr);
        advice_.timed_out = pruning.HasPassed() || searching.HasPassed() || describing.HasPassed() ||
                            checking.HasPassed();
        considered_.chosen = found.chosen;
    }

    SearchLimits Limits() const { return {options_.storage_budget, options_.max_indexes, options_.min_improvement}; }

    State SearchIn(Evaluator &evaluator, const Vector<StatementInfo> &statements, Deadline &pruning,
                   Deadline &searching, Deadline &checking)
    {
        evaluator.AddCandidates(PriceCandidates(statements, workload_, catalog_, model_, options_, pruning,
                                                &considered_.too_large));
        if (evaluator.Candidates().empty())
            return evaluator.Base();
        advice_.random_sets = AskRandomSets(evaluator, options_.random_sets);
        evaluator.Plans().StopAskingAfter(&searching);
        Report(evaluator, Phase::Pruning, evaluator.Candidates().size());
        const Pool pool = Prune(evaluator, options_.min_improvement, pruning);
        if (&evaluator == &evaluator_)
            considered_.gains = pool.gains;
        return Search(evaluator, pool, Limits(), searching, checking);
    }

    /* Searches with some statements in place of all, and asks all about the result. */
    State SearchPart(Deadline &pruning, Deadline &searching, Deadline &checking)
    {
        const Compressed part = Compress(workload_, evaluator_.Base().credited, options_.max_searched, pruning);
        Evaluator evaluator(part.statements, catalog_, model_);
        const State found = SearchIn(evaluator, part.statements, pruning, searching, searching);
        /* the candidates end with their evaluator */
        advice_.withheld = FindWithheld(evaluator, part.statements, found, options_.min_improvement);
        for (Withheld &withheld : advice_.withheld)
            withheld.statement = part.origins[withheld.statement];
        Vector<Priced> candidates;
        for (std::size_t number : found.chosen)
            candidates.push_back(evaluator.Candidates()[number]);
        evaluator_.AddCandidates(std::move(candidates));
        return Confirm(evaluator_, Limits(), checking);
    }

    const Vector<StatementInfo> &workload_;
    const Catalog &catalog_;
    const AdvisorOptions &options_;
    double (*clock_ms_)();
    const double started_;
    CostModel &model_;
    Deadline whole_limit_;
    Evaluator evaluator_;
    const double base_ms_;
    Advice advice_;
    Considered considered_;
};

} // namespace

Advice SuggestIndexes(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model,
                      const AdvisorOptions &options, double (*clock_ms)())
{
    model.Report({Phase::Preparing, 0, std::nullopt, std::nullopt});
    return Advising(workload, catalog, model, options, clock_ms).Run();
}

} // namespace pg_advisor
