/*
 * The sequential-scan report: facts of the store, judged, with the index that would cure each.
 */
#pragma once

#include "advise/hotspots.hpp"
#include "boundary/pg.hpp"

#include <optional>

namespace pg_advisor
{

struct Hotspot
{
    Oid relation = InvalidOid;
    std::optional<std::int64_t> queryid; /* absent where the caller may not see the statement */
    String query;
    String filter;                       /* SQL with numbered parameters; empty: none, or not visible */
    ScanFacts facts;
    ScanVerdict verdict;
    String suggested_index;              /* DDL; empty: none */
    String sentence;
};

/* One row per (relation, statement, filter) of this database, worst first. Runs the index advice for the
 * hot ones. Throws Failure 55000 where nothing is recorded. */
Vector<Hotspot> ReportHotspots();

} // namespace pg_advisor
