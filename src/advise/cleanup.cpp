/*
 * The last step of the search: the smallest set that does the job.
 *
 * Drops what is not worth its place when everything else is there, and replaces an index by a simpler one
 * where the loss is negligible: a prefix, the same without INCLUDE, a partial one, one merged from two.
 */
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
bool IncludeIsWorthIt(const Priced &with, const Priced &without, double gain, double loss)
{
    const double gain_without = gain - loss;
    if (gain_without <= 0)
        return true;
    const double growth = (with.bytes - without.bytes) / std::max(8192.0, without.bytes);
    return loss / gain_without >=
           std::max(thresholds::kIncludeMinGain, thresholds::kIncludeGainPerGrowth * growth);
}

/* No statement gets noticeably dearer, and next to nothing of the gain is lost. */
bool Negligible(const SearchContext &context, const State &before, const State &after, double gain)
{
    if (after.objective - before.objective > thresholds::kNegligibleLoss * gain)
        return false;
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
    {
        const double calls = context.evaluator.TotalCalls(statement);
        const double old_cost = before.credited[statement], new_cost = after.credited[statement];
        if (new_cost > old_cost * (1 + thresholds::kNegligibleRise) + thresholds::kNegligibleUnits * calls)
            return false;
    }
    return true;
}

/* For an index that is much smaller each statement may give up a little of its gain. */
bool SmallLossForSize(double bytes_share, const State &without, const State &before, const State &after)
{
    const bool tiny = bytes_share <= thresholds::kTiny;
    const double allowed = tiny ? thresholds::kLossForTiny : thresholds::kLossForSize;
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
    {
        const double gain = without.credited[statement] - before.credited[statement];
        const double loss = after.credited[statement] - before.credited[statement];
        if (loss > allowed * std::max(gain, 0.0))
            return false;
        if (tiny && after.credited[statement] > thresholds::kRiseForTiny * before.credited[statement])
            return false;
    }
    return true;
}

/* Replaces one index by the simplest one that loses next to nothing. */
bool ShrinkOne(const SearchContext &context, State &state)
{
    for (std::size_t out : state.chosen)
    {
        const Priced &old_index = context.Candidate(out);
        const State without = context.evaluator.Apply(state, {}, {out});
        const double gain = without.objective - state.objective;
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
            if (!next || !next->allowed || !context.Fits(*next))
                continue;
            const double loss = next->objective - state.objective;
            const bool less_include = new_index.index.access_method == old_index.index.access_method &&
                                      new_index.index.keys == old_index.index.keys &&
                                      new_index.index.predicate == old_index.index.predicate &&
                                      new_index.index.include.size() < old_index.index.include.size();
            const double bytes_share = new_index.bytes / old_index.bytes;
            const bool much_smaller = bytes_share <= thresholds::kMuchSmaller;
            /* whoever sets a budget wants it spent */
            const bool size_is_free = context.limits.budget.has_value();
            const bool accept = Negligible(context, state, *next, gain) ||
                                (!size_is_free && much_smaller && SmallLossForSize(bytes_share, without, state, *next)) ||
                                (!size_is_free && less_include && !IncludeIsWorthIt(old_index, new_index, gain, loss));
            if (!accept)
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
            for (std::size_t in : context.pool.numbers)
            {
                const Priced &merged = context.Candidate(in);
                if (merged.index.relation != relation || in == first || in == second ||
                    merged.bytes >= context.Candidate(first).bytes + context.Candidate(second).bytes)
                    continue;
                std::optional<State> next = context.Add(state, {in}, {first, second});
                if (next && next->allowed && context.Fits(*next) && Negligible(context, state, *next, gain))
                {
                    state = std::move(*next);
                    return true;
                }
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
        if (ShrinkOne(context, state) || MergeTwo(context, state))
            continue;
        break;
    }
    return state;
}

} // namespace pg_advisor
