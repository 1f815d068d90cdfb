/*
 * One entry in the statistics file: its image, then the pieces that it has. Private to store/.
 *
 * In the image a pointer only says whether the piece follows: kPieceFollows, or invalid.
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::store
{

inline constexpr dsa_pointer kPieceFollows = 1;

/* Before each record: its bytes without these. */
using RecordLength = uint64;

/* What later readers could not bear, nullptr if nothing. Such an entry is not written: it would cost the others
 * the file. */
const char *WrongWith(const Entry &entry);
RecordLength RecordSize(const Entry &entry);
/* Writes RecordSize bytes. The partition is locked, or nobody else is there. */
void WriteRecord(const Entry &entry, char *to);

/* Copies the image and checks it, and that its pieces fill the record. Returns as WrongWith.
 * The pieces are at `from` + sizeof(Entry). */
const char *ReadRecord(const char *from, RecordLength size, Entry *image);

} // namespace pg_advisor::store
