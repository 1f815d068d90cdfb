/*
 * See pricing.hpp.
 */
#include "advise/pricing.hpp"

#include "advise/redundancy.hpp"
#include "base/failure.hpp"

namespace pg_advisor
{

/* An index with more INCLUDE columns than an existing one takes its place, if that may be dropped. */
void Pricer::Replace(Priced *priced) const
{
    const auto table = catalog_.find(priced->index.relation);
    if (table == catalog_.end())
        return;
    const ExistingIndex *twin = NarrowTwin(priced->index, table->second);
    if (twin == nullptr || twin->spec.unique || !MayBeDropped(*twin, table->second))
        return;
    priced->replaces = twin->oid;
    priced->replaced_write_cost = writes_.Of(twin->spec, GuessedSize(twin->bytes));
    priced->write_cost -= priced->replaced_write_cost;
}

std::optional<Priced> Pricer::Price(IndexSpec index) const
{
    Priced priced;
    IndexSize size;
    try
    {
        priced.id = model_.Add(index);
        size = model_.Size(priced.id);
    }
    catch (const Failure &)
    {
        return std::nullopt;
    }
    priced.bytes = size.bytes;
    priced.write_cost = writes_.Of(index, size);
    priced.columns = index.keys.size() + index.include.size();
    priced.index = std::move(index);
    Replace(&priced);
    return priced;
}

} // namespace pg_advisor
