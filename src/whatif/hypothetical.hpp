/*
 * Indexes that do not exist: from an IndexSpec to what get_relation_info would tell the planner of it.
 *
 * BuildHypothetical checks and resolves everything once (C++ side, in the sandbox); Inject only copies and
 * runs inside the planner's hook, so what it reads is plain memory without constructors or destructors.
 */
#pragma once

#include "advise/index_spec.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* The index on one physical table: the table itself, or one leaf of a partitioned table. */
struct HypotheticalTable
{
    Oid relation;
    int *columns;       /* attribute numbers of this table, 0 for expressions */
    List *expressions;  /* Vars have varno 1 */
    List *predicate;    /* implicitly ANDed */
    double rows;        /* of the table when the index was sized */
    double fraction;    /* of them that are in the index */
    double pages;
    int height;
};

struct HypotheticalIndex
{
    Oid oid;            /* of no relation; the same on every leaf, as statistics are not kept under it */
    Oid relation;       /* the table of the CREATE INDEX */
    Oid method;
    char *name;         /* for EXPLAIN */
    int column_count;
    int key_count;
    Oid *families;
    Oid *types;
    Oid *collations;
    bool *descending;
    bool *nulls_first;
    bool *returned;     /* columns that an index-only scan can read */
    bool unique;
    bool deduplicate;
    List *expressions;  /* as in `relation`, Vars have varno 1 */
    HeapTuple *statistics; /* by key: of an expression, or null */
    HypotheticalTable *tables; /* by OID */
    int table_count;
    double bytes;       /* over all tables */
    double entries;     /* as IndexSize::entries */
    int height;         /* of the highest */
};

/* Whether the planner can cost an index of the method that is not there. */
bool CanBeHypothetical(std::string_view method);

/* Functions in expressions and predicate are called while they are folded and their selectivity is asked for: as the
 * user of the spec, because whoever wrote them must not gain the privileges of the one who asks for advice.
 * Allocated in `context`. Throws Failure where the server could not build the index. `statistics` are those of the
 * keys, where they are expressions that have some; without `samples` columns are taken to be independent. */
HypotheticalIndex *BuildHypothetical(const IndexSpec &spec, Oid oid, MemoryContext context,
                                     const Vector<HeapTuple> &statistics = {}, struct RowSamples *samples = nullptr);

/* The table of the index with that OID, or nullptr. */
const HypotheticalTable *TableOf(const HypotheticalIndex *index, Oid relation);

/* Appends the index to rel->indexlist if `relation` is one of its tables. Called by the planner hook. */
void Inject(const HypotheticalIndex *index, Oid relation, RelOptInfo *rel);

/* Appends what cannot be scanned, but makes the planner ask for statistics of the index's only key, an expression. On
 * a partitioned table, too. Called by the planner hook. */
void InjectStatistics(const HypotheticalIndex *index, Oid relation, RelOptInfo *rel);

/* Removes the indexes of `oids` from rel->indexlist. Called by the planner hook. ON CONFLICT looks its
 * arbiters up by itself, so an index it needs is not missed by it. */
void Hide(const Oid *oids, int count, RelOptInfo *rel);

/* The nodes of a node string, Vars numbered 1; NIL for an empty one. Predicates are ANDed lists. */
List *ReadPredicate(const char *node_string);

} // namespace pg_advisor::whatif
