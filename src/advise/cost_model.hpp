/*
 * The search's view of the planner: cost of a query under a set of indexes that may not exist.
 *
 * whatif/planner_cost implements it with real planner calls; unit tests with a fake. Costs are planner
 * units. Queries and indexes are numbered from 0 in the order they were added.
 */
#pragma once

#include "advise/query_facts.hpp"

#include <optional>

namespace pg_advisor
{

using QueryId = std::size_t;
using IndexId = std::size_t;

/* A set of hypothetical indexes and of existing ones that are hidden; both sorted ascending. */
struct Configuration
{
    Vector<IndexId> created;
    Vector<Oid32> hidden;

    bool operator==(const Configuration &) const = default;
    bool operator<(const Configuration &other) const
    {
        return created != other.created ? created < other.created : hidden < other.hidden;
    }
};

/* Why a plan is taken to cost more than the planner says. */
struct Doubt
{
    double expected_rows = 1, counted_rows = 1; /* of the step where the planner is furthest off */
    double lookups = 0; /* not 0: it shares the pages that lookups read among more than these */
};

struct PlanCost
{
    double cost = 0;
    double correction = 0;     /* to be added: see whatif/observed_cost.hpp */
    Doubt doubt;               /* why */
    double joins_tried = 0;    /* pairs of paths: what the planner call took, roughly; 0 where that is not known */
    double heap_fetches = 0;   /* rows that index scans fetch: see whatif/plan_reader.hpp */
    double early_stop_risk = 0; /* to be added: see whatif/early_stop.hpp */
    Vector<IndexId> used;      /* hypothetical indexes in the plan, ascending */
    Vector<Oid32> used_existing; /* ascending; for that of a partition also the one it is part of */
};

struct IndexSize
{
    double bytes = 0;
    double height = 0; /* levels above the leaves */
    double entries = 1; /* index entries to write for a row, a B-tree's being 1 */
};

/* Where the advice is. */
enum class Phase
{
    Collecting, /* statement by statement: what its query asks for */
    Preparing,  /* costs without new indexes, and the candidates */
    Pruning,    /* of the candidates */
    Searching,
    Checking,   /* that no statement gets dearer */
    Describing, /* the indexes that were found */
    Dropping,   /* asking which indexes they make superfluous */
};

struct SearchProgress
{
    Phase phase = Phase::Collecting;
    std::size_t candidates = 0; /* those that are still considered */
    std::optional<double> cost_before; /* of the workload as the search sees it, without new indexes */
    std::optional<double> cost;        /* and with those just found */
};

class CostModel
{
  public:
    virtual ~CostModel() = default;

    /* Number of queries; each is one statement with one set of constants. */
    virtual std::size_t Queries() const = 0;
    /* Makes a hypothetical index known. Throws Failure where the server could not build it. */
    virtual IndexId Add(const IndexSpec &index) = 0;
    virtual IndexSize Size(IndexId index) = 0;
    /* Throws Failure when the query can no longer be planned. */
    virtual PlanCost Cost(QueryId query, const Configuration &configuration) = 0;
    /* Those of the indexes that are the best for something before joins are looked at: much cheaper than Cost where
     * there are many joins. */
    virtual Vector<IndexId> Promising(QueryId, const Vector<IndexId> &indexes) { return indexes; }
    /* What a page read costs more where the one before it was not its neighbour. */
    virtual double ScatteredPageCost() const { return 3; }
    /* Called in every loop of the search: throws when the user cancels. */
    virtual void CheckInterrupts() = 0;
    /* Called at the start of each phase, and when a set of indexes was found that may be the best so far. */
    virtual void Report(const SearchProgress &) {}
};

} // namespace pg_advisor
