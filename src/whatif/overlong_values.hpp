/*
 * Which columns have values that are too long for an entry of a B-tree.
 *
 * CREATE INDEX fails on the first value that is longer than about a third of a page (BTMaxItemSize), and ANALYZE keeps
 * no trace of it: pg_statistic leaves wide values out, and counts what is stored out of line as the size of its pointer.
 */
#pragma once

#include "whatif/table_scan.hpp"

namespace pg_advisor::whatif
{

/* Bytes, after compression. */
inline constexpr Size kLongestKey = BLCKSZ * 5 / 16;

/* Marks those columns of `table`, which `relation` is. A table that stores nothing out of line has none; of others a
 * sample of their blocks is read, values as they are stored and nothing but their lengths. Should it not tell whose
 * values those out of line are, the widest column is taken for it. May ereport. */
void MarkOverlongColumns(Relation relation, RawTable *table);

} // namespace pg_advisor::whatif
