/*
 * One run of the index advice over a workload: the bridge from WorkItems to advise/ and back.
 *
 * Called by advisor.suggest_indexes and by the hot-spot report.
 */
#pragma once

#include "advise/advisor.hpp"
#include "workload/workload.hpp"

namespace pg_advisor
{

struct AdviceRun
{
    Catalog catalog;
    Vector<StatementInfo> statements;
    Vector<SkippedStatement> skipped;
    std::size_t unseen = 0; /* those that the time did not suffice for: the last ones */
    Advice advice;
};

/* What advisor.progress calls it. */
const char *PhaseName(Phase phase);

/* Throws only what must stop the run (a cancel); a statement that cannot be planned is skipped. */
void RunAdvice(WorkloadSource &source, const AdvisorOptions &options, AdviceRun *run);

} // namespace pg_advisor
