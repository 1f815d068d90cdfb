/*
 * Query ids: the server's own, computed once for each shape of a query and remembered.
 *
 * With compute_query_id = auto the server is not asked to compute them (other modules may still do so): this
 * backend remembers the id the server gives a query and finds it again by a hash that is several times
 * cheaper. Ids are therefore always equal to those of pg_stat_statements.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::capture
{

/* Gives the query an id if it has none and ids are not switched off. Returns the jumble if the server had to make
 * one, else nullptr. Raises nothing: what the server cannot hash (nested too deeply) stays without an id. */
JumbleState *Identify(Query *query, const char *text);

/* The server's jumble of a copy of the query: where its constants are. May raise an error. */
JumbleState *JumbleCopy(const Query *query, const char *text, uint64 *queryid);

} // namespace pg_advisor::capture
