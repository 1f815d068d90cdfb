/*
 * The recorded workload as queries that can be planned again.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"
#include "whatif/plannable.hpp"

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

/* The statements of this database that the caller may see, dearest first. Trees and parameters are palloc'd
 * in CurrentMemoryContext. Throws Failure 55000 where nothing is recorded. */
Vector<WorkItem> LoadWorkload();

/* The given texts; one that cannot be parsed becomes an item with a problem. */
Vector<WorkItem> WorkloadOf(const Vector<String> &texts);

} // namespace pg_advisor
