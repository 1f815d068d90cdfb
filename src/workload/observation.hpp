/*
 * For how long the counters of this database have run without a break.
 *
 * Used by boundary/functions_advise, for what is said of indexes that nobody uses.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

/* Without `unused_after` where the store is not there: then nothing is known of what ran. */
Observation Observe();

} // namespace pg_advisor
