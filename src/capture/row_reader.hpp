/*
 * Reads from the plan state of a sampled execution how many rows its nodes gave, beside what the planner expected.
 */
#pragma once

#include "capture/executions.hpp"

namespace pg_advisor::capture
{

/* Hands the counts to the store, if the planner was wrong somewhere or `wanted`: the store has such counts already.
 * Never fails. */
void ReadRows(const Execution &execution, bool wanted);

} // namespace pg_advisor::capture
