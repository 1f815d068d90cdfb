/*
 * From a workload to suggestions: the whole of the index advice, above a cost model.
 *
 * Called by boundary/functions for advisor.suggest_indexes and by the hot-spot report. Pure C++.
 */
#pragma once

#include "advise/catalog.hpp"
#include "advise/cost_model.hpp"

#include <optional>

namespace pg_advisor
{

/* One statement of the workload; its queries (sets of constants) are members of the cost model. */
struct StatementInfo
{
    std::int64_t queryid = 0;         /* 0 for texts given by the caller */
    String text;                      /* normalised, for the reason */
    double calls = 1;
    double total_time = 0;            /* ms over those calls; 0: unknown */
    Vector<QueryId> queries;          /* at least one */
    Vector<double> weights;           /* calls each of them stands for; sums to `calls` */
    Vector<QueryFacts> facts;         /* parallel to queries */
    bool writes = false;
    Oid32 written_relation = 0;
    Vector<std::int16_t> updated_columns;
    double rows_written = 0;          /* over those calls; 0: unknown, one row per call is assumed */
};

struct AdvisorOptions
{
    std::optional<double> storage_budget; /* bytes */
    double min_improvement = 0.01;        /* of the whole workload's cost, per index */
    std::optional<int> max_indexes;
    double time_limit_ms = 30000;
};

struct HelpedStatement
{
    std::size_t statement = 0;  /* index into the workload */
    double cost_before = 0, cost_after = 0; /* per call */
    /* Where counted rows have changed the price: of the step that the planner is most wrong about. */
    double expected_rows = 0, counted_rows = 0;
};

/* What takes the place of an index that is dropped. */
struct Replacement
{
    const ExistingIndex *dropped = nullptr; /* of the catalog; null: the suggestion creates an index */
    String by;                 /* name of the index that serves instead, unquoted; empty: a suggested one */
    std::size_t suggestion = 0; /* that one, by its place among the suggestions */
    bool same = false;         /* both have the same keys; else the dropped one's are the first of the other's */
    double dearest_rise = 0;   /* of a recorded query's cost, relative */
};

struct Suggestion
{
    IndexSpec index;
    Replacement replacement;
    double bytes = 0;
    double cost_before = 0, cost_after = 0;    /* planner cost of the whole workload around this step */
    double improvement = 0;                    /* (before - after) / cost before the first step */
    double time_saved = 0;                     /* ms over the recorded calls, 0 where times are unknown */
    double write_overhead = 0;                 /* planner cost units over the same window */
    Vector<HelpedStatement> helped;            /* dearest gain first */
};

/* Indexes that are not suggested because of the rows that were counted. Costs are per call; those before are with
 * what is suggested. */
struct Withheld
{
    std::size_t statement = 0; /* index into the workload */
    Vector<IndexSpec> indexes;
    double planner_before = 0, planner_after = 0;
    double counted_before = 0, counted_after = 0; /* the same by the counted rows */
    double expected_rows = 0, counted_rows = 0;   /* of the step that the planner is most wrong about */
    double gain = 0;                              /* of the workload, by the planner */
};

struct Advice
{
    Vector<Suggestion> suggestions;
    Vector<Withheld> withheld;
    double cost_before = 0, cost_after = 0;
    bool timed_out = false;
};

/* `clock_ms` returns monotonic milliseconds. Deterministic as long as the time limit is not reached. */
Advice SuggestIndexes(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model,
                      const AdvisorOptions &options, double (*clock_ms)());

} // namespace pg_advisor
