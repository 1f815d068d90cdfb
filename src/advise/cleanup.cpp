/*
 * The last step of the search: the smallest set that does the job.
 *
 * Drops what is not worth its place when everything else is there; leaves to existing indexes what they can do; and
 * makes indexes smaller and fewer where the loss is negligible.
 */
#include "advise/least_first.hpp"
#include "advise/search_steps.hpp"

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
double LossBetween(const State &state, double without)
{
    return without == state.objective ? 0 : without - state.objective;
}

/* `without`: the set without one of it, or nothing if that is missed. */
bool IsNotWorthIt(const SearchContext &context, const std::optional<State> &without, const State &state)
{
    return without && without->allowed &&
           !context.evaluator.Worth(*without, state, context.limits.min_improvement);
}

/* Another one of the set begins with it. */
bool IsContained(const SearchContext &context, const State &state, std::size_t number)
{
    return std::any_of(state.chosen.begin(), state.chosen.end(), [&](std::size_t other) {
        return other != number && IsPrefixOf(context.Candidate(number).index, context.Candidate(other).index);
    });
}

/* The set: what another one contains, then those first whose queries have least to lose. */
Chosen LeastAtStakeFirst(const SearchContext &context, const State &state)
{
    const Vector<Slot> &slots = context.evaluator.Slots();
    Map<IndexId, double> stakes;
    for (std::size_t slot = 0; slot < slots.size(); slot++)
        for (IndexId index : state.plans[slot]->used)
            stakes[index] += slots[slot].weight * (slots[slot].base - state.costs[slot]);
    Vector<std::tuple<bool, double, std::size_t>> order;
    for (std::size_t number : state.chosen)
        order.push_back({!IsContained(context, state, number), stakes[context.Candidate(number).id], number});
    std::sort(order.begin(), order.end());
    Chosen numbers;
    for (const auto &[alone, stake, number] : order)
        numbers.push_back(number);
    return numbers;
}

} // namespace

/* Most of a set that was guessed goes: as long as it does, twice as many are asked about at a time. If all of them
 * together bring less than one of them would have to, each does. */
void DropByStake(const SearchContext &context, State &state)
{
    const Chosen order = LeastAtStakeFirst(context, state);
    std::size_t count = 1;
    for (std::size_t first = 0; first < order.size() && !context.deadline.Passed();)
    {
        const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
        count = std::min(count, order.size() - first);
        Chosen some(begin, begin + static_cast<std::ptrdiff_t>(count));
        std::sort(some.begin(), some.end());
        double least;
        std::optional<State> without =
            context.evaluator.WithoutUnlessMissed(state, some, context.limits.min_improvement, &least);
        const bool gone = IsNotWorthIt(context, without, state);
        if (gone)
            state = std::move(*without);
        if (gone || count == 1)
            first += count;
        count = gone ? 2 * count : 1;
    }
}

/* The one with the least loss goes first: of two that can stand in for each other one has to stay. */
bool DropWhatIsNotWorthIt(const SearchContext &context, State &state)
{
    std::optional<State> without;
    const auto look = [&](const Loss &loss) {
        context.evaluator.Model().CheckInterrupts();
        double least;
        without = context.evaluator.WithoutUnlessMissed(state, {loss.number}, context.limits.min_improvement, &least);
        return Loss{LossBetween(state, least), loss.bytes, loss.number};
    };
    LeastFirst<Loss> losses;
    for (std::size_t number : state.chosen)
        losses.Add(look({0, context.Candidate(number).bytes, number}));
    bool dropped = false;
    while (losses.Take(look))
    {
        if (!IsNotWorthIt(context, without, state))
            continue;
        state = std::move(*without);
        dropped = true;
    }
    return dropped;
}

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
