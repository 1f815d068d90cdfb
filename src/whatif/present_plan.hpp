/*
 * What the plan of a query is as things are, without any hypothetical index.
 */
#pragma once

#include "whatif/plannable.hpp"

namespace pg_advisor::whatif
{

/* Whether the plan that the query would get now reads the relation, or a partition of it, sequentially. Nothing if
 * that cannot be told: it cannot be planned. Throws interrupts only. */
std::optional<bool> ScansSequentially(const PlannableQuery &query, Oid relation);

} // namespace pg_advisor::whatif
