/*
 * The size models of GIN, GiST, SP-GiST, BRIN and hash: see other_sizes.hpp.
 *
 * Layouts are those of the servers' own source (ginpostinglist.c, gist_private.h, brin_tuple.h, hash.h); fill
 * grades of what is built by insertion are those of a random order of keys.
 */
#include "advise/other_sizes.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

constexpr double kUsable = 8150;
constexpr double kLinePointer = 4;

double Align8(double size)
{
    return std::ceil(size / 8) * 8;
}

/* One key with its postings: an entry tuple holds the first heap position in 6 bytes and the distances to the
 * others in one to three each. */
OtherSize Gin(const IndexShape &shape)
{
    double bytes = 0, entries = 0;
    for (const IndexColumn &key : shape.columns)
    {
        const double per_row = std::max(0.5, key.elements);
        const double postings = shape.rows * (1 - key.null_fraction) * per_row;
        const double distinct = std::clamp(key.distinct_elements, 1.0, std::max(1.0, postings));
        const double distance = shape.rows / std::max(1.0, postings / distinct); /* rows from one to the next */
        const double per_posting = distance < 6 ? 1 : (distance < 1000 ? 2 : 3);
        bytes += distinct * (Align8(8 + key.element_width + 8) + kLinePointer) + (postings - distinct) * per_posting;
        entries += per_row;
    }
    return {2 + std::ceil(bytes / (kUsable * 0.75)), entries};
}

double RowBytes(const IndexShape &shape)
{
    double width = 8;
    for (const IndexColumn &column : shape.columns)
        width += column.width * (1 - column.null_fraction);
    return Align8(width) + kLinePointer;
}

/* Pages that split in halves stay two thirds full. */
OtherSize Tree(const IndexShape &shape)
{
    const double leaves = std::ceil(shape.rows * RowBytes(shape) / (kUsable * 0.67));
    return {1 + leaves * 1.02, 1};
}

/* A summary for 128 pages of the table: two values for each column, and a map of where the summaries are. */
OtherSize Brin(const IndexShape &shape, double table_pages)
{
    constexpr double kPagesPerRange = 128;
    constexpr double kMapEntries = 1360;
    const double ranges = std::ceil(table_pages / kPagesPerRange);
    double summary = 8;
    for (const IndexColumn &column : shape.columns)
        summary += 2 * Align8(column.width);
    return {1 + std::ceil(ranges / kMapEntries) + std::ceil(ranges * (summary + kLinePointer) / kUsable), 0.02};
}

/* Sixteen bytes and a line pointer each, in buckets that are filled to three quarters, with overflow pages. */
OtherSize Hash(const IndexShape &shape)
{
    const double present = shape.columns.empty() ? shape.rows : shape.rows * (1 - shape.columns[0].null_fraction);
    return {4 + std::ceil(present * 20 / (kUsable * 0.7)), 0.8};
}

} // namespace

OtherSize EstimateOther(std::string_view method, const IndexShape &shape, double table_pages)
{
    if (method == "gin")
        return Gin(shape);
    if (method == "brin")
        return Brin(shape, table_pages);
    return method == "hash" ? Hash(shape) : Tree(shape);
}

} // namespace pg_advisor
