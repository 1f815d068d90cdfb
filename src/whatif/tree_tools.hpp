/*
 * Small readings and rewritings of a query tree, with C rules: plain locals, may ereport.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* OIDs of every relation of the tree, sub-selects included, and all their inheritance children in
 * *expanded. Without duplicates. Views and other rule leftovers are not among them. */
List *RelationsOf(Query *query, List **expanded);

/* No stronger lock than reading needs: what is only planned must not wait for writers, nor fail on a
 * standby. Changes the tree. */
void WeakenLocks(Query *query);

/* Takes AccessShareLock on each, or raises 55P03 at once. Nothing it is followed by waits for locks long. */
void LockOrFail(List *relations);

/* Whether a $n parameter occurs. */
bool HasParameters(Query *query);

/* Copies the tree with every stable function of constants replaced by a parameter without a value, so that
 * planning does not call it: it may need a setting that this session has not (row security by
 * current_setting). With `only_null` those alone that give NULL here, which the planner would take for no row at all. *replaced
 * tells whether there was any. */
Query *WithoutStableCalls(Query *query, bool only_null, bool *replaced);

} // namespace pg_advisor::whatif
