/*
 * What the collector finds while the planner runs: plain structures, palloc'd, no destructors.
 *
 * The collector works in a hook below PostgreSQL frames, where an exception must not leave and an ereport
 * skips destructors; collector.cpp turns these into advise/query_facts after the planner returned.
 */
#pragma once

#include "advise/query_facts.hpp"
#include "boundary/pg.hpp"
#include "whatif/expression_statistics.hpp"

namespace pg_advisor::whatif
{

/* The table an index would be made on: for a partition its topmost parent. */
struct IndexTarget
{
    PlannerInfo *root;
    RelOptInfo *rel;
    Oid relation;
    const AttrNumber *columns; /* null: the numbers are the same; else see MapColumns */
    int column_count;
};

struct FoundKey
{
    AttrNumber column; /* 0: an expression */
    const char *expression;
    const char *node;
    bool descending, nulls_first;
    Oid opclass;         /* 0: the default one */
    Oid asked_collation; /* of the comparison or order; 0: the key's own */
    /* not part of the fact: what a clause or an order must agree with */
    Oid family, collation; /* family 0: not a key of a B-tree */
    Oid type;
};

struct FoundClause
{
    FoundKey key;
    ClauseKind kind;
    const char *access_method; /* of Search and Nearest */
    double selectivity;
    uint64 outer;
    bool in_or;
    Node *source; /* what the planner estimates; null: nothing to be combined */
    const char *predicate;
    const char *predicate_node;
};

struct FoundRelation
{
    Oid relation;
    Index number;
    double rows, selected_rows;
    bool limited;
    List *clauses; /* of FoundClause */
    List *orders;  /* of List of FoundKey */
    Bitmapset *needed; /* offset by FirstLowInvalidHeapAttributeNumber */
};

/* The what-if world of a collecting planner call. */
struct Collecting : CarryingWorld
{
    MemoryContext context = nullptr;
    List *relations = NIL; /* of FoundRelation */
};

/* World::collect: below the planner, so C rules. What it leaves is in the context of `world`. */
void CollectRelation(World *world, PlannerInfo *root, RelOptInfo *rel, Index number, RangeTblEntry *rte);

/* Whether `operand` could be a key of some index on the target; fills *key. */
bool FindAnyKey(const IndexTarget &target, Node *operand, FoundKey *key);
/* The same of a default B-tree index. */
bool FindKey(const IndexTarget &target, Node *operand, FoundKey *key);
/* Notes under which collation the key is compared or ordered; false where it has none, or needs one. */
bool AskCollation(FoundKey *key, Oid collation);
bool SameKey(const FoundKey &one, const FoundKey &other);

/* Facts of one clause without connectives go to sink->found. */
struct ClauseSink
{
    const IndexTarget *target;
    List *found;  /* of FoundClause */
    Node *source; /* the clause as the planner estimates it */
    Node *clause; /* the bare clause: decides what it joins to */
    Node *whole;  /* the outermost bare clause */
    bool in_or;
};

/* The number of facts an index can be entered by. */
int ExamineClause(ClauseSink *sink, Node *clause, Node *source);

/* The other base relations of a bare clause, as ClauseFact::outer. */
uint64 OuterOf(const IndexTarget &target, Node *clause);

void CollectClauses(const IndexTarget &target, FoundRelation *found);
void CollectOrders(const IndexTarget &target, FoundRelation *found);

} // namespace pg_advisor::whatif
