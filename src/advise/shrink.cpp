/*
 * Cleanup: an index is replaced by a simpler one where the loss is negligible (a prefix, the same without INCLUDE, a
 * partial one), and two by one that does for both.
 */
#include "advise/losses.hpp"
#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <tuple>

namespace pg_advisor
{
namespace
{

/* Fewer columns, then smaller, then the canonical order; or much smaller. */
bool Simpler(const Priced &left, std::size_t left_number, const Priced &right, std::size_t right_number)
{
    if (left.columns <= right.columns && left.bytes < 0.7 * right.bytes)
        return true;
    return left.bytes <= 1.05 * right.bytes && std::tie(left.columns, left.bytes, left_number) <
                                                   std::tie(right.columns, right.bytes, right_number);
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
    return (bytes_share <= thresholds::kMuchSmaller &&
            SmallLossForSize(context, old_index.index, new_index.index, bytes_share, without, before, after)) ||
           (less_include &&
            !IncludeIsWorthIt(old_index.bytes, new_index.bytes, gain, after.objective - before.objective));
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

} // namespace

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
                                      RisesAtMost(context, thresholds::kRiseForMerge, state, *next) &&
                                      LosesAtMost(thresholds::kLossForMerge, without, state, *next);
                if (!for_size && !Negligible(context, state, *next, gain))
                    continue;
                state = std::move(*next);
                return true;
            }
        }
    return false;
}

} // namespace pg_advisor
