/*
 * Leaving the greedy's local optimum: swaps of one index or two for another, and under limits the move that
 * greedy advisors lack: add one, evict what costs least until it fits, fill up again.
 */
#include "advise/least_first.hpp"
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

/* Those of the pool, or of its part on one table, that are not in the set, the most hopeful ones first. */
Vector<std::size_t> Hopeful(const SearchContext &context, const State &state, std::optional<Oid32> relation = {})
{
    Vector<std::pair<double, std::size_t>> hopes;
    for (std::size_t in : context.pool.numbers)
    {
        double least;
        if ((!relation || context.Candidate(in).index.relation == *relation) && !Has(state.chosen, in) &&
            !context.AddBelow(state, {in}, {}, -std::numeric_limits<double>::infinity(), &least) &&
            least < std::numeric_limits<double>::infinity())
            hopes.push_back({least, in});
    }
    std::sort(hopes.begin(), hopes.end());
    Vector<std::size_t> numbers;
    for (const auto &[least, in] : hopes)
        numbers.push_back(in);
    return numbers;
}

/* `out`, and another one of the same table or none, for one of the pool. */
bool SwapFor(const SearchContext &context, State &state, const Chosen &out)
{
    const Oid32 relation = context.Candidate(out.front()).index.relation;
    const State without = context.evaluator.Apply(state, {}, out);
    /* another table's the greedy would have added, unless there was no room */
    const bool same_table = !context.Limited() || out.size() > 1;
    for (std::size_t in : Hopeful(context, without, same_table ? std::optional(relation) : std::nullopt))
    {
        if (Has(state.chosen, in))
            continue;
        if (context.deadline.Passed())
            return false;
        double least;
        std::optional<State> next = context.AddBelow(without, {in}, {}, SearchContext::BetterThan(state), &least);
        if (!next || !context.Better(*next, state))
            continue;
        state = std::move(*next);
        return true;
    }
    return false;
}

bool Swap(const SearchContext &context, State &state)
{
    const Chosen chosen = state.chosen;
    for (std::size_t out : chosen)
        if (!context.deadline.Passed() && SwapFor(context, state, {out}))
            return true;
    for (std::size_t out : chosen)
        for (std::size_t second : chosen)
            if (second > out && !context.deadline.Passed() && context.Candidate(second).index.relation == context.Candidate(out).index.relation &&
                SwapFor(context, state, {out, second}))
                return true;
    return false;
}

bool AddAndEvict(const SearchContext &context, State &state)
{
    for (std::size_t in : Hopeful(context, state))
    {
        if (context.deadline.Passed())
            return false;
        double least;
        std::optional<State> next = context.AddBelow(state, {in}, {}, SearchContext::BetterThan(state), &least);
        if (!next || context.Fits(*next))
            continue; /* if it fits the greedy did not want it */
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

/* Two that begin alike by one that does for both, and the room filled. */
bool MergeAndRefill(const SearchContext &context, State &state)
{
    const Chosen chosen = state.chosen;
    for (std::size_t first : chosen)
        for (std::size_t second : chosen)
        {
            if (second <= first)
                continue;
            if (context.deadline.Passed())
                return false;
            const std::optional<std::size_t> merged = context.Merge(first, second);
            if (!merged)
                continue;
            std::optional<State> next = context.Add(state, {*merged}, {first, second});
            if (!next || !next->allowed || !context.Fits(*next))
                continue;
            State filled = Greedy(context, std::move(*next), 1.0, {first, second});
            if (context.Better(filled, state))
            {
                state = std::move(filled);
                return true;
            }
        }
    return false;
}

} // namespace

std::optional<State> EvictUntilFits(const SearchContext &context, State state, std::optional<std::size_t> keep)
{
    using LossPerByte = std::pair<double, std::size_t>;
    State without;
    const auto look = [&](const LossPerByte &loss) {
        context.evaluator.Model().CheckInterrupts(); /* past the deadline, too: nothing is planned then */
        without = context.evaluator.Apply(state, {}, {loss.second});
        return LossPerByte{(without.objective - state.objective) /
                               std::max(8192.0, context.Candidate(loss.second).bytes),
                           loss.second};
    };
    LeastFirst<LossPerByte> losses;
    if (!context.Fits(state))
        for (std::size_t number : state.chosen)
            if (number != keep)
                losses.Add(look({0, number}));
    while (!context.Fits(state))
    {
        if (!losses.Take(look))
            return std::nullopt;
        state = std::move(without);
    }
    return state;
}

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
            while (MergeAndRefill(context, state))
                improved = true;
        }
        context.Report(state);
        if (!improved || context.deadline.Passed())
            break;
    }
    return state;
}

} // namespace pg_advisor
