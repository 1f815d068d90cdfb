/*
 * Leaving the greedy's local optimum: swaps of one index or two for another, and under limits the move that
 * greedy advisors lack: add one, evict what costs least until it fits, fill up again.
 */
#include "advise/search_steps.hpp"

#include <algorithm>
#include <limits>

namespace pg_advisor
{
namespace
{

constexpr int kMaxPasses = 8; /* each is run to the end only if it improved something */

bool Has(const Chosen &set, std::size_t number)
{
    return std::binary_search(set.begin(), set.end(), number);
}

/* Takes out the index whose loss per byte is least, never `keep`, until the limits hold. */
std::optional<State> EvictUntilFits(const SearchContext &context, State state, std::size_t keep)
{
    while (!context.Fits(state))
    {
        std::optional<State> best;
        double best_ratio = std::numeric_limits<double>::infinity();
        for (std::size_t number : state.chosen)
        {
            if (number == keep)
                continue;
            if (context.deadline.Passed())
                return std::nullopt;
            State without = context.evaluator.Apply(state, {}, {number});
            const double loss = without.objective - state.objective;
            const double ratio = loss / std::max(8192.0, context.Candidate(number).bytes);
            if (!best || ratio < best_ratio)
            {
                best_ratio = ratio;
                best = std::move(without);
            }
        }
        if (!best)
            return std::nullopt;
        state = std::move(*best);
    }
    return state;
}

/* One for one, or one for two of the same table. */
bool Swap(const SearchContext &context, State &state)
{
    const Chosen chosen = state.chosen;
    for (std::size_t out : chosen)
        for (std::size_t in : context.pool.numbers)
        {
            const Oid32 relation = context.Candidate(in).index.relation;
            if (Has(state.chosen, in) || !Has(state.chosen, out))
                continue;
            if (relation != context.Candidate(out).index.relation && !context.Limited())
                continue; /* the greedy would have added it */
            if (context.deadline.Passed())
                return false;
            if (std::optional<State> next = context.Add(state, {in}, {out}); next && context.Better(*next, state))
            {
                state = std::move(*next);
                return true;
            }
            for (std::size_t second : chosen)
            {
                if (second <= out || !Has(state.chosen, second) ||
                    context.Candidate(second).index.relation != relation)
                    continue;
                std::optional<State> next = context.Add(state, {in}, {out, second});
                if (next && context.Better(*next, state))
                {
                    state = std::move(*next);
                    return true;
                }
            }
        }
    return false;
}

bool AddAndEvict(const SearchContext &context, State &state)
{
    for (std::size_t in : context.pool.numbers)
    {
        if (Has(state.chosen, in))
            continue;
        if (context.deadline.Passed())
            return false;
        std::optional<State> next = context.Add(state, {in});
        if (!next)
            continue;
        next = EvictUntilFits(context, std::move(*next), in);
        if (!next || !next->allowed)
            continue;
        State filled = Greedy(context, std::move(*next), 1.0);
        if (context.Better(filled, state))
        {
            state = std::move(filled);
            return true;
        }
    }
    return false;
}

bool DropAndRefill(const SearchContext &context, State &state)
{
    const Chosen chosen = state.chosen;
    for (std::size_t out : chosen)
        for (double power : {1.0, 0.0})
        {
            if (context.deadline.Passed())
                return false;
            State without = context.evaluator.Apply(state, {}, {out});
            if (!without.allowed)
                continue;
            State filled = Greedy(context, std::move(without), power, {out});
            if (context.Better(filled, state))
            {
                state = std::move(filled);
                return true;
            }
        }
    return false;
}

} // namespace

State LocalSearch(const SearchContext &context, State state)
{
    for (int pass = 0; pass < kMaxPasses; pass++)
    {
        bool improved = false;
        while (Swap(context, state))
            improved = true;
        if (context.Limited())
        {
            while (AddAndEvict(context, state))
                improved = true;
            while (DropAndRefill(context, state))
                improved = true;
        }
        if (!improved || context.deadline.Passed())
            break;
    }
    return state;
}

} // namespace pg_advisor
