/*
 * What the planner asks of each base relation of a query: fills advise/query_facts.
 */
#pragma once

#include "advise/catalog.hpp"
#include "advise/query_facts.hpp"
#include "whatif/expression_statistics.hpp"
#include "whatif/plannable.hpp"

namespace pg_advisor::whatif
{

/*
 * Plans a copy of the tree once, as query.user and with query.params bound, and notes for every table of
 * every query level what an index on it could serve. With parameter values it plans a second time without
 * them: a constant that is there both times is a literal of the statement, any other one is (or depends
 * on) a value, and neither a predicate nor an expression of an index may hold it.
 *
 * Adds the tables to `catalog` (ReadTable); relations that are no ordinary tables are left out. Throws
 * PgError: what VerifyTree or the planner raised. The tree is taken as it is.
 */
QueryFacts CollectFacts(const PlannableQuery &query, Catalog &catalog, const Carriers &carriers);

} // namespace pg_advisor::whatif
