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
 * that the plans with everything use, less what is least worth its place, finds what only pays together, and takes most;
 * when the time was too short for a greedy set it is what can be had from the plans that are known. */
Vector<State> Starts(const SearchContext &context)
{
    Vector<State> starts;
    const auto add = [&](State state) {
        if (context.Better(state, context.evaluator.Base()) &&
            std::none_of(starts.begin(), starts.end(),
                         [&](const State &start) { return start.chosen == state.chosen; }))
            starts.push_back(std::move(state));
    };
    add(Greedy(context, context.evaluator.Base(), 1.0));
    add(Greedy(context, context.evaluator.Base(), 0.0));
    /* without a budget bytes do not matter and fewer starts are enough */
    if (context.Limited())
        add(Greedy(context, context.evaluator.Base(), 0.6));
    if (std::optional<State> all = EvictUntilFits(context, context.evaluator.Of(context.pool.together)))
        add(Cleanup(context, Repair(context, std::move(*all))));
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
