/*
 * Is a sequential scan a problem? Severity and verdict of a row of advisor.seq_scan_hotspots.
 *
 * Called with the counters of one (relation, query, filter). Most sequential scans are the right plan, and
 * the report says so and why instead of listing them as findings. Pure.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

struct ScanFacts
{
    double table_rows = 0, table_bytes = 0, table_pages = 0;
    double calls = 0;          /* of the statement */
    double scans = 0;          /* sequential scans of this table in them */
    double rows_read = 0, rows_kept = 0, pages_read = 0;
    double est_time_ms = 0;    /* spent in those scans; 0: unknown */
    double mean_time_ms = 0;   /* of the statement; 0: unknown */
    double share = 0;          /* of all rows that sequential scans of this database read, 0..1 */
    bool has_filter = false;
    bool indexable = false;    /* the filter has a condition that an index could serve */
    bool index_known = false;  /* the advisor has an index for it */
    bool over = false;         /* its plan has no such scan any more */
    double seen_hours = 0;     /* between the first and the last execution */
};

enum class ScanSeverity
{
    Critical,
    Warning,
    Notice,
    Ok,
};

enum class ScanClass
{
    SmallTable,
    Over,
    WantsMostRows,
    Rare,
    StopsEarly,
    Hot,           /* an index would cure it */
    HotNoIndex,    /* no condition that an index could serve: the query has to change */
    Cheap,         /* reads too little to matter */
};

struct ScanVerdict
{
    ScanClass kind = ScanClass::Cheap;
    ScanSeverity severity = ScanSeverity::Ok;
};

ScanVerdict ClassifyScan(const ScanFacts &facts);

std::string_view SeverityName(ScanSeverity severity);

} // namespace pg_advisor
