/*
 * What it costs to keep an index up to date over the window in which the workload was recorded.
 *
 * Used by advise/search as the second half of its objective. The planner's cost of INSERT and UPDATE leaves
 * index maintenance out, so that it has to be added here, in the same unit. Counted are the write statements
 * of the workload itself, because their window is by construction that of the reads; the counters of the
 * table, whose window is another one and contains its first load, only give the share of HOT updates.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

class WriteCosts
{
  public:
    WriteCosts(const Vector<StatementInfo> &workload, const Catalog &catalog);

    /* Planner cost units over the window. 0 for a table that nothing writes. */
    double Of(const IndexSpec &index, const IndexSize &size) const;

    /* Updates that could be heap-only but for this index of the table, and what they pay for that. */
    struct Ended
    {
        double rows = 0, cost = 0;
    };
    Ended EndedBy(const ExistingIndex &index, const TableInfo &table) const;

  private:
    struct Update
    {
        Vector<std::int16_t> columns;
        double rows = 0;
    };
    struct Writes
    {
        double entries = 0; /* inserted or deleted rows */
        Vector<Update> updates;
    };

    void Add(const TableWrite &write, double rows);
    double ShareOfUpdates(Oid32 relation) const;

    const Catalog &catalog_;
    Map<Oid32, Writes> writes_;
};

/* Size and height of an index nobody measured. */
IndexSize GuessedSize(double bytes);

/* Cost of one new entry. */
double EntryCost(const IndexSpec &index, const TableInfo &table, const IndexSize &size);

} // namespace pg_advisor
