/*
 * Which candidates are worth searching over, found by planner calls and not by syntax.
 *
 * Called by advise/advisor between candidates and search. One call per query with all of its candidates at
 * once finds those that only pay together (the arms of an OR, both sides of a merge join); one call per
 * query and candidate finds the rest, as far as planning the query is cheap.
 */
#pragma once

#include "advise/evaluator.hpp"

namespace pg_advisor
{

struct Pool
{
    Chosen numbers;        /* of the candidates that survive, ascending */
    Vector<Chosen> groups; /* used together by some query: added as one move */
    Chosen together;       /* all that the plans with everything use */
    Map<std::size_t, double> gains; /* of candidates alone, weighted over the workload; of those that were asked about */
};

Pool Prune(Evaluator &evaluator, double min_improvement, Deadline &deadline);

} // namespace pg_advisor
