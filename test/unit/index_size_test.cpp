/*
 * The B-tree size model against indexes that were really built (pages as pg_relation_size says, height as
 * bt_metap says).
 */
#include "advise/index_size.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace pg_advisor;

namespace
{

IndexColumn Fixed(double width, int alignment, double null_fraction = 0)
{
    IndexColumn column;
    column.width = width;
    column.alignment = alignment;
    column.null_fraction = null_fraction;
    return column;
}

IndexColumn Text(double width)
{
    IndexColumn column;
    column.width = width;
    column.varying = true;
    column.widths.push_back({width, 1});
    return column;
}

IndexShape Shape(double rows, Vector<IndexColumn> columns, Vector<double> distinct)
{
    IndexShape shape;
    shape.rows = rows;
    shape.key_columns = distinct.size();
    shape.columns = std::move(columns);
    shape.prefix_distinct = std::move(distinct);
    return shape;
}

void ExpectWithin(const BtreeSize &size, double pages, double tolerance)
{
    EXPECT_LE(std::abs(size.pages / pages - 1), tolerance) << size.pages << " against " << pages;
}

} // namespace

TEST(IndexSize, EmptyTableHasOnlyTheMetaPage)
{
    const BtreeSize size = EstimateBtree(Shape(0, {Fixed(4, 4)}, {1}));
    EXPECT_EQ(size.pages, 1);
    EXPECT_EQ(size.height, 0);
}

TEST(IndexSize, OneLeafIsTheRoot)
{
    const BtreeSize size = EstimateBtree(Shape(100, {Fixed(4, 4)}, {100}));
    EXPECT_EQ(size.pages, 2);
    EXPECT_EQ(size.height, 0);
}

TEST(IndexSize, UniqueIntegers)
{
    /* CREATE INDEX on 1 million integers: 2745 pages, height 2 */
    const BtreeSize size = EstimateBtree(Shape(1e6, {Fixed(4, 4)}, {1e6}));
    EXPECT_NEAR(size.pages, 2745, 2);
    EXPECT_EQ(size.height, 2);
    ExpectWithin(EstimateBtree(Shape(2e6, {Fixed(4, 4)}, {2e6})), 5487, 0.01);
    ExpectWithin(EstimateBtree(Shape(2e6, {Fixed(8, 8)}, {2e6})), 5487, 0.01);
}

TEST(IndexSize, WidthsOfSeveralColumnsAreKnown)
{
    /* TPC-H's lineitem (l_shipdate) INCLUDE (l_suppkey, l_quantity, l_discount): 24 or 32 bytes, never 28 */
    IndexColumn quantity = Text(5), discount = Text(4.8);
    discount.widths = {{5, 0.909}, {3, 0.091}};
    IndexShape shape = Shape(6001215, {Fixed(4, 4), Fixed(4, 4), quantity, discount}, {2526});
    shape.deduplicate = false; /* no index with INCLUDE does */
    ExpectWithin(EstimateBtree(shape), 29111, 0.005);
}

TEST(IndexSize, Duplicates)
{
    ExpectWithin(EstimateBtree(Shape(2e6, {Fixed(4, 4)}, {10})), 1695, 0.02);
    ExpectWithin(EstimateBtree(Shape(2e6, {Fixed(4, 4)}, {2500})), 1785, 0.06);
    ExpectWithin(EstimateBtree(Shape(2e6, {Fixed(4, 4)}, {4e5})), 2882, 0.03);
    ExpectWithin(EstimateBtree(Shape(2e6, {Fixed(4, 4), Fixed(4, 4)}, {10, 25000})), 1729, 0.15);
}

TEST(IndexSize, WithoutDeduplicationDuplicatesCostAsMuchAsOthers)
{
    IndexShape shape = Shape(2e6, {Fixed(4, 4)}, {10});
    shape.deduplicate = false;
    EXPECT_NEAR(EstimateBtree(shape).leaf_pages, EstimateBtree(Shape(2e6, {Fixed(4, 4)}, {2e6})).leaf_pages, 1);
}

TEST(IndexSize, TextTakesItsWidthPadded)
{
    ExpectWithin(EstimateBtree(Shape(2e6, {Text(33)}, {2e6})), 14420, 0.03);
}

TEST(IndexSize, NullsAreDeduplicatedToo)
{
    /* 200000 timestamps, 98 % null: 178 pages */
    const BtreeSize size = EstimateBtree(Shape(200000, {Fixed(8, 8, 0.98)}, {4000}));
    ExpectWithin(size, 178, 0.03);
    EXPECT_EQ(size.height, 1);
}

TEST(IndexSize, GroupsThatFitOnePostingListNeedNoTidInSeparators)
{
    /* 200000 rows of 20000 integers: 228 pages under one root */
    const BtreeSize size = EstimateBtree(Shape(200000, {Fixed(4, 4)}, {20000}));
    ExpectWithin(size, 228, 0.02);
    EXPECT_EQ(size.height, 1);
}

TEST(IndexSize, IncludedColumnsWidenTheLeavesAlone)
{
    IndexShape narrow = Shape(1e6, {Fixed(4, 4)}, {1e6});
    IndexShape wide = narrow;
    wide.columns.push_back(Fixed(8, 8));
    wide.deduplicate = false;
    EXPECT_GT(EstimateBtree(wide).leaf_pages, EstimateBtree(narrow).leaf_pages * 1.3);
    EXPECT_LT(EstimateBtree(wide).inner_pages, EstimateBtree(narrow).inner_pages * 1.5);
}

TEST(IndexSize, MoreRowsAreNeverSmaller)
{
    double last = 0;
    for (double rows = 10; rows < 1e8; rows *= 1.7)
    {
        const double pages = EstimateBtree(Shape(rows, {Fixed(4, 4)}, {std::sqrt(rows)})).pages;
        EXPECT_GE(pages, last);
        last = pages;
    }
}

TEST(IndexSize, MoreDistinctValuesAreNeverMuchSmaller)
{
    double last = 0;
    for (double distinct = 1; distinct <= 1e6; distinct *= 1.3)
    {
        const double pages = EstimateBtree(Shape(1e6, {Fixed(4, 4)}, {distinct})).pages;
        EXPECT_GE(pages, last * 0.97) << distinct;
        last = pages;
    }
}
