/*
 * A WorkItem as advise/ sees it: how often it runs and what it writes, without its queries.
 *
 * Used by the index advice and by advisor.evaluate_indexes, so that both price writes alike.
 */
#pragma once

#include "advise/advisor.hpp"
#include "workload/workload.hpp"

namespace pg_advisor
{

/* The item has a query. */
StatementInfo DescribeStatement(const WorkItem &item);

} // namespace pg_advisor
