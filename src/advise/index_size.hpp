/*
 * How large a B-tree would be: pages, bytes and height right after CREATE INDEX.
 *
 * Follows the rules of the server's bulk load (90 % full leaves, 70 % full inner pages, suffix truncation,
 * posting lists for duplicates), so that a hypothetical index costs what the real one will. Pure C++:
 * whatif/hypothetical fills the shape from statistics, unit tests by hand.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

/* A share of the rows whose value has this width. */
struct WidthShare
{
    double width = 0;
    double share = 0;
};

struct IndexColumn
{
    double width = 0;           /* average bytes of a non-null value as an index tuple stores it */
    int alignment = 1;          /* of a fixed-width type; varlenas are packed */
    bool varying = false;       /* rows differ in width */
    double null_fraction = 0;
    Vector<WidthShare> widths;  /* distribution where it is known */
    /* Of GIN: entries of an average row, different ones in all rows, bytes of one. */
    double elements = 0, distinct_elements = 0, element_width = 0;
};

struct IndexShape
{
    double rows = 0;                /* tuples in the index: a partial one has fewer than the table */
    Vector<IndexColumn> columns;    /* keys, then INCLUDE columns */
    std::size_t key_columns = 0;
    Vector<double> prefix_distinct; /* distinct values of the first 1, 2 ... key columns together */
    Vector<double> common;          /* shares of the commonest values of the whole key, of all rows */
    bool deduplicate = true;        /* not for UNIQUE, INCLUDE and types whose equal values may differ */
    double fillfactor = 90;
};

struct BtreeSize
{
    double leaf_pages = 0;
    double inner_pages = 0;
    double pages = 1;    /* with the meta page */
    int height = 0;      /* levels above the leaves */
    double tuple = 0;    /* average bytes of one leaf tuple without its line pointer */
    double Bytes() const { return pages * 8192; }
};

BtreeSize EstimateBtree(const IndexShape &shape);

} // namespace pg_advisor
