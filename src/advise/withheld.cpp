/*
 * Looks for them among the plans that the search has asked for: see withheld.hpp.
 */
#include "advise/withheld.hpp"

#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kMostNamed = 5;

/* What a set without them costs a query: the planner's figure and the corrected one. */
struct Standing
{
    PlanCost plan;
    double corrected;
};

double ApparentGain(const Slot &slot, const Standing &now, const PlanCost &plan)
{
    return slot.weight * (now.plan.cost - plan.cost);
}

/* Much cheaper by the planner alone, and not when its cost is corrected. */
bool Misleads(const Evaluator &evaluator, std::size_t slot, const Chosen &chosen, const Standing &now,
              const PlanCost &plan)
{
    return !plan.used.empty() && std::isfinite(plan.cost) && plan.correction > 0 &&
           plan.cost <= now.plan.cost * (1 - thresholds::kStatementGain) &&
           evaluator.CorrectedOf(slot, chosen, plan) >= now.corrected * (1 - thresholds::kHelpsMean);
}

Withheld Describe(const Evaluator &evaluator, std::size_t slot, const Chosen &chosen, const Chosen &suggested,
                  const Standing &now, const PlanCost &plan)
{
    Withheld found;
    const Vector<Priced> &candidates = evaluator.Candidates();
    found.statement = evaluator.Slots()[slot].statement;
    for (std::size_t number : chosen)
        if (std::find(plan.used.begin(), plan.used.end(), candidates[number].id) != plan.used.end() &&
            !std::binary_search(suggested.begin(), suggested.end(), number))
            found.indexes.push_back(candidates[number].index);
    found.planner_before = now.plan.cost;
    found.planner_after = plan.cost;
    found.corrected_before = now.corrected;
    found.corrected_after = evaluator.CorrectedOf(slot, chosen, plan);
    found.doubt = plan.doubt;
    found.gain = ApparentGain(evaluator.Slots()[slot], now, plan);
    return found;
}

/* The fewer there are, the plainer is which one misleads. */
bool TellsMore(const Withheld &left, const Withheld &right)
{
    return left.indexes.size() != right.indexes.size() ? left.indexes.size() < right.indexes.size()
                                                       : left.gain > right.gain;
}

} // namespace

Vector<Withheld> FindWithheld(Evaluator &evaluator, const Vector<StatementInfo> &workload, const State &final_state,
                              double min_improvement)
{
    const double least = std::max(thresholds::kMinTotalGain, min_improvement * evaluator.Base().objective);
    Vector<Withheld> result;
    for (std::size_t slot = 0; slot < evaluator.Slots().size(); slot++)
    {
        if (!evaluator.Slots()[slot].alive)
            continue;
        const PlanCost &plan_now = evaluator.Plans().Plan(slot, final_state.chosen);
        const Standing now{plan_now, evaluator.CorrectedOf(slot, final_state.chosen, plan_now)};
        for (const auto &[chosen, plan] : evaluator.Plans().Answers(slot))
        {
            if (!Misleads(evaluator, slot, chosen, now, plan) ||
                ApparentGain(evaluator.Slots()[slot], now, plan) < least)
                continue;
            Withheld found = Describe(evaluator, slot, chosen, final_state.chosen, now, plan);
            if (found.indexes.empty())
                continue;
            const auto known = std::find_if(result.begin(), result.end(), [&](const Withheld &other) {
                return other.statement == found.statement;
            });
            if (known == result.end())
                result.push_back(std::move(found));
            else if (TellsMore(found, *known))
                *known = std::move(found);
        }
    }
    std::stable_sort(result.begin(), result.end(), [&](const Withheld &left, const Withheld &right) {
        return left.gain != right.gain ? left.gain > right.gain
                                       : workload[left.statement].queryid < workload[right.statement].queryid;
    });
    if (result.size() > kMostNamed)
        result.resize(kMostNamed);
    return result;
}

} // namespace pg_advisor
