/*
 * Indexes that another one makes superfluous: exact duplicates, prefixes, repetitions of a unique index; then those that
 * nobody uses (advise/unused).
 *
 * Called by advise/advisor after the search, so that the new indexes count. Only where no recorded query gets
 * dearer by more than the guard allows, and never what a constraint, a replica identity, CLUSTER or a
 * partitioned index needs.
 */
#pragma once

#include "advise/advisor.hpp"
#include "advise/evaluator.hpp"

namespace pg_advisor
{

/* Appends a suggestion for each; `suggested` are the new indexes and the existing ones that they replace. */
void SuggestDrops(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
                  const Configuration &suggested, const Observation &observation, Deadline &deadline, Advice *advice);

} // namespace pg_advisor
