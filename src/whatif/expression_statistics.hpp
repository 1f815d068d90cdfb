/*
 * Statistics of expressions inside the what-if world.
 *
 * Without them the planner takes an expression to be equal to a value in one row of 200, be it a unique address or a
 * flag, and an index on it would be praised or passed over by that guess. The world of each planner call holds a
 * carrier for each expression that an index was thought of: an index that cannot be scanned (hypothetical.hpp), whose
 * statistics the planner asks the hook for. So costs with and without the new index rest on the same row counts.
 */
#pragma once

#include "whatif/hypothetical.hpp"
#include "whatif/session.hpp"

namespace pg_advisor::whatif
{

/* Plain memory: looked at by hooks. */
struct Carriers
{
    HypotheticalIndex *const *index = nullptr;
    int count = 0;
};

/* A world with carriers. */
struct CarryingWorld : World
{
    Carriers carriers;
};

void SetCarriers(CarryingWorld *world, const Carriers &carriers);
/* World::statistics of the carriers alone. */
HeapTuple CarriedStatistics(World *world, Oid index, AttrNumber column);

} // namespace pg_advisor::whatif
