/*
 * The analysed, rewritten Query tree of a statement, on its way into the store.
 *
 * It exists for statements whose text alone means nothing (inside PL/pgSQL, RI triggers, from a rule), whose
 * text may not be kept, or is too long. All others are analysed again from their text, which costs nothing
 * until somebody asks. Called at most once per statement and backend.
 */
#pragma once

#include "store/store.hpp"

namespace pg_advisor::capture
{

bool NeedsTree(const Query *query, const char *text, bool toplevel);
/* Serialises and stores the tree; drops it (counted) where it is larger than is worth keeping. */
void KeepTree(const store::StatementKey &key, Query *query);

} // namespace pg_advisor::capture
