/*
 * Which indexes were considered and are not suggested, and what stands against each.
 *
 * Called by advise/advisor when the caller wants to know (advisor.rejected_indexes); present/rejections makes
 * sentences of it. Everything is the planner's answer to exactly the set that it is about.
 */
#pragma once

#include "advise/advisor.hpp"
#include "advise/deadline.hpp"
#include "advise/evaluator.hpp"

namespace pg_advisor
{

/* What the search worked with. */
struct Considered
{
    Chosen chosen;                   /* the suggested ones */
    Map<std::size_t, double> gains;  /* of candidates alone, as far as the planner was asked */
    Vector<Priced> too_large;        /* for the budget: never looked at */
};

/* The best of them by what each would save alone, one for each list of keys; then the tables that are not looked at.
 * Adds the indexes that are too large to the candidates of the evaluator. */
Vector<Rejection> ExplainRejections(const Vector<StatementInfo> &workload, const Catalog &catalog,
                                    Evaluator &evaluator, const AdvisorOptions &options, const Considered &considered,
                                    const Advice &advice, Deadline &deadline);

/* Tables that are large enough for an index and asked for what one could do, but have no statistics; by name. */
Vector<Oid32> FindNotAnalyzed(const Vector<StatementInfo> &workload, const Catalog &catalog);

} // namespace pg_advisor
