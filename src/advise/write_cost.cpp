/*
 * Index maintenance in planner units: one descent, one entry and its WAL per row, and what HOT is worth.
 *
 * The simple form of a model measured with one index on an updated column: HOT updates 100 -> 0 %, WAL
 * 2.1 times. An update is heap-only while no index of the table depends on a column it sets.
 */
#include "advise/write_cost.hpp"

#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

bool Touches(const IndexSpec &index, const Vector<std::int16_t> &updated, const TableInfo &table)
{
    return std::any_of(updated.begin(), updated.end(), [&](std::int16_t number) {
        const ColumnInfo *column = table.Column(number);
        return column != nullptr && DependsOn(index, *column);
    });
}

bool TouchesAny(const TableInfo &table, const Vector<std::int16_t> &updated)
{
    return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const ExistingIndex &existing) {
        return Touches(existing.spec, updated, table);
    });
}

} // namespace

/* Height of an index nobody measured: about 200 entries to a page and level. */
IndexSize GuessedSize(double bytes)
{
    const double leaves = std::max(1.0, bytes / 8192);
    return {bytes, std::ceil(std::log(leaves) / std::log(200.0)), 1};
}

double EntryCost(const IndexSpec &index, const TableInfo &table, const IndexSize &size)
{
    using namespace thresholds;
    const double descent = (std::max(0.0, size.height) + 1) * kDescendPerLevel;
    const ColumnInfo *leading = index.keys.empty() ? nullptr : table.Column(index.keys.front().column);
    const bool monotone = leading != nullptr && std::abs(leading->correlation) > kMonotone;
    const double missed =
        monotone || size.bytes <= kCachedIndexBytes ? 0 : 1 - kCachedIndexBytes / size.bytes;
    return size.entries * (descent + kEntryCost + missed * kColdPageCost);
}

WriteCosts::WriteCosts(const Vector<StatementInfo> &workload, const Catalog &catalog) : catalog_(catalog)
{
    const bool running = std::any_of(workload.begin(), workload.end(), [](const StatementInfo &statement) {
        return statement.queryid != 0 && statement.calls >= thresholds::kRunningSystemCalls;
    });
    for (const StatementInfo &statement : workload)
    {
        if (running && statement.queryid != 0 && statement.calls <= 1)
            continue; /* a bulk load before the system ran says nothing of its upkeep */
        for (const TableWrite &write : statement.writes)
            Add(write, write.rows > 0 ? write.rows : statement.calls);
    }
}

void WriteCosts::Add(const TableWrite &write, double rows)
{
    Writes &writes = writes_[write.relation];
    const double updated = write.updated_columns.empty() ? 0 : write.adds ? ShareOfUpdates(write.relation) : 1;
    writes.entries += rows * (1 - updated);
    if (updated > 0)
        writes.updates.push_back({write.updated_columns, rows * updated});
}

/* Of a statement that now updates and now inserts, by the table's counters; at least half, because these hold the first
 * load, and who writes ON CONFLICT DO UPDATE or WHEN MATCHED expects it to happen. */
double WriteCosts::ShareOfUpdates(Oid32 relation) const
{
    const auto table = catalog_.find(relation);
    const double updates = table == catalog_.end() ? 0 : table->second.updates;
    const double all = table == catalog_.end() ? 0 : updates + table->second.inserts + table->second.deletes;
    return all > 0 ? std::max(thresholds::kLeastUpdates, updates / all) : thresholds::kLeastUpdates;
}

double WriteCosts::Of(const IndexSpec &index, const IndexSize &size) const
{
    const auto found = writes_.find(index.relation);
    const auto entry = catalog_.find(index.relation);
    if (found == writes_.end() || entry == catalog_.end())
        return 0;
    const Writes &writes = found->second;
    const TableInfo &table = entry->second;
    const double own = EntryCost(index, table, size);
    const double hot_share = table.updates > 0 ? std::clamp(table.hot_updates / table.updates, 0.0, 1.0) : 1;
    /* rows outside the predicate of a partial index never reach it */
    const double covered = index.predicate.empty() ? 1 : thresholds::kMaxPartialSelectivity;

    double others = 0; /* what an update that is no longer heap-only writes elsewhere */
    for (const ExistingIndex &existing : table.indexes)
        others += EntryCost(existing.spec, table, GuessedSize(existing.bytes));

    double cost = writes.entries * own * covered;
    for (const Update &update : writes.updates)
    {
        const bool hot_today = !TouchesAny(table, update.columns);
        if (!Touches(index, update.columns, table))
        {
            cost += update.rows * (hot_today ? 1 - hot_share : 1) * own * covered;
            continue;
        }
        cost += update.rows * own * covered;
        if (hot_today) /* the first index on such a column ends heap-only updates for the whole row */
            cost += update.rows * hot_share * (others + thresholds::kHotLoss);
    }
    return cost;
}

WriteCosts::Ended WriteCosts::EndedBy(const ExistingIndex &index, const TableInfo &table) const
{
    Ended ended;
    const auto found = writes_.find(table.oid);
    if (found == writes_.end())
        return ended;
    double entries = 0; /* of a row in all indexes */
    TableInfo without = table;
    std::erase_if(without.indexes, [&](const ExistingIndex &other) { return other.oid == index.oid; });
    for (const ExistingIndex &existing : table.indexes)
        entries += EntryCost(existing.spec, table, GuessedSize(existing.bytes));
    for (const Update &update : found->second.updates)
        if (Touches(index.spec, update.columns, table) && !TouchesAny(without, update.columns))
            ended.rows += update.rows;
    ended.cost = ended.rows * (entries + thresholds::kHotLoss);
    return ended;
}

} // namespace pg_advisor
