/*
 * One plain sentence per class of sequential scan, with the figures that led to it.
 */
#include "present/scan_verdict.hpp"

#include "present/format.hpp"
#include "present/units.hpp"

#include <algorithm>

namespace pg_advisor
{

String ScanSentence(const ScanFacts &facts, ScanClass kind)
{
    const double scans = std::max(1.0, facts.scans);
    const String read = HumanNumber(facts.rows_read / scans);
    const String kept = HumanNumber(facts.rows_kept / scans);
    const double kept_share = facts.rows_read > 0 ? facts.rows_kept / facts.rows_read : 0;
    switch (kind)
    {
    case ScanClass::SmallTable:
        return Format("Nothing to do: the table has {} rows in {} pages, and reading them all is the cheapest plan.",
                      HumanNumber(facts.table_rows), HumanNumber(facts.table_pages));
    case ScanClass::WantsMostRows:
        if (!facts.has_filter)
            return Format("The scan is the right plan: the query wants the whole table ({} rows).", read);
        return Format("The scan is the right plan: the query wants {} of the {} rows it reads ({}), and an index "
                      "would fetch them one by one.",
                      kept, read, HumanShare(kept_share));
    case ScanClass::Rare:
        return Format("Nothing to do: it ran {} times in {}, and an index would have to be maintained all the time "
                      "for it.",
                      HumanNumber(facts.calls), HumanMilliseconds(facts.seen_hours * 3600000));
    case ScanClass::StopsEarly:
        return Format("Nothing to do: a LIMIT stops the scan after {} of {} rows.", read,
                      HumanNumber(facts.table_rows));
    case ScanClass::Hot:
        return Format("Each scan reads {} rows to keep {} ({} scans, {} of all rows read by sequential scans here); "
                      "{}.",
                      read, kept, HumanNumber(facts.scans), HumanShare(facts.share),
                      !facts.index_known ? "indexes on the filtered columns were tried, and none makes it clearly cheaper"
                      : facts.has_filter ? "the suggested index finds them directly"
                                         : "with the suggested index the join looks up only the rows it needs");
    case ScanClass::HotNoIndex:
        return Format("Each scan reads {} rows to keep {} ({} scans, {} of all rows read by sequential scans here), "
                      "and no condition of the filter can use an index: the query has to change.",
                      read, kept, HumanNumber(facts.scans), HumanShare(facts.share));
    case ScanClass::Cheap:
        break;
    }
    return Format("Nothing to do yet: {} scans have read {} rows in all.", HumanNumber(facts.scans),
                  HumanNumber(facts.rows_read));
}

} // namespace pg_advisor
