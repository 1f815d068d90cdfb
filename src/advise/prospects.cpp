/*
 * See prospects.hpp. The conditions are those of Evaluator::Worth, each made easier by kProspectMargin.
 */
#include "advise/prospects.hpp"

#include "advise/thresholds.hpp"

#include <algorithm>
#include <iterator>

namespace pg_advisor
{
namespace
{

/* The most that a candidate can bring. */
struct Prospect
{
    double gain = 0;
    double cost_share = 0, time_share = 0; /* of the statements that it may make noticeably cheaper */
};

class Judge
{
  public:
    Judge(const Evaluator &evaluator, double min_improvement) : evaluator_(evaluator), min_improvement_(min_improvement)
    {
    }

    bool IsHopeless(std::size_t number) const
    {
        const Prospect prospect = ProspectOf(number);
        const double gain = prospect.gain * thresholds::kProspectMargin;
        if (gain < thresholds::kMinTotalGain)
            return true;
        const double whole = evaluator_.Base().objective;
        if (gain >= min_improvement_ * whole)
            return false;
        const double share = thresholds::kStatementShare / thresholds::kProspectMargin;
        return min_improvement_ > thresholds::kDefaultImprovement ||
               (prospect.cost_share < share * whole &&
                !(evaluator_.TotalTime() > 0 && prospect.time_share >= share * evaluator_.TotalTime()));
    }

  private:
    Prospect ProspectOf(std::size_t number) const
    {
        Prospect prospect;
        const Vector<Slot> &slots = evaluator_.Slots();
        std::optional<std::size_t> last;
        for (std::size_t i : evaluator_.Plans().Affected({number}, {}))
        {
            const Slot &slot = slots[i];
            const double gain = slot.base - evaluator_.Plans().Least(i, slot.base, {number});
            prospect.gain += slot.weight * gain;
            if (slot.statement == last ||
                gain * thresholds::kProspectMargin < thresholds::kStatementGain * slot.base)
                continue;
            last = slot.statement;
            prospect.cost_share += evaluator_.Base().credited[slot.statement];
            prospect.time_share += evaluator_.TimeOf(slot.statement);
        }
        return prospect;
    }

    const Evaluator &evaluator_;
    const double min_improvement_;
};

} // namespace

Pool WithProspects(const Evaluator &evaluator, const Pool &pool, double min_improvement)
{
    const Judge judge(evaluator, min_improvement);
    Pool result;
    std::copy_if(pool.numbers.begin(), pool.numbers.end(), std::back_inserter(result.numbers),
                 [&](std::size_t number) { return !judge.IsHopeless(number); });
    const auto stays = [&](std::size_t number) {
        return std::binary_search(result.numbers.begin(), result.numbers.end(), number);
    };
    std::copy_if(pool.together.begin(), pool.together.end(), std::back_inserter(result.together), stays);
    std::copy_if(pool.groups.begin(), pool.groups.end(), std::back_inserter(result.groups),
                 [&](const Chosen &group) { return std::all_of(group.begin(), group.end(), stays); });
    return result;
}

} // namespace pg_advisor
