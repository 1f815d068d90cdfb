/*
 * The inside of PlannerCost, shared by planner_cost.cpp (costs) and explain.cpp (EXPLAIN).
 */
#pragma once

#include "boundary/sandbox.hpp"
#include "whatif/hypothetical.hpp"
#include "whatif/plan_reader.hpp"
#include "whatif/planner_cost.hpp"
#include "whatif/session.hpp"

namespace pg_advisor::whatif
{

/* What the hooks of one planner call look at: plain memory. */
struct CallWorld : World
{
    HypotheticalIndex **indexes = nullptr;
    int index_count = 0;
    const Oid *hidden = nullptr;
    int hidden_count = 0;
    List *index_paths = NIL;
};

/* An existing index that may be hidden: itself and, if partitioned, its parts. */
struct HiddenIndex
{
    Vector<Oid> parts;
    Vector<Oid> tables;
};

struct QueryState
{
    PlannableQuery query;
    Vector<Oid32> relations;
    Set<Oid> expanded;              /* with all children: the tables an index on which can matter */
    bool without_stable_calls = false;
    Map<Configuration, PlanCost> costs;
};

struct PlannerCost::State
{
    explicit State(Catalog &tables);
    ~State();

    QueryState &Query(QueryId id) { return queries.at(id); }
    /* The part of the configuration that can matter to the query: the cache key. */
    Configuration Relevant(const QueryState &query, const Configuration &configuration);
    const HiddenIndex &Hidden(Oid index);
    /* Prepares a world; its arrays live in the two vectors. */
    void Open(CallWorld *world, const Configuration &relevant, Vector<HypotheticalIndex *> *indexes,
              Vector<Oid> *hidden);
    Oid NextOid();

    Catalog &catalog;
    MemoryContext keep;             /* templates of hypothetical indexes */
    MemoryContext work;             /* one planner call */
    Vector<QueryState> queries;
    Vector<HypotheticalIndex *> indexes;
    Map<Oid, IndexId> by_oid;
    Map<Oid, HiddenIndex> hidden;
    Oid last_oid = 0xFFFFFF00;
    std::size_t planner_calls = 0;
};

} // namespace pg_advisor::whatif
