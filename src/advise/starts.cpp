/*
 * Where the local search starts from: a set guessed from the plans that pruning has asked for, greedy sets, what is left of
 * everything at once, and then sets around an index that the best one so far lacks.
 */
#include "advise/search_steps.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <utility>

namespace pg_advisor
{

namespace
{

/* The better of two sets by the plans that are known: greedy, and what is left of all that the plans with everything use.
 * No planner call. */
Chosen Guessed(const SearchContext &context)
{
    PlanTable &plans = context.evaluator.Plans();
    plans.GuessOnly(true);
    State best = Greedy(context, context.evaluator.Base(), 1.0);
    if (std::optional<State> all = EvictUntilFits(context, context.evaluator.Of(context.pool.together)))
    {
        while (DropWhatIsNotWorthIt(context, *all))
            ;
        State filled = Greedy(context, std::move(*all), 1.0);
        if (filled.objective < best.objective)
            best = std::move(filled);
    }
    plans.GuessOnly(false);
    return std::move(best.chosen);
}

/* Asks about all of a guessed set at once, and guesses again by what that tells, as long as it gets better. Each round takes
 * one planner call for each query, so that there is a useful answer early. */
State GuessAndAsk(const SearchContext &context)
{
    State best = context.evaluator.Base();
    while (!context.pool.together.empty() && !context.deadline.Passed())
    {
        State state = Repair(context, context.evaluator.Of(Guessed(context)));
        if (!context.Better(state, best))
            break;
        best = std::move(state);
        context.Report(best);
    }
    return best;
}

} // namespace

Vector<State> Starts(const SearchContext &context)
{
    Vector<State> starts;
    const auto add = [&](State state) {
        if (context.Better(state, context.evaluator.Base()) &&
            std::none_of(starts.begin(), starts.end(),
                         [&](const State &start) { return start.chosen == state.chosen; }))
            starts.push_back(std::move(state));
    };
    State guessed = GuessAndAsk(context);
    add(guessed);
    if (context.evaluator.Plans().Forgetful())
    {
        /* so slow that any other start would take most of the time */
        DropByStake(context, guessed);
        guessed = Cleanup(context, std::move(guessed));
        add(guessed);
        add(Greedy(context, std::move(guessed), 1.0));
    }
    else
    {
        add(Greedy(context, context.evaluator.Base(), 1.0));
        add(Greedy(context, context.evaluator.Base(), 0.0));
        /* without a budget bytes do not matter and fewer starts are enough */
        if (context.Limited())
            add(Greedy(context, context.evaluator.Base(), 0.6));
        /* takes most, and finds what only pays together */
        if (std::optional<State> all = EvictUntilFits(context, context.evaluator.Of(context.pool.together)))
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
