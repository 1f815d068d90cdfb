/*
 * What statistics say about the would-be contents of an index: the input of advise/index_size.
 *
 * Three steps, because server calls and C++ containers must not share a frame: the caller resolves the
 * index (whatif/hypothetical), ReadIndexStatistics copies figures into plain memory inside the sandbox,
 * ToShape turns them into the pure model's input.
 */
#pragma once

#include "advise/index_size.hpp"
#include "whatif/hypothetical.hpp"
#include "whatif/row_sample.hpp"

namespace pg_advisor::whatif
{

struct ColumnStatistics
{
    double width;
    int alignment;
    bool varying;
    double null_fraction;   /* of the rows in the index */
    double present;         /* fraction of the table's rows that are not null */
    double distinct;        /* of the whole table */
    int source;             /* the only column the value depends on, or 0 */
    WidthShare *widths;
    int width_count;
    double elements, distinct_elements, element_width; /* GIN: see IndexColumn */
    double *common;         /* shares of the commonest values, descending */
    int common_count;
};

struct IndexStatistics
{
    double rows, pages;     /* of the table, by its current size */
    bool analyzed;
    ColumnStatistics *columns;
    double *prefix_distinct;  /* by extended statistics; 0 where there are none */
    double *sampled_distinct; /* the same by a sample of rows; 0 where none was taken */
};

/* Raises errors as the server does. The lock on the table is held. `columns` and `expressions` as in
 * HypotheticalTable. Allocates in CurrentMemoryContext. */
void ReadIndexStatistics(const HypotheticalIndex *index, HypotheticalTable *table, IndexStatistics *statistics);

/* Fills in sampled_distinct of all tables, where it matters: of many partitions a few large ones speak for the others.
 * `samples` may be null. */
void SampleDistinct(const HypotheticalIndex *index, RowSamples *samples, IndexStatistics *statistics);

/* Fraction of the table's rows that satisfy the predicate, by one planner call. */
double PredicateFraction(Oid relation, List *predicate, double rows);

IndexShape ToShape(const HypotheticalIndex *index, const HypotheticalTable *table, const IndexStatistics &statistics);

} // namespace pg_advisor::whatif
