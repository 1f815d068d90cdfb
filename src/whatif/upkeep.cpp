/*
 * See upkeep.hpp. Each change is priced by itself, as each suggestion is, so that the sums are the same.
 */
#include "whatif/upkeep.hpp"

#include "advise/write_cost.hpp"
#include "boundary/guard.hpp"
#include "whatif/catalog_reader.hpp"
#include "workload/describe_statement.hpp"

namespace pg_advisor::whatif
{

Upkeep::Change Upkeep::ChangeOf(Oid relation)
{
    ReadTable(catalog_, relation);
    Change change;
    change.relation = relation;
    change.root = RootOf(relation);
    return change;
}

void Upkeep::AddCreated(const IndexSpec &spec, IndexId index)
{
    Change change = ChangeOf(spec.relation);
    change.known = catalog_.contains(spec.relation);
    change.spec = spec;
    change.size = model_.Size(index);
    changes_.push_back(std::move(change));
}

void Upkeep::AddDropped(Oid index)
{
    Change change = ChangeOf(CallPg([&] { return IndexGetRelation(index, false); }));
    change.sign = -1;
    if (const auto table = catalog_.find(change.relation); table != catalog_.end())
        for (const ExistingIndex &existing : table->second.indexes)
            if (existing.oid == index)
            {
                change.known = true;
                change.spec = existing.spec;
                change.size = GuessedSize(existing.bytes);
            }
    changes_.push_back(std::move(change));
}

std::optional<double> Upkeep::Of(const WorkItem &item) const
{
    if (item.queries.empty())
        return std::nullopt;
    const StatementInfo statement = DescribeStatement(item);
    const WriteCosts writes({statement}, catalog_);
    double cost = 0;
    for (const Change &change : changes_)
    {
        const auto writes_it = [&](const TableWrite &write) { return write.relation == change.root; };
        if (std::none_of(statement.writes.begin(), statement.writes.end(), writes_it))
            continue;
        if (!change.known || change.relation != change.root)
            return std::nullopt;
        cost += change.sign * writes.Of(change.spec, change.size);
    }
    return cost / std::max(1.0, statement.calls);
}

} // namespace pg_advisor::whatif
