/*
 * Allocation in the text area. Private to store/: the caller holds the entry's partition exclusively.
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::store
{

dsa_area *TextArea();

inline dsa_pointer Allocate(uint32 size)
{
    if (TextArea() == nullptr || size == 0)
        return InvalidDsaPointer;
    return dsa_allocate_extended(TextArea(), size, DSA_ALLOC_NO_OOM);
}

/* Gives back the blocks that are free but kept for pieces of one size only: without it a small area ends up
 * divided among the sizes that came first, and has no room for any other, not even after a reset. */
inline void Compact()
{
    if (TextArea() != nullptr)
        dsa_trim(TextArea());
}

inline dsa_pointer CopyIn(const char *data, uint32 size)
{
    dsa_pointer pointer = Allocate(size);
    if (DsaPointerIsValid(pointer))
        memcpy(dsa_get_address(TextArea(), pointer), data, size);
    return pointer;
}

inline void Free(dsa_pointer *pointer)
{
    if (DsaPointerIsValid(*pointer) && TextArea() != nullptr)
        dsa_free(TextArea(), *pointer);
    *pointer = InvalidDsaPointer;
}

void FreeTextsOf(Entry *entry);

} // namespace pg_advisor::store
