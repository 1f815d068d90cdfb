/*
 * Indexes that the planner's costs speak for, and the corrected ones do not.
 *
 * Called by advise/advisor after the search, so that a reader learns why an index that he may have expected is not
 * suggested. Pure.
 */
#pragma once

#include "advise/evaluator.hpp"

namespace pg_advisor
{

/* At most one for each statement, beside what is suggested; the largest apparent gain first. */
Vector<Withheld> FindWithheld(Evaluator &evaluator, const Vector<StatementInfo> &workload, const State &final_state,
                              double min_improvement);

} // namespace pg_advisor
