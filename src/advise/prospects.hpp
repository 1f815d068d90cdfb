/*
 * Which candidates can become worth their place at all, judged from above: the search leaves the others out.
 *
 * Called by advise/search once pruning has found out what each candidate brings. In a large workload most candidates
 * serve one statement of hundreds, and no set makes that worth an index.
 */
#pragma once

#include "advise/search.hpp"

namespace pg_advisor
{

/* The pool without the hopeless. The evaluator's plans are narrowed. */
Pool WithProspects(const Evaluator &evaluator, const Pool &pool, double min_improvement);

} // namespace pg_advisor
