/*
 * Samples of the rows of tables, to tell how many combinations of values some columns have.
 *
 * ANALYZE knows that of single columns, and of several only if somebody has said CREATE STATISTICS; the size of an index
 * on several columns depends on it (advise/joint_distinct.hpp). A few hundred blocks of a table are read, once in a run
 * of the advice, and hashes of their values are kept. Plain memory: used below server frames.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* Those of one run. */
struct RowSamples
{
    MemoryContext context; /* of its own */
    Oid reader;            /* who is to see what comes of it */
    List *tables;
};

/* Different combinations of values of the columns, in a table of that many rows; 0: nothing can be told, or the reader may
 * not read them. The lock on the table is held. */
double SampledDistinct(RowSamples *samples, Relation relation, const int *columns, int count, double rows);

} // namespace pg_advisor::whatif
