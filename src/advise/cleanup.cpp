/*
 * The last step of the search: the smallest set that does the job.
 *
 * Drops what is not worth its place when everything else is there; leaves to existing indexes what they can do; and
 * makes indexes smaller and fewer where the loss is negligible.
 */
#include "advise/search_steps.hpp"

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
