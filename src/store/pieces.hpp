/*
 * What of an entry lies in the text area: the one place that enumerates it. Private to store/.
 *
 * Freeing, measuring, saving and loading all go by this list. A new piece of an Entry belongs here, and a
 * change of the list or of the Entry needs a new kFileFormat (file.hpp).
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::store
{

/* Calls visit(dsa_pointer &data, uint64 size, uint32 raw_size) for each. A piece that was dropped has a size
 * but no data. raw_size is what it takes when decompressed, 0 where it is not compressed. */
template <typename AnyEntry, typename Visit> void ForEachPiece(AnyEntry &entry, Visit visit)
{
    for (auto *blob : {&entry.query, &entry.tree})
        visit(blob->data, uint64{blob->size}, blob->raw_size);
    visit(entry.example.data, SizeOf(entry.example), uint32{0});
    for (auto &sample : entry.samples)
        visit(sample.data, uint64{sample.text_size} + sample.path_size + sample.params_size, uint32{0});
    for (auto &scan : entry.scans)
        visit(scan.filter, uint64{scan.filter_size}, uint32{0});
    visit(entry.rows, uint64{entry.row_count} * sizeof(RowFact), uint32{0});
}

/* Bytes of the pieces that are there. */
inline uint64 PieceBytes(const Entry &entry)
{
    uint64 bytes = 0;
    ForEachPiece(entry, [&](const dsa_pointer &data, uint64 size, uint32) {
        if (DsaPointerIsValid(data))
            bytes += size;
    });
    return bytes;
}

} // namespace pg_advisor::store
