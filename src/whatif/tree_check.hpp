/*
 * Whether a recorded query tree still fits the catalogs, before the planner is trusted with it.
 *
 * A tree refers to relations and columns by number; after DDL those numbers may mean something else, and
 * the planner, which expects fresh trees, would misread data types instead of complaining.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/*
 * Inside Sandbox. Raises an error naming the relation and the column; 42P01 relation gone or of another
 * kind, 42703 column gone, 42804 column of another type, 42883 function gone, 55P03 locked by someone else.
 * Locks what the statement names (AccessShareLock, never waiting) until the sandbox is rolled back.
 */
void VerifyTree(const Query *query);

} // namespace pg_advisor::whatif
