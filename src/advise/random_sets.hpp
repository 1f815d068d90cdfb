/*
 * Random sets of candidates, put to the cost model for the sake of checking it.
 *
 * Called by advise/advisor before the search if AdvisorOptions::random_sets says so. What the caches answer to them is
 * compared by the model (whatif/planner_calls, pg_advisor.debug_cost_cache); what PlanTable concludes from larger sets is
 * compared here.
 */
#pragma once

#include "advise/evaluator.hpp"

namespace pg_advisor
{

/* `count` sets for each query, the same in every run. Changes nothing that the search sees. */
RandomSets AskRandomSets(Evaluator &evaluator, std::size_t count);

} // namespace pg_advisor
