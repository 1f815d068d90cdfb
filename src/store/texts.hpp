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

/* Bytes of the piece, 0 if there is none. */
inline Size SizeOf(const Example &example)
{
    if (!DsaPointerIsValid(example.data))
        return 0;
    const Size places = example.constants == kUnknownConstants ? 0 : sizeof(LocationLen) * example.constants;
    return MAXALIGN(example.text_size + example.path_size) + places;
}

void FreeTextsOf(Entry *entry);
/* Makes the text the entry's example or query text, unless it has one that is as good. */
void KeepText(uint32 partition, Entry *entry, const TextData &text, TimestampTz now);

} // namespace pg_advisor::store
