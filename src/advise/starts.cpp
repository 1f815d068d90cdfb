/*
 * Where the local search starts from: greedy sets, what is left of everything at once, and then sets around an index
 * that the best one so far lacks.
 */
#include "advise/search_steps.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <utility>

namespace pg_advisor
{

/* The greedy by bytes comes first because it needs the fewest planner calls, so that there is a useful answer early. All
 * that the plans with everything use, less what is least worth its place, finds what only pays together, and takes most.
 * Where planning is so slow that half of the time does not suffice for a greedy set it is the better one: the plans are
 * known, and the rest of the time goes into what it can do without. */
Vector<State> Starts(const SearchContext &context)
{
    Vector<State> starts;
    const auto add = [&](State state) {
        if (context.Better(state, context.evaluator.Base()) &&
            std::none_of(starts.begin(), starts.end(),
                         [&](const State &start) { return start.chosen == state.chosen; }))
            starts.push_back(std::move(state));
    };
    Deadline half = context.deadline.HalfOfTheRest();
    add(Greedy({context.evaluator, context.pool, context.limits, half}, context.evaluator.Base(), 1.0));
    const bool slow = half.HasPassed();
    if (!slow)
        add(Greedy(context, context.evaluator.Base(), 0.0));
    /* without a budget bytes do not matter and fewer starts are enough */
    if (!slow && context.Limited())
        add(Greedy(context, context.evaluator.Base(), 0.6));
    if (std::optional<State> all = EvictUntilFits(context, context.evaluator.Of(context.pool.together)))
    {
        if (slow)
            DropByStake(context, *all);
        add(Cleanup(context, Repair(context, std::move(*all))));
    }
    std::stable_sort(starts.begin(), starts.end(),
                     [](const State &left, const State &right) { return left.objective < right.objective; });
    return starts;
}

Vector<Chosen> Openings(const SearchContext &context, const State &best)
{
    Vector<std::pair<double, Chosen>> hopes;
    const auto add = [&](const Chosen &opening) {
        if (std::includes(best.chosen.begin(), best.chosen.end(), opening.begin(), opening.end()))
            return;
        const State state = context.evaluator.Of(opening);
        if (context.Fits(state))
            hopes.push_back({state.objective, opening});
    };
    for (std::size_t number : context.pool.numbers)
        add({number});
    for (const Chosen &group : context.pool.groups)
        add(group);
    std::sort(hopes.begin(), hopes.end());
    if (hopes.size() > thresholds::kOpenings)
        hopes.resize(thresholds::kOpenings);
    Vector<Chosen> openings;
    for (auto &[objective, opening] : hopes)
        openings.push_back(std::move(opening));
    return openings;
}

} // namespace pg_advisor
