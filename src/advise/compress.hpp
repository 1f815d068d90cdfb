/*
 * A few statements that stand for a large workload while the set of indexes is searched.
 *
 * Called by advise/advisor where there are more statements than the search should look at. Statements with the same
 * conditions, joins and orders on the same tables become one, with the cost of all. If that is not enough, those are
 * chosen that cost most and have most that no chosen one has (ISUM's summary), and each of the others adds its cost
 * to the chosen one that it is most like. The result of the search is checked on all statements.
 */
#pragma once

#include "advise/advisor.hpp"
#include "advise/deadline.hpp"

namespace pg_advisor
{

struct Compressed
{
    Vector<StatementInfo> statements;
    Vector<std::size_t> origins; /* of each, its place in the workload */
};

/* At most `most` statements. `costs` are those of the statements over all their calls. */
Compressed Compress(const Vector<StatementInfo> &workload, const Vector<double> &costs, std::size_t most, Deadline &deadline);

} // namespace pg_advisor
