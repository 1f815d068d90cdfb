/*
 * What-if pruning: all at once, singly, and the best few of each query and table.
 *
 * Survivors: whatever an all-at-once plan uses; the top candidates of each query and table by single gain,
 * with the smallest that is nearly as good; the best of each table over the whole workload; and the prefixes
 * of all those, which the search may shrink them to. Of them none that another one beats in everything.
 *
 * A query is first tried with what was made for it, then with what survived of the others'. How many planner calls
 * that takes is limited by what a call costs, which grows with the joins, so that ninety queries of ten tables get
 * their share of the time; it is counted and not measured, so that the advice is the same each time.
 */
#include "advise/prune.hpp"

#include "advise/candidates.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace pg_advisor
{
namespace
{

struct SingleGain
{
    double gain = 0;
    std::size_t number = 0;
};

double CallsFor(const Slot &slot, std::size_t slots)
{
    return thresholds::kPruningCalls / static_cast<double>(slots) / CallCost(slot);
}

Chosen Common(const Chosen &left, const Chosen &right)
{
    Chosen common;
    std::set_intersection(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(common));
    return common;
}

class Pruner
{
  public:
    Pruner(Evaluator &evaluator, double min_improvement, Deadline &deadline)
        : evaluator_(evaluator), min_improvement_(min_improvement), deadline_(deadline)
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
        Vector<std::size_t> tried;
        for (std::size_t i = 0; i < slots.size(); i++)
            if (slots[i].alive && slots[i].facts != nullptr && slots[i].weight > 0)
                tried.push_back(i);
        SpareCallsFor(tried);
        std::stable_sort(tried.begin(), tried.end(), [&](std::size_t left, std::size_t right) {
            return slots[left].weight * slots[left].base > slots[right].weight * slots[right].base;
        });
        calls_left_.resize(slots.size());
        for (std::size_t i : tried)
        {
            calls_left_[i] = CallsFor(slots[i], tried.size());
            if (!deadline_.Passed())
                AllAtOnce(i);
            else
                LeaveOut(i);
        }
        for (std::size_t i : tried)
            Singles(i, evaluator_.Plans().Own(i));
        KeepBest();
        const Chosen kept(kept_.begin(), kept_.end());
        for (std::size_t i : tried)
            Singles(i, Common(kept, evaluator_.Plans().Usable(i)));
        for (std::size_t i : tried)
            if (calls_left_[i] >= static_cast<double>(evaluator_.Plans().Usable(i).size()))
                Singles(i, evaluator_.Plans().Usable(i));
        KeepBest();
        KeepPrefixes();
        Pool pool;
        for (std::size_t number : kept_)
            if (!Beaten(number))
                pool.numbers.push_back(number);
        pool.groups.assign(groups_.begin(), groups_.end());
        pool.together = MostUseful(together_);
        pool.gains = total_gain_;
        return pool;
    }

  private:
    /* Queries that would take many times more of the planner calls' time than their statement's part of the workload are
     * not asked about: an index for such a statement alone would be below min_improvement, and what the others' indexes
     * do to it is seen when the result is checked. */
    void SpareCallsFor(Vector<std::size_t> &tried)
    {
        const double least_part = std::min(thresholds::kSparedShare, min_improvement_);
        double calls = 0;
        for (std::size_t i : tried)
            calls += CallCost(evaluator_.Slots()[i]);
        std::erase_if(tried, [&](std::size_t i) {
            const Slot &slot = evaluator_.Slots()[i];
            const double part = std::max(ShareOf(evaluator_.Base().credited[slot.statement], evaluator_.Base().objective),
                                         ShareOf(evaluator_.TimeOf(slot.statement), evaluator_.TotalTime()));
            if (CallCost(slot) < thresholds::kDearCall || part >= least_part ||
                CallCost(slot) < thresholds::kSparedFactor * part * calls)
                return false;
            LeaveOut(i);
            return true;
        });
    }

    /* As if nothing helped the query: then the search does not ask about it. */
    void LeaveOut(std::size_t slot) { evaluator_.Plans().NoteTogether(slot, evaluator_.Slots()[slot].base, {}); }

    static double ShareOf(double part, double whole) { return whole > 0 ? part / whole : 0; }

    Chosen UsedOf(std::size_t slot, const Chosen &configuration)
    {
        Chosen used;
        for (IndexId id : evaluator_.Plans().Plan(slot, configuration).used)
            if (const auto found = number_of_.find(id); found != number_of_.end())
                used.push_back(found->second);
        std::sort(used.begin(), used.end());
        used.erase(std::unique(used.begin(), used.end()), used.end());
        return used;
    }

    /* Of a query of many tables; of others all. */
    Chosen Promising(std::size_t slot, const Chosen &numbers)
    {
        if (CallCost(evaluator_.Slots()[slot]) <= thresholds::kDearCall)
            return numbers;
        Vector<IndexId> ids;
        for (std::size_t number : numbers)
            ids.push_back(evaluator_.Candidates()[number].id);
        Chosen promising;
        for (IndexId id : evaluator_.Model().Promising(evaluator_.Slots()[slot].query, ids))
            promising.push_back(number_of_.at(id));
        std::sort(promising.begin(), promising.end());
        return promising;
    }

    /* In batches, and once more with the winners of all batches. */
    void AllAtOnce(std::size_t slot)
    {
        Chosen rest = Promising(slot, evaluator_.Plans().Own(slot));
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
        evaluator_.Plans().NoteTogether(slot, evaluator_.Decision(slot, rest), used);
        together_.insert(used.begin(), used.end());
        kept_.insert(used.begin(), used.end());
        if (used.size() >= 2 && used.size() <= 6)
            groups_.insert(used);
    }

    /* Those that a plan uses come first: the rest may have to be left out. */
    void Singles(std::size_t slot, const Chosen &numbers)
    {
        Vector<std::size_t> order;
        for (std::size_t number : numbers)
            if (together_.contains(number))
                order.push_back(number);
        for (std::size_t number : numbers)
            if (!together_.contains(number))
                order.push_back(number);
        for (std::size_t number : order)
            Single(slot, number);
    }

    void Single(std::size_t slot, std::size_t number)
    {
        if (calls_left_[slot] < 1 || deadline_.Passed() || !asked_.insert({slot, number}).second)
            return;
        calls_left_[slot] -= 1;
        const Slot &info = evaluator_.Slots()[slot];
        const double gain = info.base - evaluator_.Decision(slot, {number});
        evaluator_.Plans().NoteSingle(slot, number, gain);
        if (!(gain > info.base * thresholds::kMinSingleGain)) /* false for a failed plan, too */
            return;
        gains_[number][slot] = gain;
        total_gain_[number] += gain * info.weight;
        singles_[{slot, evaluator_.Candidates()[number].index.relation}].push_back({gain, number});
    }

    void KeepBest()
    {
        for (const auto &[place, list] : singles_)
            KeepTop(list);
        KeepBestPerTable();
    }

    void KeepTop(Vector<SingleGain> list)
    {
        const Vector<Priced> &candidates = evaluator_.Candidates();
        std::sort(list.begin(), list.end(), [&](const SingleGain &left, const SingleGain &right) {
            if (left.gain != right.gain)
                return left.gain > right.gain;
            const Priced &a = candidates[left.number], &b = candidates[right.number];
            return std::tie(a.columns, a.bytes, left.number) < std::tie(b.columns, b.bytes, right.number);
        });
        std::size_t smallest = list.front().number;
        for (const SingleGain &single : list)
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
                Vector<SingleGain> list;
                for (std::size_t number : numbers)
                    if (const auto found = total_gain_.find(number); found != total_gain_.end())
                        list.push_back({found->second / (per_byte ? candidates[number].bytes + 8192 : 1), number});
                if (!list.empty())
                    KeepTop(std::move(list));
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

    /* Not more than a start of the search can make do with. */
    Chosen MostUseful(const Set<std::size_t> &numbers) const
    {
        Vector<std::pair<double, std::size_t>> order;
        for (std::size_t number : numbers)
        {
            const auto gain = total_gain_.find(number);
            order.push_back({gain == total_gain_.end() ? 0 : -gain->second, number});
        }
        std::sort(order.begin(), order.end());
        if (order.size() > thresholds::kMostTogether)
            order.resize(thresholds::kMostTogether);
        Chosen useful;
        for (const auto &[gain, number] : order)
            useful.push_back(number);
        std::sort(useful.begin(), useful.end());
        return useful;
    }

    /* The cleanup asks whether INCLUDE columns are worth their place: by the same index without them. */
    bool IsBareForm(std::size_t number) const
    {
        const IndexSpec &bare = evaluator_.Candidates()[number].index;
        return bare.include.empty() && std::any_of(kept_.begin(), kept_.end(), [&](std::size_t other) {
            return other != number && IsPrefixOf(bare, evaluator_.Candidates()[other].index) &&
                   evaluator_.Candidates()[other].index.keys == bare.keys;
        });
    }

    /* By one of the same table and method that is no larger, costs no more to keep, and gains as much everywhere. */
    bool Beaten(std::size_t number) const
    {
        if (together_.contains(number) || IsBareForm(number))
            return false;
        const Priced &priced = evaluator_.Candidates()[number];
        return std::any_of(kept_.begin(), kept_.end(), [&](std::size_t other) {
            const Priced &rival = evaluator_.Candidates()[other];
            if (other == number || rival.index.relation != priced.index.relation ||
                rival.index.access_method != priced.index.access_method || rival.bytes > priced.bytes ||
                rival.write_cost > priced.write_cost || rival.columns > priced.columns)
                return false;
            const bool as_good = GainsAsMuch(other, number);
            return as_good && (other < number || !GainsAsMuch(number, other) || rival.bytes < priced.bytes);
        });
    }

    bool GainsAsMuch(std::size_t rival, std::size_t number) const
    {
        const auto gains = gains_.find(number);
        if (gains == gains_.end())
            return true;
        const auto rivals = gains_.find(rival);
        return std::all_of(gains->second.begin(), gains->second.end(), [&](const auto &gain) {
            if (rivals == gains_.end())
                return false;
            const auto same = rivals->second.find(gain.first);
            return same != rivals->second.end() && same->second >= gain.second;
        });
    }

    Evaluator &evaluator_;
    const double min_improvement_;
    Deadline &deadline_;
    Map<std::size_t, Map<std::size_t, double>> gains_; /* by candidate and slot */
    Set<std::size_t> together_;                        /* used by an all-at-once plan */
    Set<std::pair<std::size_t, std::size_t>> asked_;   /* slot and candidate */
    Map<std::pair<std::size_t, Oid32>, Vector<SingleGain>> singles_;
    Vector<double> calls_left_;                        /* per slot */
    Map<Oid32, Chosen> by_relation_;
    Map<IndexId, std::size_t> number_of_;
    Map<std::size_t, double> total_gain_;
    Set<std::size_t> kept_;
    Set<Chosen> groups_;
};

} // namespace

Pool Prune(Evaluator &evaluator, double min_improvement, Deadline &deadline)
{
    return Pruner(evaluator, min_improvement, deadline).Run();
}

} // namespace pg_advisor
