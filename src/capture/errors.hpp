/*
 * Errors of statements, noted where they pass and counted when the transaction ends.
 *
 * In PG_CATCH the failing code may still hold locks, so nothing but this array may be touched there.
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::capture
{

extern HIDDEN uint32 noted_errors; /* in this transaction */

void NoteError(const store::StatementKey &key, int sqlstate);
/* In the transaction callbacks: counts what was noted; true if there was something. Raises nothing. */
bool CountErrors();

} // namespace pg_advisor::capture
