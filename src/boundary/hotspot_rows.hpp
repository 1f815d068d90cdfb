/*
 * The columns of advisor.seq_scan_hotspots, for the functions that have rows of it in their result.
 */
#pragma once

#include "boundary/rows.hpp"
#include "workload/hotspots_report.hpp"

namespace pg_advisor
{

/* Does not end the row. */
void WriteHotspot(RowWriter *rows, const Hotspot &hotspot);

inline constexpr int kHotspotColumns = 16;

} // namespace pg_advisor
