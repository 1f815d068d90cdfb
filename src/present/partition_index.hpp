/*
 * Which index of a partition can become part of its parent's new index, and how it comes back afterwards.
 */
#pragma once

#include "present/ddl.hpp"

namespace pg_advisor
{

enum class Directions
{
    Same,
    Any, /* ascending or descending, as the server judges when it looks for an index to attach */
};

/* A valid index of the partition's own with the definition of `index` on `parent`, or nullptr. */
const ExistingIndex *MatchingIndex(const IndexSpec &index, const TableInfo &parent, const PartitionNode &partition,
                                   Directions directions);

/* Whether a foreign table is among the partitions, on any level. */
bool HasForeign(const Vector<PartitionNode> &partitions);

/* CREATE INDEX of an index that is there: CONCURRENTLY, or of a partitioned table with all its parts. */
String Recreation(const ExistingIndex &index, bool partitioned);

} // namespace pg_advisor
