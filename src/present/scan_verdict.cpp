/*
 * One plain sentence per class of sequential scan, with the figures that led to it.
 */
#include "present/scan_verdict.hpp"

#include "present/format.hpp"
#include "present/units.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{

String ScanSentence(const ScanFacts &facts, ScanClass kind)
{
    const double scans = std::max(1.0, facts.scans);
    const String read = Counted(facts.rows_read / scans, "row");
    const String times = Counted(std::round(scans), "scan"); /* scaled counts have fractions */
    const String kept = HumanNumber(facts.rows_kept / scans);
    const double kept_share = facts.rows_read > 0 ? facts.rows_kept / facts.rows_read : 0;
    switch (kind)
    {
    case ScanClass::SmallTable:
        return Format("Nothing to do: the table has {} in {}, and reading it all is the cheapest plan.",
                      Counted(facts.table_rows, "row"), Counted(facts.table_pages, "page"));
    case ScanClass::Over:
        return Format("Nothing to do any more: the statement is planned without such a scan now; {} of {} each were "
                      "recorded before.",
                      times, read);
    case ScanClass::WantsMostRows:
        if (!facts.has_filter)
            return Format("The scan is the right plan: the query wants the whole table ({}).", read);
        return Format("The scan is the right plan: the query wants {} of the {} it reads ({}), and an index "
                      "would fetch them one by one.",
                      kept, read, HumanShare(kept_share));
    case ScanClass::Rare:
        return Format("Nothing to do: it ran {} in {}, and an index would have to be maintained all the time "
                      "for it.",
                      Counted(facts.calls, "time"), HumanMilliseconds(facts.seen_hours * 3600000));
    case ScanClass::StopsEarly:
        return Format("Nothing to do: a LIMIT or a cursor stops the scan after {} of {}.", read,
                      Counted(facts.table_rows, "row"));
    case ScanClass::Hot:
        return Format("On average a scan reads {} to keep {} ({}, {} of all rows read by sequential scans here); "
                      "{}.",
                      read, kept, times, HumanShare(facts.share),
                      !facts.index_known ? "indexes on the filtered columns were tried, and none makes it clearly cheaper"
                      : facts.has_filter ? "the suggested index finds them directly"
                                         : "with the suggested index the join looks up only the rows it needs");
    case ScanClass::HotNoIndex:
        return Format("On average a scan reads {} to keep {} ({}, {} of all rows read by sequential scans here), "
                      "and no condition of the filter can use an index: the query has to change.",
                      read, kept, times, HumanShare(facts.share));
    case ScanClass::Cheap:
        break;
    }
    return Format("Nothing to do yet: {} read {} in all.", times, Counted(facts.rows_read, "row"));
}

} // namespace pg_advisor
