/*
 * The DDL of a suggestion with the names this database has: free index names, operator classes, partitions.
 */
#pragma once

#include "advise/catalog.hpp"
#include "present/ddl.hpp"

namespace pg_advisor
{

/* A writer whose names are unique in the database and among themselves. */
DdlWriter MakeDdlWriter();
/* Adds partitions that have partitions to the catalog, to which the result points. */
Vector<PartitionNode> ReadPartitions(const TableInfo &table, Catalog &catalog);

} // namespace pg_advisor
