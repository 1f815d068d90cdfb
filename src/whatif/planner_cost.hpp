/*
 * The CostModel of the server: real planner calls with hypothetical and hidden indexes.
 *
 * One object serves one SQL call. Every planner call runs in the sandbox as the query's user, inside a
 * what-if session; costs are cached by (query, indexes that can matter to it).
 */
#pragma once

#include "advise/catalog.hpp"
#include "advise/cost_model.hpp"
#include "store/progress.hpp"
#include "whatif/plannable.hpp"

#include <memory>

namespace pg_advisor::whatif
{

/* Indexes to look for in a plan, and what to call them; no name: their own. */
struct WantedIndexes
{
    Vector<Oid32> oids;
    String name;
};

class PlannerCost final : public CostModel
{
  public:
    /* Reads tables and existing indexes through `catalog`, which must hold every relation of the queries
     * added later (see ReadCatalog) and outlive this object. */
    explicit PlannerCost(Catalog &catalog);
    ~PlannerCost() override;

    /* Throws Failure if the tree refers to what no longer exists or was altered (whatif/tree_check). */
    QueryId AddQuery(const PlannableQuery &query);
    /* One planner call without what-ifs that records what is asked of each base relation. */
    QueryFacts Collect(QueryId query);
    /* Relations (tables, partitioned parents) the query reads or writes. */
    const Vector<Oid32> &Relations(QueryId query) const;
    /* Lines of EXPLAIN under the configuration. Checks the current user's table privileges. */
    Vector<String> Explain(QueryId query, const Configuration &configuration);
    /* How the plan reads these indexes: see index_usage.hpp. Checks the same privileges. */
    String Usage(QueryId query, const Configuration &configuration, const WantedIndexes &wanted);

    std::size_t Queries() const override;
    IndexId Add(const IndexSpec &index) override;
    IndexSize Size(IndexId index) override;
    Vector<IndexId> Promising(QueryId query, const Vector<IndexId> &indexes) override;
    double ScatteredPageCost() const override;
    PlanCost Cost(QueryId query, const Configuration &configuration) override;
    void CheckInterrupts() override;
    void Report(const SearchProgress &progress) override;

    /* Where to report planner calls and what the search tells; it outlives this object. */
    void ReportTo(store::Progress *progress);
    /* How EXPLAIN calls a hypothetical index. */
    const char *Name(IndexId index) const;
    /* By which plans know a hypothetical index, and an existing one with its parts. */
    Oid32 OidOf(IndexId index) const;
    const Vector<Oid32> &PartsOf(Oid32 index) const;
    std::size_t PlannerCalls() const;
    /* With pg_advisor.debug_cost_cache: what came of planning known plans again. */
    void ReportCache() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pg_advisor::whatif
