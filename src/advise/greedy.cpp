/*
 * Lazy greedy: the move with the best gain per bytes^power, again and again.
 *
 * Moves are single candidates and the groups that a query uses together. A gain measured in an earlier round
 * is an estimate that may have grown; only moves within kLazySlack of the best are measured again. A start that breaks
 * the guard may be mended by what is added.
 */
#include "advise/search_steps.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

struct Move
{
    Chosen added;
    double ratio = 0; /* at the last measurement, before it what is hoped for */
};

/* A page is the least an index takes; a smaller replacement counts as that. */
double Ratio(double gain, double bytes, double power)
{
    return gain / std::pow(std::max(bytes, 8192.0), power);
}

/* The gain that makes the ratio. */
double Gain(double ratio, double bytes, double power)
{
    return ratio * std::pow(std::max(bytes, 8192.0), power);
}

/* What the move adds to the size; a superfluous one nothing. */
double Growth(const SearchContext &context, const State &state, const Chosen &added)
{
    Chosen fresh, gone;
    context.Resolve(state, added, {}, &fresh, &gone);
    double bytes = 0;
    for (std::size_t number : fresh)
        bytes += context.Candidate(number).bytes;
    for (std::size_t number : gone)
        bytes -= context.Candidate(number).bytes;
    return bytes;
}

/* The most that the move can bring by what pruning has seen, without a planner call. */
double HopedRatio(const SearchContext &context, const State &state, const Chosen &added, double power)
{
    double least;
    (void)context.AddBelow(state, added, {}, -std::numeric_limits<double>::infinity(), &least);
    return Ratio(std::max(0.0, state.objective - least), Growth(context, state, added), power);
}

} // namespace

State Greedy(const SearchContext &context, State state, double power, const Set<std::size_t> &banned)
{
    Vector<Move> moves;
    for (std::size_t number : context.pool.numbers)
        if (!banned.contains(number))
            moves.push_back({{number}});
    for (const Chosen &group : context.pool.groups)
        if (std::none_of(group.begin(), group.end(), [&](std::size_t n) { return banned.contains(n); }))
            moves.push_back({group});

    for (Move &move : moves)
        move.ratio = HopedRatio(context, state, move.added, power);
    Vector<std::size_t> order(moves.size());
    for (std::size_t i = 0; i < order.size(); i++)
        order[i] = i;
    while (true)
    {
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return moves[a].ratio > moves[b].ratio; });
        std::optional<State> best;
        double best_ratio = 0;
        for (std::size_t i : order)
        {
            Move &move = moves[i];
            if (best && move.ratio * thresholds::kLazySlack < best_ratio)
                break;
            if (context.deadline.Passed())
                return best ? std::move(*best) : state;
            const double bytes = Growth(context, state, move.added);
            /* a tie is let through */
            const double bound = state.objective - (best ? Gain(best_ratio, bytes, power) * (1 - 1e-9) : 0);
            double least;
            std::optional<State> next = context.AddBelow(state, move.added, {}, bound, &least);
            const double gain = state.objective - least;
            move.ratio = Ratio(std::max(0.0, gain), bytes, power);
            if (!next || gain <= 0 || next->violations > state.violations || !context.Fits(*next))
                continue;
            /* a replacement is judged by its progress; whether it is worth its place, by the cleanup */
            const bool replaces = next->chosen.size() <= state.chosen.size();
            if (replaces ? gain < thresholds::kMinTotalGain
                         : !context.evaluator.Worth(state, *next, context.limits.min_improvement))
                continue;
            const bool tie = best && move.ratio == best_ratio;
            if (!best || move.ratio > best_ratio || (tie && next->bytes < best->bytes))
            {
                best_ratio = move.ratio;
                best = std::move(next);
            }
        }
        if (!best)
            return state;
        state = std::move(*best);
        context.Report(state);
    }
}

} // namespace pg_advisor
