/*
 * See unused.hpp. The counter says that it was not used, the planner that it would not be.
 */
#include "advise/unused.hpp"

#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"
#include "base/failure.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

/* Deleting a referenced row looks for the rows that refer to it: by an index whose first keys are the columns of the
 * foreign key, in any order. */
bool Supports(const ExistingIndex &index, const Vector<std::int16_t> &columns)
{
    const Vector<KeyPart> &keys = index.spec.keys;
    return index.valid && index.spec.predicate.empty() && keys.size() >= columns.size() &&
           (index.spec.access_method == "btree" || index.spec.access_method == "hash") &&
           std::all_of(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(columns.size()),
                       [&](const KeyPart &key) {
                           return std::find(columns.begin(), columns.end(), key.column) != columns.end();
                       });
}

bool OnlySupport(const ExistingIndex &index, const TableInfo &table, const Vector<Oid32> &gone)
{
    return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), [&](const Vector<std::int16_t> &columns) {
        return Supports(index, columns) &&
               std::none_of(table.indexes.begin(), table.indexes.end(), [&](const ExistingIndex &other) {
                   return &other != &index && !std::binary_search(gone.begin(), gone.end(), other.oid) &&
                          Supports(other, columns);
               });
    });
}

/* ANALYZE gathers statistics of an indexed expression, which the planner uses without using the index. */
bool GivesStatistics(const ExistingIndex &index)
{
    return std::any_of(index.spec.keys.begin(), index.spec.keys.end(),
                       [](const KeyPart &key) { return key.column == 0; });
}

/* How long nothing has used it. The counter alone says whether it was ever used, not when. */
double SecondsUnused(const ExistingIndex &index, const Observation &observation)
{
    return index.scans == 0 ? observation.seconds : std::min(index.idle_seconds, observation.seconds);
}

} // namespace

Set<Oid32> UsedByPlans(Evaluator &evaluator, const Configuration &now)
{
    Set<Oid32> used;
    for (const Slot &slot : evaluator.Slots())
    {
        if (!slot.alive)
            continue;
        evaluator.Model().CheckInterrupts();
        for (const Configuration &configuration : {Configuration(), now})
            try
            {
                const PlanCost plan = evaluator.Model().Cost(slot.query, configuration);
                used.insert(plan.used_existing.begin(), plan.used_existing.end());
            }
            catch (const Failure &)
            {
                continue; /* it cannot be planned any more: the counter alone decides */
            }
    }
    return used;
}

bool IsExpendable(const ExistingIndex &index, const TableInfo &table, const Vector<Oid32> &gone)
{
    return index.valid && !index.spec.unique && NeededFor(index).empty() && !GivesStatistics(index) &&
           !OnlySupport(index, table, gone);
}

std::optional<Disuse> FindDisuse(const ExistingIndex &index, const TableInfo &table, const Observation &observation,
                                 const WriteCosts &writes, double cost)
{
    const double unused = SecondsUnused(index, observation);
    if (!observation.unused_after || unused <= 0 || table.reads < thresholds::kMinUnusedReads)
        return std::nullopt;
    Disuse disuse{unused, observation.seconds, table.reads, observation.replicas};
    if (unused >= *observation.unused_after && index.bytes >= thresholds::kMinUnusedBytes)
        return disuse;
    if (index.scans > 0)
        return std::nullopt;
    const WriteCosts::Ended ended = writes.EndedBy(index, table);
    if (ended.rows < thresholds::kManyUpdates || ended.cost < thresholds::kDearUpkeep * cost)
        return std::nullopt;
    disuse.updates = ended.rows;
    disuse.upkeep_share = cost > 0 ? ended.cost / cost : 1;
    return disuse;
}

} // namespace pg_advisor
