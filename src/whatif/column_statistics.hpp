/*
 * What pg_statistic knows of a column, for the catalog reader.
 */
#pragma once

#include "whatif/table_scan.hpp"

namespace pg_advisor::whatif
{

/* Fills in widths, shares and counts of `column` of a table whose sizes and leaves have been read. A partitioned table
 * has statistics of the whole tree only if somebody ran ANALYZE on it, because autovacuum never does; without them
 * those of its partitions stand in. False, and nothing filled in, if there are none. May ereport. */
bool ReadColumnStatistics(const RawTable &table, RawColumn *column);

/* Of the order of its values with that of the rows; 0 if that is not known. `inherited`: of the whole tree. May ereport. */
double CorrelationOf(Oid relation, AttrNumber column, bool inherited);

} // namespace pg_advisor::whatif
