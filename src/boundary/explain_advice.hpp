/*
 * EXPLAIN (ADVISE): below the plan, the indexes that advice suggests for the explained statement. PostgreSQL 18 and later.
 */
#pragma once

namespace pg_advisor::explain_advice
{

/* Called once by _PG_init. */
void Install();

} // namespace pg_advisor::explain_advice
