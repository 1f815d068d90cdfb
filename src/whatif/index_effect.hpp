/*
 * What one index does for each statement of a workload: advisor.suggestion_queries, below its SQL shim.
 */
#pragma once

#include "workload/workload.hpp"

namespace pg_advisor::whatif
{

struct StatementEffect
{
    std::optional<std::int64_t> queryid;
    String text;
    double calls = 1;
    double cost_before = 0, cost_after = 0; /* per call */
    String usage;                           /* as index_usage.hpp says it; empty: the plan does not read the index */

    double Gain() const { return (cost_before - cost_after) * calls; }
};

struct IndexEffect
{
    Vector<StatementEffect> statements; /* most gain first; only those that it does something for, or to */
    Vector<SkippedStatement> skipped;
    std::size_t planned = 0;
    String existing; /* name of a valid index of the same definition: then the effect is that of this one */
};

/* `ddl` as ParseIndex takes it. Throws Failure when the index is impossible. */
IndexEffect EffectOf(const String &ddl, const Vector<WorkItem> &items);

} // namespace pg_advisor::whatif
