/*
 * What-if pruning: all at once, singly, and the best few of each query and table.
 *
 * Survivors: whatever an all-at-once plan uses; the top candidates of each query and table by single gain,
 * with the smallest that is nearly as good; the best of each table over the whole workload; and the prefixes
 * of all those, which the search may shrink them to.
 */
#include "advise/prune.hpp"

#include "advise/candidates.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

struct Single
{
    double gain = 0;
    std::size_t number = 0;
};

class Pruner
{
  public:
    Pruner(Evaluator &evaluator, Deadline &deadline) : evaluator_(evaluator), deadline_(deadline)
    {
        for (std::size_t i = 0; i < evaluator.Candidates().size(); i++)
        {
            by_relation_[evaluator.Candidates()[i].index.relation].push_back(i);
            number_of_[evaluator.Candidates()[i].id] = i;
        }
    }

    Pool Run()
    {
        const Vector<Slot> &slots = evaluator_.Slots();
        for (std::size_t i = 0; i < slots.size() && !deadline_.Passed(); i++)
            if (slots[i].alive && slots[i].facts != nullptr && slots[i].weight > 0)
                AllAtOnce(i);
        for (std::size_t i = 0; i < slots.size() && !deadline_.Passed(); i++)
            if (slots[i].alive && slots[i].facts != nullptr && slots[i].weight > 0)
                Singles(i);
        KeepBestPerTable();
        KeepPrefixes();
        Pool pool;
        pool.numbers.assign(kept_.begin(), kept_.end());
        pool.groups.assign(groups_.begin(), groups_.end());
        return pool;
    }

  private:
    Chosen Usable(std::size_t slot) const
    {
        const Slot &info = evaluator_.Slots()[slot];
        Chosen usable;
        for (Oid32 relation : info.relations)
        {
            const auto found = by_relation_.find(relation);
            if (found == by_relation_.end())
                continue;
            for (std::size_t number : found->second)
                if (MayUse(*info.facts, evaluator_.Candidates()[number].index))
                    usable.push_back(number);
        }
        std::sort(usable.begin(), usable.end());
        return usable;
    }

    Chosen UsedOf(std::size_t slot, const Chosen &configuration)
    {
        Chosen used;
        for (IndexId id : evaluator_.Plan(slot, configuration).used)
            if (const auto found = number_of_.find(id); found != number_of_.end())
                used.push_back(found->second);
        std::sort(used.begin(), used.end());
        used.erase(std::unique(used.begin(), used.end()), used.end());
        return used;
    }

    /* In batches, and once more with the winners of all batches. */
    void AllAtOnce(std::size_t slot)
    {
        Chosen rest = Usable(slot);
        while (rest.size() > thresholds::kAllAtOnce)
        {
            Chosen winners;
            for (std::size_t from = 0; from < rest.size(); from += thresholds::kAllAtOnce)
            {
                const std::size_t to = std::min(rest.size(), from + thresholds::kAllAtOnce);
                const Chosen used = UsedOf(slot, Chosen(rest.begin() + static_cast<std::ptrdiff_t>(from),
                                                        rest.begin() + static_cast<std::ptrdiff_t>(to)));
                winners.insert(winners.end(), used.begin(), used.end());
            }
            if (winners.size() >= rest.size())
                break;
            rest = std::move(winners);
        }
        if (rest.empty())
            return;
        const Chosen used = UsedOf(slot, rest);
        kept_.insert(used.begin(), used.end());
        if (used.size() >= 2 && used.size() <= 6)
            groups_.insert(used);
    }

    void Singles(std::size_t slot)
    {
        const Slot &info = evaluator_.Slots()[slot];
        Map<Oid32, Vector<Single>> singles;
        for (std::size_t number : Usable(slot))
        {
            if (deadline_.Passed())
                return;
            const double gain = info.base - evaluator_.Decision(slot, {number});
            if (!(gain > info.base * thresholds::kMinSingleGain)) /* false for a failed plan, too */
                continue;
            singles[evaluator_.Candidates()[number].index.relation].push_back({gain, number});
            total_gain_[number] += gain * info.weight;
        }
        for (auto &[relation, list] : singles)
            KeepTop(list);
    }

    void KeepTop(Vector<Single> &list)
    {
        const Vector<Priced> &candidates = evaluator_.Candidates();
        std::sort(list.begin(), list.end(), [&](const Single &left, const Single &right) {
            if (left.gain != right.gain)
                return left.gain > right.gain;
            const Priced &a = candidates[left.number], &b = candidates[right.number];
            return std::tie(a.columns, a.bytes, left.number) < std::tie(b.columns, b.bytes, right.number);
        });
        std::size_t smallest = list.front().number;
        for (const Single &single : list)
            if (single.gain >= thresholds::kSmallestWithin * list.front().gain &&
                candidates[single.number].bytes < candidates[smallest].bytes)
                smallest = single.number;
        kept_.insert(smallest);
        for (std::size_t i = 0; i < list.size() && i < thresholds::kTopSingles; i++)
            kept_.insert(list[i].number);
    }

    /* A merge of two queries' indexes can be second best for each and the best for both. */
    void KeepBestPerTable()
    {
        const Vector<Priced> &candidates = evaluator_.Candidates();
        for (const auto &[relation, numbers] : by_relation_)
            for (const bool per_byte : {false, true})
            {
                Vector<Single> list;
                for (std::size_t number : numbers)
                    if (const auto found = total_gain_.find(number); found != total_gain_.end())
                        list.push_back({found->second / (per_byte ? candidates[number].bytes + 8192 : 1), number});
                if (!list.empty())
                    KeepTop(list);
            }
    }

    void KeepPrefixes()
    {
        const Chosen kept(kept_.begin(), kept_.end());
        for (const auto &[number, gain] : total_gain_)
            for (std::size_t other : kept)
                if (other != number &&
                    IsPrefixOf(evaluator_.Candidates()[number].index, evaluator_.Candidates()[other].index))
                {
                    kept_.insert(number);
                    break;
                }
    }

    Evaluator &evaluator_;
    Deadline &deadline_;
    Map<Oid32, Chosen> by_relation_;
    Map<IndexId, std::size_t> number_of_;
    Map<std::size_t, double> total_gain_;
    Set<std::size_t> kept_;
    Set<Chosen> groups_;
};

} // namespace

Pool Prune(Evaluator &evaluator, Deadline &deadline)
{
    return Pruner(evaluator, deadline).Run();
}

} // namespace pg_advisor
