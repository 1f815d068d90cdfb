/*
 * The sequential-scan report: facts of the store, judged, with the index that would cure each.
 */
#pragma once

#include "advise/hotspots.hpp"
#include "boundary/pg.hpp"
#include "workload/advice_run.hpp"

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

/* A view is read by people and dashboards: the search behind it may not take longer than this. */
inline constexpr double kHotspotsAdviceLimitMs = 5000;

/* One row per (relation, statement, filter) of this database whose table the caller may see, worst first. `run`: advice
 * on the recorded workload; null: it is sought, if some row is worth it. Throws Failure 55000 where nothing is
 * recorded. */
Vector<Hotspot> ReportHotspots(AdviceRun *run = nullptr);

} // namespace pg_advisor
