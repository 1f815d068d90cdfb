/*
 * The last step of the search: the smallest set that does the job.
 *
 * Drops what is not worth its place when everything else is there, and replaces an index by a simpler one
 * where the loss is negligible: a prefix, the same without INCLUDE, a partial one, one merged from two.
 */
#include "advise/redundancy.hpp"
#include "advise/search_steps.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <tuple>

namespace pg_advisor
{
namespace
{

struct Loss
{
    double loss = 0;
    double bytes = 0;
    std::size_t number = 0;

    bool operator<(const Loss &other) const
    {
        return std::tie(loss, other.bytes, number) < std::tie(other.loss, bytes, other.number);
    }
};

/* None between two sets of which neither can be planned. */
double LossBetween(const State &state, const State &without)
{
    return without.objective == state.objective ? 0 : without.objective - state.objective;
}

/* The one with the least loss goes first: of two that can stand in for each other one has to stay. Losses grow while
 * others go, so that only the least one has to be looked at again. */
bool DropWhatIsNotWorthIt(const SearchContext &context, State &state)
{
    Set<Loss> losses;
    for (std::size_t number : state.chosen)
    {
        const State without = context.evaluator.Apply(state, {}, {number});
        losses.insert({LossBetween(state, without), context.Candidate(number).bytes, number});
    }
    bool dropped = false;
    while (!losses.empty())
    {
        context.evaluator.Model().CheckInterrupts();
        Loss least = *losses.begin();
        losses.erase(losses.begin());
        State without = context.evaluator.Apply(state, {}, {least.number});
        least.loss = LossBetween(state, without);
        if (!losses.empty() && *losses.begin() < least)
        {
            losses.insert(least);
            continue;
        }
        if (!without.allowed || context.evaluator.Worth(without, state, context.limits.min_improvement))
            continue;
        state = std::move(without);
        dropped = true;
    }
    return dropped;
}

/* Fewer columns, then smaller, then the canonical order; or much smaller. */
bool Simpler(const Priced &left, std::size_t left_number, const Priced &right, std::size_t right_number)
{
    if (left.columns <= right.columns && left.bytes < 0.7 * right.bytes)
        return true;
    return left.bytes <= 1.05 * right.bytes && std::tie(left.columns, left.bytes, left_number) <
                                                   std::tie(right.columns, right.bytes, right_number);
}

/* INCLUDE columns have to earn the bytes they add. */
bool IncludeIsWorthIt(double bytes, double bytes_without, double gain, double loss)
{
    const double gain_without = gain - loss;
    if (gain_without <= 0)
        return true;
    const double growth = (bytes - bytes_without) / std::max(8192.0, bytes_without);
    return loss / gain_without >=
           std::max(thresholds::kIncludeMinGain, thresholds::kIncludeGainPerGrowth * growth);
}

/* No statement gets noticeably dearer, and next to nothing of the gain is lost. */
bool Negligible(const SearchContext &context, const State &before, const State &after, double gain, double factor = 1)
{
    if (after.objective - before.objective > factor * thresholds::kNegligibleLoss * gain)
        return false;
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
    {
        const double calls = context.evaluator.TotalCalls(statement);
        const double old_cost = before.credited[statement], new_cost = after.credited[statement];
        if (new_cost > old_cost * (1 + factor * thresholds::kNegligibleRise) +
                           factor * thresholds::kNegligibleUnits * calls)
            return false;
    }
    return true;
}

/* No statement gives up more than this share of its gain. */
bool LosesAtMost(double share, const State &without, const State &before, const State &after)
{
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
    {
        const double gain = without.credited[statement] - before.credited[statement];
        const double loss = after.credited[statement] - before.credited[statement];
        if (loss > share * std::max(gain, 0.0))
            return false;
    }
    return true;
}

/* No statement takes more than so many times what it took. */
bool RisesAtMost(double factor, const State &before, const State &after)
{
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
        if (after.credited[statement] > factor * before.credited[statement])
            return false;
    return true;
}

/* For an index that is much smaller each statement may give up a little of its gain. */
bool SmallLossForSize(double bytes_share, const State &without, const State &before, const State &after,
                      double factor = 1)
{
    if (bytes_share > thresholds::kTiny)
        return LosesAtMost(factor * thresholds::kLossForSize, without, before, after);
    return RisesAtMost(thresholds::kRiseForTiny, before, after) &&
           LosesAtMost(thresholds::kLossForTiny, without, before, after);
}

/* The longest existing index that the candidate begins with, or null. */
const ExistingIndex *Refined(const SearchContext &context, const IndexSpec &index)
{
    const ExistingIndex *longest = nullptr;
    const auto table = context.evaluator.Tables().find(index.relation);
    if (table == context.evaluator.Tables().end())
        return nullptr;
    for (const ExistingIndex &existing : table->second.indexes)
        if (BeginsWith(index, existing) &&
            (longest == nullptr || existing.spec.keys.size() > longest->spec.keys.size()))
            longest = &existing;
    return longest;
}

/* Whether `in` may stand in the place of `out`; `without` is the state without either. */
bool MayShrink(const SearchContext &context, std::size_t out, std::size_t in, const State &without, const State &before,
               const State &after)
{
    const Priced &old_index = context.Candidate(out), &new_index = context.Candidate(in);
    const double gain = without.objective - before.objective;
    if (Negligible(context, before, after, gain))
        return true;
    if (context.limits.budget) /* whoever sets one wants it spent */
        return false;
    const double bytes_share = new_index.bytes / old_index.bytes;
    const bool less_include = new_index.index.access_method == old_index.index.access_method &&
                              new_index.index.keys == old_index.index.keys &&
                              new_index.index.predicate == old_index.index.predicate &&
                              new_index.index.include.size() < old_index.index.include.size();
    return (bytes_share <= thresholds::kMuchSmaller && SmallLossForSize(bytes_share, without, before, after)) ||
           (less_include &&
            !IncludeIsWorthIt(old_index.bytes, new_index.bytes, gain, after.objective - before.objective));
}

/* Replaces one index by the simplest one that loses next to nothing. What it refines is left out of the comparison,
 * else a second question would find worth it what the first one, when that did not exist, did not. */
bool ShrinkOne(const SearchContext &context, State &state)
{
    for (std::size_t out : state.chosen)
    {
        const Priced &old_index = context.Candidate(out);
        const ExistingIndex *refined = Refined(context, old_index.index);
        const auto judged = [&](const State &set) {
            return refined == nullptr ? set : context.evaluator.Without(set, *refined);
        };
        const State without = judged(context.evaluator.Apply(state, {}, {out}));
        const State before = judged(state);
        std::optional<State> best;
        std::size_t best_number = 0;
        for (std::size_t in : context.pool.numbers)
        {
            const Priced &new_index = context.Candidate(in);
            if (in == out || new_index.index.relation != old_index.index.relation ||
                !Simpler(new_index, in, old_index, out) || context.deadline.Passed())
                continue;
            if (best && !Simpler(new_index, in, context.Candidate(best_number), best_number))
                continue;
            std::optional<State> next = context.Add(state, {in}, {out});
            if (!next || !next->allowed || !context.Fits(*next) ||
                !MayShrink(context, out, in, without, before, judged(*next)))
                continue;
            best = std::move(next);
            best_number = in;
        }
        if (best)
        {
            state = std::move(*best);
            return true;
        }
    }
    return false;
}

/* Whether the new one would be no more than a refinement of the existing one. */
bool Refines(const Priced &candidate, const ExistingIndex &existing)
{
    return existing.valid && existing.spec.keys.size() <= candidate.index.keys.size() &&
           existing.spec.keys.size() + existing.spec.include.size() <= candidate.columns &&
           existing.bytes <= 1.05 * candidate.bytes;
}

/* Whether next to what the existing index gains by itself the rest is much, or further keys make a statement much
 * cheaper. INCLUDE columns do that easily once little is left, which is no reason for them. */
bool RefinementIsWorthIt(const Priced &candidate, const State &without, const State &before, const State &next)
{
    const double gain_without = without.objective - next.objective;
    if (next.objective - before.objective >= thresholds::kIncludeMinGain * std::max(0.0, gain_without))
        return true;
    for (std::size_t statement = 0; candidate.index.include.empty() && statement < before.credited.size(); statement++)
        if (before.credited[statement] * thresholds::kHelpsAgainFactor <= next.credited[statement] &&
            next.credited[statement] > 0)
            return true;
    return false;
}

/* Whether `out` is given up for an existing index: what ShrinkOne would do if both were candidates. */
bool ExistingDoes(const SearchContext &context, const State &state, const State &next, std::size_t out,
                  const ExistingIndex &existing)
{
    const Priced &candidate = context.Candidate(out);
    Evaluator &evaluator = context.evaluator;
    const State before = evaluator.Without(state, existing);
    const State without = evaluator.Without(next, existing);
    const double gain = without.objective - before.objective;
    const double loss = next.objective - before.objective;
    const double factor = thresholds::kForWhatExists;
    if (Negligible(context, before, next, gain, factor))
        return true;
    const double share = existing.bytes / candidate.bytes;
    const bool size_is_free = context.limits.budget.has_value();
    if (!size_is_free && share <= thresholds::kMuchSmaller && SmallLossForSize(share, without, before, next, factor))
        return true;
    if (!size_is_free && BeginsWith(candidate.index, existing) && !RefinementIsWorthIt(candidate, without, before, next))
        return true;
    /* the twin of what stays, a primary key mostly, excludes no row more: its whole size is for visits to the table */
    const bool stays = candidate.replaces != existing.oid;
    const bool twin = NarrowTwin(candidate.index, context.evaluator.Tables().at(existing.spec.relation)) == &existing;
    return twin && (stays || !size_is_free) &&
           !IncludeIsWorthIt(candidate.bytes + (stays ? existing.bytes : 0), existing.bytes, gain, loss / factor);
}

/* Leaves out what refines an existing index without being worth it. */
bool LeaveToExisting(const SearchContext &context, State &state)
{
    for (std::size_t out : state.chosen)
    {
        const auto table = context.evaluator.Tables().find(context.Candidate(out).index.relation);
        if (table == context.evaluator.Tables().end())
            continue;
        State next = context.evaluator.Apply(state, {}, {out});
        for (const ExistingIndex &existing : table->second.indexes)
            if (next.allowed && Refines(context.Candidate(out), existing) &&
                ExistingDoes(context, state, next, out, existing))
            {
                state = std::move(next);
                return true;
            }
    }
    return false;
}

/* What may take the place of two indexes of a table: candidates, and the two merged. */
Chosen Replacements(const SearchContext &context, std::size_t first, std::size_t second)
{
    const Oid32 relation = context.Candidate(first).index.relation;
    Chosen numbers;
    for (std::size_t number : context.pool.numbers)
        if (context.Candidate(number).index.relation == relation && number != first && number != second)
            numbers.push_back(number);
    if (const std::optional<std::size_t> merged = context.Merge(first, second))
        numbers.push_back(*merged);
    return numbers;
}

bool SameLead(const SearchContext &context, std::size_t left, std::size_t right)
{
    return context.Candidate(left).index.keys.front().SameColumn(context.Candidate(right).index.keys.front());
}

/* Two indexes of a table by one that is smaller than both together. */
bool MergeTwo(const SearchContext &context, State &state)
{
    for (std::size_t first : state.chosen)
        for (std::size_t second : state.chosen)
        {
            const Oid32 relation = context.Candidate(first).index.relation;
            if (second <= first || context.Candidate(second).index.relation != relation || context.deadline.Passed())
                continue;
            const State without = context.evaluator.Apply(state, {}, {first, second});
            const double gain = without.objective - state.objective;
            const double bytes = context.Candidate(first).bytes + context.Candidate(second).bytes;
            for (std::size_t in : Replacements(context, first, second))
            {
                const double merged_bytes = context.Candidate(in).bytes;
                if (merged_bytes >= bytes)
                    continue;
                std::optional<State> next = context.Add(state, {in}, {first, second});
                if (!next || !next->allowed || !context.Fits(*next))
                    continue;
                /* whoever sets a budget wants it spent */
                const bool for_size = !context.limits.budget && merged_bytes <= thresholds::kMergedSize * bytes &&
                                      SameLead(context, first, in) && SameLead(context, second, in) &&
                                      RisesAtMost(thresholds::kRiseForMerge, state, *next) &&
                                      LosesAtMost(thresholds::kLossForMerge, without, state, *next);
                if (!for_size && !Negligible(context, state, *next, gain))
                    continue;
                state = std::move(*next);
                return true;
            }
        }
    return false;
}

} // namespace

State Cleanup(const SearchContext &context, State state)
{
    /* every step makes the set smaller or simpler, so that this ends; and it runs after the deadline, too,
     * because it works on few indexes and mostly known costs */
    while (!state.chosen.empty())
    {
        if (DropWhatIsNotWorthIt(context, state))
            continue;
        if (context.deadline.Passed())
            break;
        if (LeaveToExisting(context, state) || ShrinkOne(context, state) || MergeTwo(context, state))
            continue;
        break;
    }
    return state;
}

} // namespace pg_advisor
