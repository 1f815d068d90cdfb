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

/* What a statement does to one table. */
struct TableWrite
{
    Oid32 relation = 0;                   /* the topmost one of partitions */
    bool adds = false;                    /* inserts or deletes rows */
    Vector<std::int16_t> updated_columns; /* with `adds`, too: it does now one, now the other */
    double rows = 0;                      /* over all calls; 0: unknown, one row per call is assumed */
};

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
    Vector<TableWrite> writes;
};

/* For how long the server has counted what is used. */
struct Observation
{
    std::optional<double> unused_after; /* seconds without a scan that make an index unused; none: no verdict */
    double seconds = 0;
    bool replicas = false;              /* something replicates from this server */
};

struct AdvisorOptions
{
    std::optional<double> storage_budget; /* bytes */
    double min_improvement = 0.01;        /* of the whole workload's cost, per index */
    std::optional<int> max_indexes;
    double time_limit_ms = 30000;
    bool explain_rejected = false;        /* fills Advice::rejected, which may take half the time limit more */
    Observation observation;
    double pricing_ms = 0;                /* what the plans of all queries without new indexes took, if known */
    std::size_t max_searched = 2000;      /* statements; of more some stand for all while the set is searched */
    std::size_t random_sets = 0;          /* for each query, to check the cost model: see random_sets.hpp */
};

/* What came of asking about random sets. */
struct RandomSets
{
    std::size_t sets = 0;
    std::size_t smaller = 0;   /* asked again without indexes that the plan did not use */
    std::size_t different = 0; /* of those: another plan, or one of another cost */
    double furthest = 0;       /* of these costs, relative */
};

struct HelpedStatement
{
    std::size_t statement = 0;  /* index into the workload */
    double cost_before = 0, cost_after = 0; /* per call, by the planner */
    std::optional<Doubt> doubt; /* where the planner's price was corrected, to these: */
    double corrected_before = 0, corrected_after = 0;
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

/* Why an index that is dropped would not be missed. */
struct Disuse
{
    double seconds = 0;     /* without a scan of it */
    double observed = 0;    /* seconds of counting */
    double table_reads = 0; /* of its table in those */
    bool replicas = false;  /* there may be scans elsewhere */
    double updates = 0;     /* not 0: so many recorded ones were not heap-only because of it, and that is the reason */
    double upkeep_share = 0; /* what that costs, of the workload's cost */
};

struct Suggestion
{
    IndexSpec index;
    Replacement replacement;
    std::optional<Disuse> disuse; /* then nothing takes its place */
    double bytes = 0;
    double cost_before = 0, cost_after = 0;    /* planner cost of the whole workload around this step */
    double improvement = 0;                    /* (before - after) / cost before the first step */
    double time_saved = 0;                     /* ms over the recorded calls, 0 where times are unknown */
    double write_overhead = 0;                 /* planner cost units over the same window */
    Vector<HelpedStatement> helped;            /* dearest gain first */
};

/* Why an index is not suggested. Costs are those that the search compares: planner cost with excess heap fetches, of
 * which changes too small to count are left out. */
enum class Obstacle
{
    None,
    Unused,       /* no plan has it */
    Dearer,       /* some query would be */
    Budget,       /* it takes more than all */
    NoHelp,       /* no statement gets noticeably cheaper */
    Upkeep,       /* eats up what it saves */
    SmallGain,
    RanOnce,      /* the statements that it is for, beside a running workload */
    BelowMinimum, /* min_improvement */
    Prefix,       /* a suggested one begins with it */
    SameWork,     /* is done by what is suggested */
    Room,         /* the budget is used up */
    Number,       /* max_indexes is */
    NotReached,   /* nothing; the search ended before */
    SmallTable,   /* these two are of a table, no index was considered */
    NotAnalyzed,
};

struct Rejection
{
    Obstacle obstacle = Obstacle::None;
    Oid32 relation = 0;
    IndexSpec index;           /* without keys: see Obstacle */
    double bytes = 0;
    double cost_before = 0, cost_after = 0; /* planner cost of the whole workload, with this index alone */
    double write_overhead = 0;
    double saves = 0;          /* cost of reading, alone */
    double adds = 0;           /* the same beside the suggested indexes */
    double share = 0;          /* BelowMinimum: of the workload's cost, its upkeep deducted */
    double bytes_together = 0; /* Room */
    HelpedStatement dearer;    /* Dearer: with the constants that it is worst for */
    std::optional<std::size_t> suggestion; /* Prefix, SameWork: which */
};

/* Indexes that are not suggested because the planner takes them to cost too little. Costs are per call; those before are with
 * what is suggested. */
struct Withheld
{
    std::size_t statement = 0; /* index into the workload */
    Vector<IndexSpec> indexes;
    double planner_before = 0, planner_after = 0;
    double corrected_before = 0, corrected_after = 0;
    Doubt doubt;
    double gain = 0; /* of the workload, by the planner */
};

struct Advice
{
    Vector<Suggestion> suggestions;
    Vector<Rejection> rejected; /* only if asked for */
    Vector<Withheld> withheld;
    Vector<Oid32> not_analyzed; /* tables that an index might help, without statistics to tell */
    double cost_before = 0, cost_after = 0;
    bool timed_out = false;
    RandomSets random_sets;
};

/* `clock_ms` returns monotonic milliseconds. Deterministic as long as the time limit is not reached. */
Advice SuggestIndexes(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model,
                      const AdvisorOptions &options, double (*clock_ms)());

} // namespace pg_advisor
