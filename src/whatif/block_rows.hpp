/*
 * The rows of some blocks of a table, for what samples tables: see expression_sample.cpp and overlong_values.cpp.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* Whether single blocks of an open table can be read: not of another session's temporary one, nor of a foreign one. */
inline bool HasBlocksToPick(Relation relation)
{
    return relation->rd_tableam != nullptr && relation->rd_tableam->scan_set_tidrange != nullptr &&
           !RELATION_IS_OTHER_TEMP(relation);
}

/* Calls `visit` with each row that the active snapshot sees in `slot`, until it returns false. May ereport: `visit` must
 * hold nothing that wants to be destroyed. */
template <class Visit>
void ForEachRow(Relation relation, BlockSampler blocks, TupleTableSlot *slot, const Visit &visit)
{
    TableScanDesc scan = nullptr;
    bool more = true;
    while (more && BlockSampler_HasMore(blocks))
    {
        ItemPointerData first, last;
        const BlockNumber block = BlockSampler_Next(blocks);
        ItemPointerSet(&first, block, FirstOffsetNumber);
        ItemPointerSet(&last, block, MaxOffsetNumber);
        if (scan == nullptr)
            scan = table_beginscan_tidrange(relation, GetActiveSnapshot(), &first, &last);
        else
            table_rescan_tidrange(scan, &first, &last);
        while (more && table_scan_getnextslot_tidrange(scan, ForwardScanDirection, slot))
        {
            CHECK_FOR_INTERRUPTS();
            more = visit();
        }
    }
    if (scan != nullptr)
        table_endscan(scan);
}

} // namespace pg_advisor::whatif
