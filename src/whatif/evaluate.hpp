/*
 * What advisor.what_if and advisor.evaluate_indexes do, below the SQL shims of boundary/functions_whatif.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/pg.hpp"
#include "workload/workload.hpp"

#include <optional>

namespace pg_advisor::whatif
{

struct Evaluation
{
    std::optional<std::int64_t> queryid;
    String text;
    double calls = 1;
    std::optional<double> cost_before, cost_after; /* per call */
    Vector<String> indexes_used;                   /* of the plan after */
    std::optional<double> write_overhead;          /* per call: see upkeep.hpp */
    String problem;                                /* why there is no cost */
};

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
