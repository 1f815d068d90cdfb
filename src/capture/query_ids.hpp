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

/* Gives the query an id if it has none, ids are not switched off, and the id is remembered. False if the server has
 * to compute it. Raises nothing. */
bool IdentifyRemembered(Query *query, const char *text);
/* After that was false: has the server compute the id, and remembers it. May raise an error, for what the server
 * cannot hash (nested too deeply). */
JumbleState *IdentifyByServer(Query *query, const char *text);

/* The server's jumble of a copy of the query: where its constants are. May raise an error. */
JumbleState *JumbleCopy(const Query *query, const char *text, uint64 *queryid);

} // namespace pg_advisor::capture
