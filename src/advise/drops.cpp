/*
 * See drops.hpp. The comparison is redundancy.hpp's; that no query suffers is asked of the planner.
 */
#include "advise/drops.hpp"

#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"
#include "advise/write_cost.hpp"
#include "base/failure.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pg_advisor
{
namespace
{

bool MayBeDropped(const ExistingIndex &index, const TableInfo &table)
{
    return index.valid && NeededFor(index).empty() && !table.partitioned && !table.catalog && !table.temporary;
}

class Dropper
{
  public:
    Dropper(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
            const Vector<IndexId> &created, Deadline &deadline, Advice *advice)
        : evaluator_(evaluator), model_(evaluator.Model()), writes_(workload, catalog), deadline_(deadline),
          advice_(advice), creations_(created.size())
    {
        now_.created = created;
        std::sort(now_.created.begin(), now_.created.end());
    }

    void Run(const TableInfo &table)
    {
        for (const ExistingIndex *index : LargestFirst(table))
            if (MayBeDropped(*index, table))
                Try(*index, table);
    }

  private:
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
    std::optional<double> Rise(const Configuration &with, double *dearest_rise)
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
                const double before = model_.Cost(slot.query, now_).cost;
                const double after = model_.Cost(slot.query, with).cost;
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

    void Try(const ExistingIndex &index, const TableInfo &table)
    {
        Suggestion suggestion;
        if (!FindReplacement(index, table, &suggestion.replacement))
            return;
        Configuration without = now_;
        without.hidden.insert(std::lower_bound(without.hidden.begin(), without.hidden.end(), index.oid), index.oid);
        const std::optional<double> rise = Rise(without, &suggestion.replacement.dearest_rise);
        if (!rise)
            return;
        suggestion.index = index.spec;
        suggestion.bytes = index.bytes;
        suggestion.cost_before = advice_->cost_after;
        suggestion.cost_after = advice_->cost_after = suggestion.cost_before + *rise;
        if (advice_->cost_before > 0)
            suggestion.improvement = -*rise / advice_->cost_before;
        suggestion.write_overhead = -writes_.Of(index.spec, GuessedSize(index.bytes));
        advice_->suggestions.push_back(std::move(suggestion));
        now_ = std::move(without);
    }

    const Evaluator &evaluator_;
    CostModel &model_;
    const WriteCosts writes_;
    Deadline &deadline_;
    Advice *advice_;
    const std::size_t creations_;
    Configuration now_;
};

} // namespace

void SuggestDrops(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
                  const Vector<IndexId> &created, Deadline &deadline, Advice *advice)
{
    Dropper dropper(workload, catalog, evaluator, created, deadline, advice);
    Map<std::pair<String, String>, const TableInfo *> tables; /* by name: the order does not depend on OIDs */
    for (const auto &[oid, table] : catalog)
        tables.emplace(std::make_pair(table.schema, table.name), &table);
    for (const auto &[name, table] : tables)
        dropper.Run(*table);
}

} // namespace pg_advisor
