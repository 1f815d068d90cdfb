/*
 * Allocation in the text area. Private to store/: the caller holds the entry's partition exclusively.
 */
#pragma once

#include "store/store.hpp"

namespace pg_advisor::store
{

dsa_area *TextArea();

/* Gives back the blocks that are free but kept for pieces of one size only: without it a small area ends up
 * divided among the sizes that came first, and has no room for any other, not even after a reset. */
inline void Compact()
{
    if (TextArea() != nullptr)
        dsa_trim(TextArea());
}

inline void Free(dsa_pointer *pointer)
{
    if (DsaPointerIsValid(*pointer) && TextArea() != nullptr)
        dsa_free(TextArea(), *pointer);
    *pointer = InvalidDsaPointer;
}

inline dsa_pointer CopyIn(const char *data, uint32 size)
{
    if (TextArea() == nullptr || size == 0)
        return InvalidDsaPointer;
    dsa_pointer pointer = dsa_allocate_extended(TextArea(), size, DSA_ALLOC_NO_OOM);
    if (DsaPointerIsValid(pointer))
        memcpy(dsa_get_address(TextArea(), pointer), data, size);
    return pointer;
}

void FreeTextsOf(Entry *entry);
/* Of an entry that is about to be evicted: its example's place is kept for the next one. */
void LeaveSpare(uint32 partition, Entry *entry);
void FreeSpares(uint32 partition);
/* Makes the text the entry's example or query text, unless it has one that is as good. True if it is the example. */
bool KeepText(uint32 partition, Entry *entry, const TextData &text, TimestampTz now);

} // namespace pg_advisor::store
