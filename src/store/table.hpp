/*
 * The hash table of one partition: find, insert with eviction, remove. Private to store/.
 *
 * Find needs the partition's lock in any mode, the others exclusively.
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::store
{

/* What losing it would cost: see table.cpp. */
double WorthOf(const Entry &entry, TimestampTz now);
Entry *Find(uint32 partition, uint32 hash, const StatementKey &key);
/* Finds or makes, in order to change it. Evicts the entries that are cheapest to lose when the partition is full. */
Entry *FindOrInsert(uint32 partition, uint32 hash, const StatementKey &key, TimestampTz now);
void Remove(uint32 partition, Entry *entry);
/* Frees memory of the text area by removing the cheapest entry other than `keep`; false if there is none. */
bool EvictOne(uint32 partition, const Entry *keep, TimestampTz now);

} // namespace pg_advisor::store
