/*
 * Classification of sequential scans, in the order of the least doubtful reason.
 *
 * Thresholds: the table is small below ten pages, as for candidates; a filter that keeps a fifth of the rows
 * is served no better by an index; a statement is rare below one execution in six hours.
 */
#include "advise/hotspots.hpp"

#include "advise/thresholds.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

constexpr double kMostRows = 0.2;      /* kept of read */
constexpr double kEarlyShare = 0.1;    /* rows read per scan, of the table: a LIMIT stopped it */
constexpr double kRareCalls = 5;       /* at most so many ... */
constexpr double kRareHours = 6;       /* ... and at least so long between two of them */
constexpr double kCheapRows = 100000;  /* rows read in all, below which a scan is no hot spot */
constexpr double kCheapShare = 0.01;
constexpr double kCriticalShare = 0.3; /* of everything that sequential scans read */
constexpr double kWarningShare = 0.05;
constexpr double kCriticalTime = 60000, kWarningTime = 5000; /* ms in all */

ScanSeverity Heat(const ScanFacts &facts)
{
    const bool wasteful = facts.rows_read >= kCheapRows;
    if (wasteful && (facts.share >= kCriticalShare || facts.est_time_ms >= kCriticalTime))
        return ScanSeverity::Critical;
    if (wasteful && (facts.share >= kWarningShare || facts.est_time_ms >= kWarningTime))
        return ScanSeverity::Warning;
    return ScanSeverity::Notice;
}

} // namespace

std::string_view SeverityName(ScanSeverity severity)
{
    switch (severity)
    {
    case ScanSeverity::Critical:
        return "critical";
    case ScanSeverity::Warning:
        return "warning";
    case ScanSeverity::Notice:
        return "notice";
    case ScanSeverity::Ok:
        break;
    }
    return "ok";
}

ScanVerdict ClassifyScan(const ScanFacts &facts)
{
    const double scans = std::max(1.0, facts.scans);
    if (facts.table_pages <= thresholds::kMinPages || facts.table_rows < thresholds::kMinRows)
        return {ScanClass::SmallTable, ScanSeverity::Ok};
    if (facts.over)
        return {ScanClass::Over, ScanSeverity::Ok};
    if (facts.rows_read / scans < kEarlyShare * facts.table_rows)
        return {ScanClass::StopsEarly, ScanSeverity::Ok};
    if (!facts.index_known && (!facts.has_filter || facts.rows_kept > kMostRows * facts.rows_read))
        return {ScanClass::WantsMostRows, ScanSeverity::Ok};
    /* the span between n executions has n - 1 gaps */
    const double gaps = facts.calls - 1;
    if (facts.calls <= kRareCalls && gaps >= 1 && facts.seen_hours >= kRareHours * gaps)
        return {ScanClass::Rare, ScanSeverity::Ok};
    if (facts.rows_read < kCheapRows && facts.share < kCheapShare)
        return {ScanClass::Cheap, ScanSeverity::Ok};
    const bool curable = facts.indexable || facts.index_known;
    return {curable ? ScanClass::Hot : ScanClass::HotNoIndex, Heat(facts)};
}

} // namespace pg_advisor
