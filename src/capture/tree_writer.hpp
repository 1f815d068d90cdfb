/*
 * The analysed, rewritten Query tree of a statement, on its way into the store.
 *
 * It replans without parsing, whatever the search_path, and exists for statements whose text alone means
 * nothing (inside PL/pgSQL, RI triggers). Called at most once per statement and backend.
 */
#pragma once

#include "store/store.hpp"

namespace pg_advisor::capture
{

/* Serialises and stores the tree; drops it (counted) where it is larger than is worth keeping. */
void KeepTree(const store::StatementKey &key, Query *query);

} // namespace pg_advisor::capture
