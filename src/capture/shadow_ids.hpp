/*
 * Ids for queries the server gives none: before 18 the query inside DECLARE CURSOR, CREATE TABLE AS and
 * COPY (query) is not jumbled. Their scans matter all the same, so the recorder computes the id itself, on
 * a copy (the server and other modules must not notice), and finds it again when the plan is executed.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::capture
{

/* Computes and remembers the id of a query without one; also remembers its text. */
uint64 ShadowId(Query *query, const char *text);
/* The id of a planned statement whose query went through ShadowId a moment ago, or 0. */
uint64 FindShadowId(const PlannedStmt *statement, const char *text);
/*
 * The id of a utility statement that has lost it: pg_stat_statements clears it before it calls us where it was
 * loaded after us, and for good where the statement is executed again. 0 where ids are not computed.
 */
uint64 UtilityId(const PlannedStmt *statement, const char *text);

} // namespace pg_advisor::capture
