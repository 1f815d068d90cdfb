/*
 * Allocation in the text area. Private to store/: the caller holds the entry's partition exclusively.
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::store
{

dsa_area *TextArea();

inline dsa_pointer CopyIn(const char *data, uint32 size)
{
    if (TextArea() == nullptr || size == 0)
        return InvalidDsaPointer;
    dsa_pointer pointer = dsa_allocate_extended(TextArea(), size, DSA_ALLOC_NO_OOM);
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
