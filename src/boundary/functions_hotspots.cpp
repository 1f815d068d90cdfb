/*
 * SQL function behind the view advisor.seq_scan_hotspots.
 */
#include "boundary/hotspot_rows.hpp"
#include "boundary/memory.hpp"

namespace pg_advisor
{

void WriteHotspot(RowWriter *rows, const Hotspot &hotspot)
{
    const ScanFacts &facts = hotspot.facts;
    rows->Oid32(hotspot.relation).Int64(std::llround(facts.table_rows)).Int64(std::llround(facts.table_bytes));
    if (hotspot.queryid)
        rows->Int64(*hotspot.queryid);
    else
        rows->Null();
    rows->TextOrNull(hotspot.query).TextOrNull(hotspot.filter);
    rows->Int64(std::llround(facts.calls)).Int64(std::llround(facts.scans)).Int64(std::llround(facts.rows_read));
    rows->Int64(std::llround(facts.rows_kept)).Int64(std::llround(facts.pages_read));
    rows->Float(facts.est_time_ms).Float(facts.share).Text(SeverityName(hotspot.verdict.severity));
    rows->TextOrNull(hotspot.suggested_index).Text(hotspot.sentence);
}

namespace
{

void WriteHotspots(FunctionCallInfo fcinfo)
{
    MemoryScope memory("seq_scan_hotspots");
    RowWriter rows(fcinfo);
    for (const Hotspot &hotspot : ReportHotspots())
    {
        WriteHotspot(&rows, hotspot);
        rows.Emit();
    }
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_seq_scan_hotspots_0_1);

    PGDLLEXPORT Datum advisor_seq_scan_hotspots_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteHotspots(fcinfo); });
        return static_cast<Datum>(0);
    }
}
