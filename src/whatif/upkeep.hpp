/*
 * What a statement's own writes pay for a set of index changes: the column write_overhead of
 * advisor.evaluate_indexes, by the model of advise/write_cost.
 */
#pragma once

#include "whatif/planner_cost.hpp"
#include "workload/workload.hpp"

#include <optional>

namespace pg_advisor::whatif
{

class Upkeep
{
  public:
    /* The catalog is the model's. */
    Upkeep(Catalog &catalog, PlannerCost &model) : catalog_(catalog), model_(model) {}

    void AddCreated(const IndexSpec &spec, IndexId index);
    void AddDropped(Oid index);

    /* Planner cost units per call; negative if more is saved than added. Nothing where it is not known: a table that
     * could not be read, the index of one partition when the partitioned table is written. */
    std::optional<double> Of(const WorkItem &item) const;

  private:
    struct Change
    {
        Oid relation = InvalidOid;
        Oid root = InvalidOid;
        bool known = false;
        double sign = 1;
        IndexSpec spec;
        IndexSize size;
    };

    Change ChangeOf(Oid relation);

    Catalog &catalog_;
    PlannerCost &model_;
    Vector<Change> changes_;
};

} // namespace pg_advisor::whatif
