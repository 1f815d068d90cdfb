/*
 * From a statement's query to a slot: see slots.hpp.
 */
#include "advise/slots.hpp"

#include "advise/thresholds.hpp"

namespace pg_advisor
{

double CallCost(const Slot &slot)
{
    return 1 + slot.joins_tried / thresholds::kJoinsPerCall;
}

Slot MakeSlot(const StatementInfo &statement, std::size_t number, std::size_t query, const Catalog &catalog)
{
    Slot slot;
    slot.statement = number;
    slot.query = statement.queries[query];
    slot.weight = query < statement.weights.size()
                      ? statement.weights[query]
                      : statement.calls / static_cast<double>(statement.queries.size());
    if (query >= statement.facts.size())
        return slot;
    slot.facts = &statement.facts[query];
    Set<Oid32> relations;
    for (const RelationFacts &relation : slot.facts->relations)
        relations.insert(relation.relation);
    for (Oid32 relation : relations)
    {
        slot.relations.push_back(relation);
        const auto table = catalog.find(relation);
        slot.pages += table == catalog.end() ? 0 : table->second.pages;
    }
    return slot;
}

} // namespace pg_advisor
