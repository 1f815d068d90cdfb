/*
 * See losses.hpp.
 */
#include "advise/losses.hpp"

#include "advise/thresholds.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

/* The same without the leading keys that its predicate fixes. */
bool IsPartialOf(const IndexSpec &smaller, const IndexSpec &larger)
{
    return !smaller.predicate.empty() && larger.predicate.empty() && smaller.keys.size() < larger.keys.size() &&
           std::equal(smaller.keys.rbegin(), smaller.keys.rend(), larger.keys.rbegin(),
                      [](const KeyPart &left, const KeyPart &right) { return left.SameColumn(right); });
}

/* The planner's figures for other methods are not as good as those for a B-tree, and their upkeep is dearer. */
double RiseForSize(const IndexSpec &larger, const IndexSpec &smaller, double bytes_share)
{
    if (larger.access_method != "btree" && smaller.access_method == "btree")
        return thresholds::kRiseForBtree;
    if (bytes_share <= thresholds::kRarePart && IsPartialOf(smaller, larger))
        return thresholds::kRiseForRarePart;
    return thresholds::kRiseForSize;
}

} // namespace

bool IncludeIsWorthIt(double bytes, double bytes_without, double gain, double loss)
{
    const double gain_without = gain - loss;
    if (gain_without <= 0)
        return true;
    const double growth = (bytes - bytes_without) / std::max(8192.0, bytes_without);
    return loss / gain_without >=
           std::max(thresholds::kIncludeMinGain, thresholds::kIncludeGainPerGrowth * growth);
}

bool Negligible(const SearchContext &context, const State &before, const State &after, double gain, double factor)
{
    if (after.objective - before.objective > factor * thresholds::kNegligibleLoss * gain)
        return false;
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
    {
        const double calls = context.evaluator.TotalCalls(statement);
        const double old_cost = before.credited[statement], new_cost = after.credited[statement];
        if (new_cost > old_cost * (1 + factor * thresholds::kNegligibleRise) +
                           factor * thresholds::kNegligibleUnits * calls)
            return false;
    }
    return true;
}

bool LosesAtMost(double share, const State &without, const State &before, const State &after)
{
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
    {
        const double gain = without.credited[statement] - before.credited[statement];
        const double loss = after.credited[statement] - before.credited[statement];
        if (loss > share * std::max(gain, 0.0))
            return false;
    }
    return true;
}

bool RisesAtMost(const SearchContext &context, double factor, const State &before, const State &after)
{
    for (std::size_t statement = 0; statement < before.credited.size(); statement++)
        if (after.credited[statement] > factor * before.credited[statement] +
                                            thresholds::kNegligibleUnits * context.evaluator.TotalCalls(statement))
            return false;
    return true;
}

bool SmallLossForSize(const SearchContext &context, const IndexSpec &larger, const IndexSpec &smaller, double bytes_share,
                      const State &without, const State &before, const State &after, double factor)
{
    if (smaller.access_method != "brin" || bytes_share > thresholds::kTiny)
        return RisesAtMost(context, factor * RiseForSize(larger, smaller, bytes_share), before, after) &&
               LosesAtMost(factor * thresholds::kLossForSize, without, before, after);
    return RisesAtMost(context, thresholds::kRiseForTiny, before, after) &&
           LosesAtMost(thresholds::kLossForTiny, without, before, after);
}

} // namespace pg_advisor
