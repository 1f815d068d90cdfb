/*
 * Choosing the set of indexes: lazy greedy from three starts, local search, cleanup.
 *
 * Called by advise/advisor with the candidates that survived pruning. Minimises the objective of the
 * Evaluator under a storage budget, a number of indexes, and the guard that no query gets worse.
 */
#pragma once

#include "advise/prune.hpp"

#include <optional>

namespace pg_advisor
{

struct SearchLimits
{
    std::optional<double> budget;   /* bytes */
    std::optional<int> max_indexes;
    double min_improvement = 0;
};

/* Always returns a set that keeps to the limits and to the guard; without new indexes if nothing is worth it
 * or the time was too short. The planner is asked about the final set until `checking` has passed. */
State Search(Evaluator &evaluator, const Pool &pool, const SearchLimits &limits, Deadline &deadline,
             Deadline &checking);

/* Takes out what is not worth its place when the planner is asked about exactly these sets, until `deadline` has passed.
 * A search that has run out of time has guessed what its last sets would cost without an index. */
State Settle(Evaluator &evaluator, State state, const SearchLimits &limits, Deadline &deadline);

/* Search for a set that was found for a part of the workload: all candidates, less those that are not worth their
 * place to the whole of it. */
State Confirm(Evaluator &evaluator, const SearchLimits &limits, Deadline &deadline);

} // namespace pg_advisor
