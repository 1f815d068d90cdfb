/*
 * Fills advise/catalog structures from the system catalogs and statistics, through the sandbox.
 */
#pragma once

#include "advise/catalog.hpp"
#include "boundary/pg.hpp"
#include "whatif/table_scan.hpp"

namespace pg_advisor::whatif
{

/* Adds `relation` alone to the catalog unless it is there, as below. */
void ReadOne(Catalog &catalog, Oid relation, Detail detail);

/* Adds `relation` to the catalog unless it is there; a partition adds its topmost parent too, and that
 * parent's leaves. Relations that are gone, or whose lock is not to be had at once, are left out. */
void ReadTable(Catalog &catalog, Oid relation);

/* Topmost partitioned parent of a relation, or the relation itself. */
Oid RootOf(Oid relation);

} // namespace pg_advisor::whatif
