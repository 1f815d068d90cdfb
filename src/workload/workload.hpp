/*
 * The recorded workload as queries that can be planned again.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"
#include "whatif/plannable.hpp"

#include <memory>
#include <optional>

namespace pg_advisor
{

/* A statement to be planned: one text of the caller, or a recorded one with the queries that stand for it. */
struct WorkItem
{
    std::optional<std::int64_t> queryid;
    String text;
    double calls = 1;
    double total_time = 0;                  /* ms over those calls; 0: unknown */
    double rows = 0;                        /* over those calls */
    double wal_records = 0;                 /* likewise; 0: unknown */
    Vector<whatif::PlannableQuery> queries; /* empty: could not be read, see problem */
    Vector<double> weights;                 /* calls each of them stands for; all 1 if empty */
    String problem;
    bool check_privileges = true;           /* recorded statements were checked when they ran */
};

/* One that could not be looked at. */
struct SkippedStatement
{
    String text;
    String problem;
};

struct StatementSnapshot;
/* One recorded statement; what is wrong with it, if anything, ends in `problem`. */
WorkItem MakeWorkItem(const StatementSnapshot &statement);
/* Whether it ran, the caller may see it, and there is something to plan. */
bool IsPlannable(const StatementSnapshot &statement);

/* Statements that are made ready for planning one by one, because of many that takes time. */
class WorkloadSource
{
  public:
    virtual ~WorkloadSource() = default;
    virtual std::size_t Size() const = 0;
    /* To be asked for once. Trees and parameters are palloc'd in CurrentMemoryContext. */
    virtual WorkItem Item(std::size_t number) = 0;
};

/* The statements of this database that the caller may see, dearest first. Throws Failure 55000 where nothing is
 * recorded. */
std::unique_ptr<WorkloadSource> RecordedWorkload();
/* The same of a copy that was taken with kTexts and kPlanning and outlives the result. */
std::unique_ptr<WorkloadSource> RecordedWorkload(const Vector<StatementSnapshot> &statements);
/* The given texts; one that cannot be parsed becomes an item with a problem. */
std::unique_ptr<WorkloadSource> TextWorkload(Vector<String> texts);

/* All items of these. */
Vector<WorkItem> LoadWorkload();
Vector<WorkItem> WorkloadOf(const Vector<String> &texts);

} // namespace pg_advisor
