/*
 * What advisor.what_if and advisor.evaluate_indexes do, below the SQL shims of boundary/functions_whatif.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"
#include "whatif/plannable.hpp"

#include <optional>

namespace pg_advisor::whatif
{

/* A statement to be evaluated: one text, or a recorded statement with the queries that stand for it. */
struct WorkItem
{
    std::optional<std::int64_t> queryid;
    String text;
    double calls = 1;
    Vector<PlannableQuery> queries;  /* empty: could not be read, see problem */
    Vector<double> weights;          /* parallel to queries; all 1 if empty */
    String problem;
    bool check_privileges = true;    /* recorded statements were checked when they ran */
};

struct Evaluation
{
    std::optional<std::int64_t> queryid;
    String text;
    double calls = 1;
    std::optional<double> cost_before, cost_after; /* per call */
    Vector<String> indexes_used;                   /* of the plan after */
    String problem;                                /* why there is no cost */
};

/* The given texts as statements; one that cannot be parsed becomes an item with a problem. */
Vector<WorkItem> ReadTexts(const Vector<String> &texts);

/* Throws Failure when an index is impossible; a statement that cannot be planned keeps its row. */
Vector<Evaluation> Evaluate(const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes,
                            const Vector<WorkItem> &items);

struct IndexEstimate
{
    Oid relation = InvalidOid;
    double bytes = 0;
    double height = 0;
};

/* Size of the index that a CREATE INDEX would build. */
IndexEstimate EstimateIndex(const String &ddl);

Vector<String> WhatIf(const String &query, const Vector<String> &create_indexes, const Vector<Oid> &drop_indexes);

} // namespace pg_advisor::whatif
