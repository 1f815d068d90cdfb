/*
 * A fast 64-bit hash of what an analysed query is, constants aside.
 *
 * The server's query id costs a third of all recording: it copies every field to a buffer and hashes that.
 * This hash is only the key of a small table that remembers the ids the server has computed (query_ids.cpp),
 * so it may tell apart more than the id does, never less: whatever a node type adds to the server's id has to
 * be in it. It knows the usual node types and says so when it meets another.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::capture
{

/* True if every node is known; then *result holds the hash. Allocates nothing, raises nothing. */
bool Fingerprint(const Query *query, uint64 *result);

} // namespace pg_advisor::capture
