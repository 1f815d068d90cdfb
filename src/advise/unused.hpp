/*
 * Indexes that nothing has used for as long as the server has counted: what makes one a candidate for a drop.
 *
 * Called by advise/drops after the redundant ones, so that nothing is dropped twice. Pure C++: the counters are in the
 * catalog, how long they have run is in AdvisorOptions.
 */
#pragma once

#include "advise/advisor.hpp"
#include "advise/evaluator.hpp"
#include "advise/write_cost.hpp"

#include <optional>

namespace pg_advisor
{

/* Existing indexes in the plans of the workload, without any change and with these ones. */
Set<Oid32> UsedByPlans(Evaluator &evaluator, const Configuration &now);

/* Whether nothing but queries could need it. `gone`: indexes that are dropped already. */
bool IsExpendable(const ExistingIndex &index, const TableInfo &table, const Vector<Oid32> &gone);

/* Why nobody would miss it, as far as the counters and its upkeep tell, or nothing. `cost`: the workload's. */
std::optional<Disuse> FindDisuse(const ExistingIndex &index, const TableInfo &table, const Observation &observation,
                                 const WriteCosts &writes, double cost);

} // namespace pg_advisor
