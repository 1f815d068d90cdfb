/*
 * See drops.hpp. The comparison is redundancy.hpp's; that no query suffers is asked of the planner.
 */
#include "advise/drops.hpp"

#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"
#include "advise/unused.hpp"
#include "advise/write_cost.hpp"
#include "base/failure.hpp"

#include <algorithm>
#include <optional>

namespace pg_advisor
{
namespace
{

class Dropper
{
  public:
    Dropper(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
            const Configuration &suggested, Deadline &deadline, Advice *advice)
        : evaluator_(evaluator), model_(evaluator.Model()), writes_(workload, catalog), deadline_(deadline),
          advice_(advice), creations_(suggested.created.size()), replaced_(suggested.hidden), now_(suggested)
    {
    }

    void Run(const TableInfo &table)
    {
        for (const ExistingIndex *index : LargestFirst(table))
            if (std::binary_search(replaced_.begin(), replaced_.end(), index->oid))
                DropReplaced(*index, table);
            else if (MayBeDropped(*index, table))
                Try(*index, table);
    }

    void DropUnused(const TableInfo &table, const Observation &observation)
    {
        for (const ExistingIndex &index : table.indexes)
        {
            if (Gone(index) || !MayBeDropped(index, table) || !IsExpendable(index, table, now_.hidden))
                continue;
            Suggestion suggestion;
            suggestion.disuse = FindDisuse(index, table, observation, writes_, advice_->cost_before);
            if (!suggestion.disuse || Used().contains(index.oid))
                continue;
            suggestion.replacement.dropped = &index;
            Append(index, std::move(suggestion), 0);
            Hide(index, &now_);
        }
    }

  private:
    const Set<Oid32> &Used()
    {
        if (!used_)
            used_ = UsedByPlans(evaluator_, now_);
        return *used_;
    }

    bool Gone(const ExistingIndex &index) const
    {
        return std::binary_search(now_.hidden.begin(), now_.hidden.end(), index.oid);
    }

    bool FindReplacement(const ExistingIndex &index, const TableInfo &table, Replacement *found) const
    {
        found->dropped = &index;
        if (const Cover cover = FindCover(index, table, now_.hidden); cover.index != nullptr)
        {
            found->by = cover.index->name;
            found->same = cover.same;
            return true;
        }
        for (std::size_t i = 0; i < creations_ && !index.spec.unique; i++)
            if (IsPrefixOf(index.spec, advice_->suggestions[i].index))
            {
                found->suggestion = i;
                found->same = Equivalent(index.spec, advice_->suggestions[i].index);
                return true;
            }
        return false;
    }

    /* By how much the workload gets dearer; nothing if one of its queries does by more than the guard allows, or
     * fails, or if the time is up. */
    std::optional<double> Rise(const Configuration &from, const Configuration &to, double *dearest_rise)
    {
        double sum = 0;
        for (const Slot &slot : evaluator_.Slots())
        {
            if (!slot.alive)
                continue;
            if (deadline_.Passed())
                return std::nullopt;
            try
            {
                const double before = model_.Cost(slot.query, from).cost;
                const double after = model_.Cost(slot.query, to).cost;
                if (after > before * thresholds::kGuardFactor + thresholds::kGuardUnits)
                    return std::nullopt;
                sum += slot.weight * (after - before);
                if (before > 0)
                    *dearest_rise = std::max(*dearest_rise, after / before - 1);
            }
            catch (const Failure &)
            {
                return std::nullopt;
            }
        }
        return sum;
    }

    static void Hide(const ExistingIndex &index, Configuration *from)
    {
        from->hidden.insert(std::lower_bound(from->hidden.begin(), from->hidden.end(), index.oid), index.oid);
    }

    void Try(const ExistingIndex &index, const TableInfo &table)
    {
        Suggestion suggestion;
        if (!FindReplacement(index, table, &suggestion.replacement))
            return;
        Configuration without = now_;
        Hide(index, &without);
        const std::optional<double> rise = Rise(now_, without, &suggestion.replacement.dearest_rise);
        if (!rise)
            return;
        Append(index, std::move(suggestion), *rise);
        now_ = std::move(without);
    }

    /* The search has found that no query suffers, and its costs are without the index. */
    void DropReplaced(const ExistingIndex &index, const TableInfo &table)
    {
        Suggestion suggestion;
        if (!FindReplacement(index, table, &suggestion.replacement))
            return;
        Configuration with = now_;
        std::erase(with.hidden, index.oid);
        Rise(with, now_, &suggestion.replacement.dearest_rise);
        Append(index, std::move(suggestion), 0);
    }

    void Append(const ExistingIndex &index, Suggestion suggestion, double rise)
    {
        suggestion.index = index.spec;
        suggestion.bytes = index.bytes;
        suggestion.cost_before = advice_->cost_after;
        suggestion.cost_after = advice_->cost_after = suggestion.cost_before + rise;
        if (advice_->cost_before > 0)
            suggestion.improvement = (suggestion.cost_before - suggestion.cost_after) / advice_->cost_before;
        suggestion.write_overhead = 0 - writes_.Of(index.spec, GuessedSize(index.bytes)); /* no negative zero */
        advice_->suggestions.push_back(std::move(suggestion));
    }

    Evaluator &evaluator_;
    CostModel &model_;
    const WriteCosts writes_;
    Deadline &deadline_;
    Advice *advice_;
    const std::size_t creations_;
    const Vector<Oid32> replaced_; /* by creations */
    Configuration now_;
    std::optional<Set<Oid32>> used_; /* asked for when the first one is in question */
};

} // namespace

void SuggestDrops(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
                  const Configuration &suggested, const Observation &observation, Deadline &deadline, Advice *advice)
{
    Dropper dropper(workload, catalog, evaluator, suggested, deadline, advice);
    Map<std::pair<String, String>, const TableInfo *> tables; /* by name: the order does not depend on OIDs */
    for (const auto &[oid, table] : catalog)
        tables.emplace(std::make_pair(table.schema, table.name), &table);
    for (const auto &[name, table] : tables)
        dropper.Run(*table);
    if (!observation.unused_after || deadline.HasPassed())
        return;
    for (const auto &[name, table] : tables)
        dropper.DropUnused(*table, observation);
}

} // namespace pg_advisor
