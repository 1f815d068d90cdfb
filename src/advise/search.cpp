/*
 * The order of the steps of the search, and what they have in common.
 *
 * Measured on published cost tables (44 budgets): greedy per byte alone is at worst 34.6 % above the optimum;
 * three starts and the local search are 0.02 % above it on average and at worst 0.18 %.
 */
#include "advise/search.hpp"

#include "advise/merges.hpp"
#include "advise/prospects.hpp"
#include "advise/search_steps.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace pg_advisor
{

bool SearchContext::Fits(const State &state) const
{
    return (!limits.budget || state.bytes <= *limits.budget) &&
           (!limits.max_indexes || static_cast<double>(state.chosen.size()) <= *limits.max_indexes);
}

void SearchContext::Report(const State &state) const
{
    if (evaluator.Plans().Guessing())
        return;
    evaluator.Model().Report(
        {Phase::Searching, pool.numbers.size(), evaluator.Base().objective, evaluator.CostOf(state)});
}

double SearchContext::BetterThan(const State &state)
{
    return state.objective - thresholds::kMinProgress * std::max(1.0, state.objective);
}

bool SearchContext::Better(const State &state, const State &than) const
{
    return state.allowed && Fits(state) && state.objective < BetterThan(than);
}

void SearchContext::Resolve(const State &from, const Chosen &added, const Chosen &removed, Chosen *fresh,
                            Chosen *gone) const
{
    *gone = removed;
    for (std::size_t number : added)
    {
        if (std::binary_search(from.chosen.begin(), from.chosen.end(), number))
            continue;
        fresh->push_back(number);
        for (std::size_t other : from.chosen)
        {
            if (std::find(removed.begin(), removed.end(), other) != removed.end())
                continue;
            if (IsPrefixOf(Candidate(number).index, Candidate(other).index))
                return fresh->clear();
            if (IsPrefixOf(Candidate(other).index, Candidate(number).index))
                gone->push_back(other);
        }
    }
    for (std::size_t number : *fresh)
        for (std::size_t other : *fresh)
            if (number != other && IsPrefixOf(Candidate(number).index, Candidate(other).index))
                return fresh->clear();
}

std::optional<State> SearchContext::Add(const State &from, const Chosen &added, const Chosen &removed) const
{
    Chosen fresh, gone;
    Resolve(from, added, removed, &fresh, &gone);
    if (fresh.empty())
        return std::nullopt;
    return evaluator.Apply(from, fresh, gone);
}

std::optional<State> SearchContext::AddBelow(const State &from, const Chosen &added, const Chosen &removed,
                                             double bound, double *least) const
{
    Chosen fresh, gone;
    Resolve(from, added, removed, &fresh, &gone);
    *least = std::numeric_limits<double>::infinity();
    if (fresh.empty())
        return std::nullopt;
    return evaluator.ApplyBelow(from, fresh, gone, bound, least);
}

std::optional<std::size_t> SearchContext::Merge(std::size_t first, std::size_t second) const
{
    const auto table = evaluator.Tables().find(Candidate(first).index.relation);
    if (table == evaluator.Tables().end())
        return std::nullopt;
    std::optional<IndexSpec> merged = Merged(Candidate(first).index, Candidate(second).index, table->second);
    return merged ? evaluator.NumberOf(std::move(*merged)) : std::nullopt;
}

namespace
{

/* Those of the set that the plans of forbidden slots use; all if there are none. */
Chosen Culprits(const SearchContext &context, const State &state)
{
    Evaluator &evaluator = context.evaluator;
    Set<IndexId> used;
    for (std::size_t slot = 0; slot < evaluator.Slots().size(); slot++)
        if (evaluator.Violates(state, slot))
        {
            const Vector<IndexId> &ids = state.plans[slot]->used;
            used.insert(ids.begin(), ids.end());
        }
    Chosen culprits;
    for (std::size_t number : state.chosen)
        if (used.contains(context.Candidate(number).id))
            culprits.push_back(number);
    return culprits.empty() ? state.chosen : culprits;
}

} // namespace

State Repair(const SearchContext &context, State state)
{
    while (!state.allowed && !state.chosen.empty())
    {
        context.evaluator.Model().CheckInterrupts();
        std::optional<State> best;
        for (std::size_t number : Culprits(context, state))
        {
            State without = context.evaluator.Apply(state, {}, {number});
            if (!best ||
                std::pair(without.violations, without.objective) < std::pair(best->violations, best->objective))
                best = std::move(without);
        }
        state = std::move(*best);
    }
    return state;
}

namespace
{

/* What the narrow view of the search has overlooked: a query that an index makes dearer though it did nothing for
 * it alone. */
State KeepToGuard(const SearchContext &context, State state)
{
    while (!state.allowed && !state.chosen.empty())
        state = context.evaluator.Exact(Repair(context, std::move(state)).chosen);
    return state;
}

/* The least that an index has to bring: see Evaluator::Judge. */
double LeastWorth(const SearchContext &context)
{
    const double whole = context.evaluator.Base().objective;
    const double wanted = context.limits.min_improvement;
    if (wanted > thresholds::kDefaultImprovement)
        return whole * wanted;
    return whole * std::min(wanted, thresholds::kStatementShare * thresholds::kStatementGain);
}

/* Whether the cleanup has taken the INCLUDE columns away from an index of `before`, so that this one is left. */
bool HasLostColumns(const SearchContext &context, const State &before, std::size_t number)
{
    const IndexSpec &index = context.Candidate(number).index;
    return std::any_of(before.chosen.begin(), before.chosen.end(), [&](std::size_t other) {
        const IndexSpec &wider = context.Candidate(other).index;
        return index.include.empty() && !wider.include.empty() && index.relation == wider.relation &&
               index.keys == wider.keys && index.predicate == wider.predicate;
    });
}

/* An index that won by columns which were not worth their place is compared with what it won against. */
State Reconsider(const SearchContext &context, const State &before, State state)
{
    for (std::size_t out : state.chosen)
    {
        if (!HasLostColumns(context, before, out))
            continue;
        std::optional<State> best;
        for (std::size_t in : context.pool.numbers)
        {
            const IndexSpec &index = context.Candidate(in).index;
            if (!index.include.empty() || index.relation != context.Candidate(out).index.relation ||
                context.deadline.Passed())
                continue;
            double least;
            std::optional<State> next =
                context.AddBelow(state, {in}, {out}, SearchContext::BetterThan(best ? *best : state), &least);
            if (next && next->allowed && context.Fits(*next))
                best = std::move(next);
        }
        if (!best)
            continue;
        State cleaned = Cleanup(context, std::move(*best));
        if (context.Better(cleaned, state))
            return cleaned;
    }
    return state;
}

/* To the local search each index of a set costs `charge`. */
State SearchFrom(const SearchContext &context, double charge, State start)
{
    Evaluator &evaluator = context.evaluator;
    start = Cleanup(context, std::move(start));
    evaluator.ChargeEach(charge);
    State state = LocalSearch(context, evaluator.Recharged(std::move(start)));
    evaluator.ChargeEach(0);
    state = evaluator.Recharged(std::move(state));
    return Reconsider(context, state, Cleanup(context, state));
}

/* From all starts, and then from those that the best set found leads to. */
void SearchFromAll(const SearchContext &context, double charge, const Vector<State> &starts, State *best)
{
    Set<Chosen> known;
    /* True if the set was not known and led to a better one. */
    const auto improve = [&](State start) {
        if (!known.insert(start.chosen).second)
            return false;
        State state = SearchFrom(context, charge, std::move(start));
        known.insert(state.chosen);
        if (!context.Better(state, *best))
            return false;
        *best = std::move(state);
        return true;
    };
    for (const State &start : starts) /* past the deadline, too: what was made of one may be better than another */
        improve(start);
    /* what the cleanup freed may hold something else */
    while (!context.deadline.HasPassed() && improve(Greedy(context, *best, 1.0)))
        ;
    if (!context.Limited())
        return;
    for (const Chosen &opening : Openings(context, *best))
    {
        if (context.deadline.HasPassed())
            return;
        State opened = Greedy(context, context.evaluator.Of(opening), 1.0);
        if (opened.objective < thresholds::kHopefulOpening * best->objective)
            improve(std::move(opened));
    }
}

/* A local search that does not know what an index has to bring fills the set with small gains, of which the cleanup leaves
 * less than could have been had without them. Under limits it sometimes finds a way that the other does not. */
State SearchNarrow(const SearchContext &context)
{
    State best = context.evaluator.Base();
    const Vector<State> starts = Starts(context);
    SearchFromAll(context, LeastWorth(context), starts, &best);
    if (context.Limited() && LeastWorth(context) > 0 && !context.deadline.HasPassed())
        SearchFromAll(context, 0, starts, &best);
    return best;
}

} // namespace

State Search(Evaluator &evaluator, const Pool &pool, const SearchLimits &limits, Deadline &deadline,
             Deadline &checking)
{
    PlanTable &plans = evaluator.Plans();
    plans.StopAskingAfter(&deadline);
    plans.Narrow();
    const Pool promising = WithProspects(evaluator, pool, limits.min_improvement);
    const SearchContext context{evaluator, promising, limits, deadline};
    evaluator.Model().Report({Phase::Searching, promising.numbers.size(), evaluator.Base().objective, std::nullopt});
    const Chosen found = SearchNarrow(context).chosen;
    plans.Widen();
    plans.StopAskingAfter(&checking);
    evaluator.Model().Report({Phase::Checking, found.size(), evaluator.Base().objective, std::nullopt});
    State state = KeepToGuard(context, evaluator.Exact(found));
    plans.StopAskingAfter(nullptr);
    return state;
}

State Settle(Evaluator &evaluator, State state, const SearchLimits &limits, Deadline &deadline)
{
    const Pool none;
    const SearchContext context{evaluator, none, limits, deadline};
    evaluator.Plans().StopAskingAfter(&deadline);
    DropByStake(context, state);
    while (DropWhatIsNotWorthIt(context, state))
        ;
    evaluator.Plans().StopAskingAfter(nullptr);
    return state;
}

State Confirm(Evaluator &evaluator, const SearchLimits &limits, Deadline &deadline)
{
    Pool all;
    for (std::size_t number = 0; number < evaluator.Candidates().size(); number++)
        all.numbers.push_back(number);
    const SearchContext context{evaluator, all, limits, deadline};
    evaluator.Plans().StopAskingAfter(&deadline);
    evaluator.Model().Report({Phase::Checking, all.numbers.size(), evaluator.Base().objective, std::nullopt});
    State state = Cleanup(context, KeepToGuard(context, evaluator.Exact(all.numbers)));
    evaluator.Plans().StopAskingAfter(nullptr);
    return state;
}

} // namespace pg_advisor
