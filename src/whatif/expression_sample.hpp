/*
 * What ANALYZE would say of an expression that is in no index and no statistics object.
 *
 * The expression is evaluated on a sample of the table's rows, and the type's own ANALYZE function makes a row of
 * pg_statistic of the values, which is stored nowhere: whatif/expression_statistics hands it to the planner. All of
 * it runs in the sandbox and may ereport: a value on which the expression fails ends it.
 */
#pragma once

#include "whatif/hypothetical.hpp"

namespace pg_advisor::whatif
{

/* Whether the server has statistics for the expression: of an index on it or of CREATE STATISTICS. The lock on the
 * table is held. */
bool HasStatistics(Oid relation, Node *expression);

/* Whether the expression can be evaluated without running anybody's code: built-in immutable functions alone. */
bool IsHarmless(Node *expression);

/* Whether the role may see each value of the columns: SELECT on them, and no row that policies hide. */
bool MayRead(Oid relation, Oid reader, const List *columns);
/* The same of the current user and the columns of the expression. */
bool MayRead(Oid relation, Node *expression);

struct ExpressionSample
{
    Datum *values;
    bool *nulls;
    int count;
    double rows;  /* of all the tables */
    Size longest; /* value, in bytes */
};

/* Of the only key of `index`, from all its tables. The same each time as long as the tables are. What it allocates is
 * in CurrentMemoryContext. */
ExpressionSample SampleExpression(const HypotheticalIndex *index);

/* A row of pg_statistic, or nullptr where nothing can be told of the type. `node` is the expression. */
HeapTuple DescribeSample(const HypotheticalIndex *index, Node *node, ExpressionSample *sample);

} // namespace pg_advisor::whatif
