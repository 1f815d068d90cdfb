/*
 * The B-tree size model: see index_size.hpp.
 *
 * Constants are those of nbtree for 8 kB pages: a page offers 8144 bytes after its header, special space
 * and high key line pointer; a posting list may have 812 bytes; every tuple costs a 4 byte line pointer.
 */
#include "advise/index_size.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{

namespace
{

constexpr double kPage = 8192;
constexpr double kUsable = 8144;
constexpr double kLinePointer = 4;
constexpr double kTupleHeader = 8;
constexpr double kTupleHeaderWithNulls = 16;
constexpr double kPostingLimit = 812;
constexpr double kTidBytes = 6;
constexpr double kInnerFill = 70;
constexpr std::size_t kMostPatterns = 64; /* of nulls that are told apart */
constexpr std::size_t kMostWidthPairs = 5000; /* more, and the next column has its mean width */
constexpr double kMeanPadding = 3.5; /* of a width that is spread evenly over the residues of 8 */

double Align(double size, double boundary)
{
    return std::ceil(size / boundary) * boundary;
}

using Shares = Map<double, double>; /* of tuples, by width in bytes */

/* None if they are not known. */
Shares WidthsOf(const IndexColumn &column)
{
    Shares shares;
    double total = 0;
    for (const WidthShare &share : column.widths)
        total += share.share;
    for (const WidthShare &share : column.widths)
        if (total > 0)
            shares[share.width] += share.share / total;
    return shares;
}

/* The widths of columns are taken for independent of each other. */
Shares WithColumn(const Shares &before, const Shares &column)
{
    Shares after;
    for (const auto &[width, share] : before)
        for (const auto &[more, part] : column)
            after[width + more] += share * part;
    return after;
}

Shares WithFixedColumn(const Shares &before, double alignment, double width)
{
    Shares after;
    for (const auto &[data, share] : before)
        after[Align(data, alignment) + width] += share;
    return after;
}

/* Mean size of the data of a tuple whose first `count` columns are present but for those in `nulls`. */
double DataSize(const IndexShape &shape, std::size_t count, std::uint32_t nulls)
{
    Shares shares{{0, 1}};
    bool smooth = false; /* widths vary in a way that is not known: padding is an average */
    for (std::size_t i = 0; i < count; ++i)
    {
        const IndexColumn &column = shape.columns[i];
        if (nulls & (1u << i))
            continue;
        const Shares widths = column.varying ? WidthsOf(column) : Shares();
        const bool known = !widths.empty() && shares.size() * widths.size() <= kMostWidthPairs;
        if (known)
            shares = WithColumn(shares, widths);
        else
            shares = WithFixedColumn(shares, column.varying ? 1 : column.alignment, column.width);
        smooth = smooth || (column.varying && !known && column.width > 1);
    }
    double mean = 0;
    for (const auto &[data, share] : shares)
        mean += share * (smooth ? data + kMeanPadding : Align(data, 8));
    return mean;
}

/* Mean size of an index tuple made of the first `count` columns: over all patterns of nulls. */
double TupleSize(const IndexShape &shape, std::size_t count)
{
    struct Pattern
    {
        std::uint32_t nulls;
        double share;
    };
    Vector<Pattern> patterns{{0, 1}};
    for (std::size_t i = 0; i < count; ++i)
    {
        const double null_fraction = shape.columns[i].null_fraction;
        if (null_fraction <= 0)
            continue;
        const std::size_t known = patterns.size();
        for (std::size_t j = 0; j < known && known <= kMostPatterns; ++j)
        {
            patterns.push_back({patterns[j].nulls | (1u << i), patterns[j].share * null_fraction});
            patterns[j].share *= 1 - null_fraction;
        }
    }

    double size = 0;
    for (const Pattern &pattern : patterns)
        if (pattern.share > 0)
            size += pattern.share * (DataSize(shape, count, pattern.nulls) +
                                     (pattern.nulls ? kTupleHeaderWithNulls : kTupleHeader));
    return size;
}

/* Leaf bytes of `rows` equal keys. */
double GroupBytes(double rows, double key)
{
    if (rows <= 1.5)
        return rows * (key + kLinePointer);
    const double most = std::max(1.0, std::floor((std::floor(kPostingLimit / 8) * 8 - key) / kTidBytes));
    if (most < 2)
        return rows * (key + kLinePointer);
    const double full = std::floor(rows / most);
    const double rest = rows - full * most;
    double bytes = full * (Align(key + most * kTidBytes, 8) + kLinePointer);
    if (rest >= 1.5)
        bytes += Align(key + rest * kTidBytes, 8) + kLinePointer;
    else if (rest > 0)
        bytes += rest * (key + kLinePointer);
    return bytes;
}

/* The same for groups whose sizes scatter around `mean` as those of random values do (Poisson, at least
 * one), per row. */
double ScatteredBytesPerRow(double mean, double key)
{
    if (mean <= 1.0001)
        return key + kLinePointer;
    if (mean > 300)
        return GroupBytes(std::floor(mean), key) / std::floor(mean);

    /* Poisson rate whose mean, given at least one, is `mean` */
    double rate = mean;
    for (int i = 0; i < 60; ++i)
        rate = mean * (1 - std::exp(-rate));
    if (rate < 1e-6)
        return key + kLinePointer;

    double probability = std::exp(-rate);
    double bytes = 0;
    double rows = 0;
    const int last = static_cast<int>(rate + 10 * std::sqrt(rate) + 20);
    for (int k = 1; k <= last; ++k)
    {
        probability *= rate / k;
        bytes += probability * GroupBytes(k, key);
        rows += probability * k;
    }
    return bytes / rows;
}

/* Bytes of all leaf tuples with their line pointers. */
double LeafBytes(const IndexShape &shape, double tuple)
{
    const double rows = shape.rows;
    if (!shape.deduplicate || shape.key_columns == 0 || shape.prefix_distinct.empty())
        return rows * (tuple + kLinePointer);

    double bytes = 0;
    double rest = rows;
    double distinct = std::max(1.0, std::min(rows, shape.prefix_distinct.back()));

    if (shape.key_columns == 1 && shape.columns[0].null_fraction > 0)
    {
        const double nulls = rows * shape.columns[0].null_fraction;
        bytes += GroupBytes(nulls, kTupleHeaderWithNulls);
        rest -= nulls;
        const double others = 1 - shape.columns[0].null_fraction;
        if (others > 0)
            tuple = (tuple - kTupleHeaderWithNulls * shape.columns[0].null_fraction) / others;
        tuple = std::max(tuple, kTupleHeader);
    }
    for (double share : shape.common)
    {
        const double group = std::min(rest, rows * share);
        bytes += GroupBytes(group, tuple);
        rest -= group;
        distinct -= 1;
    }
    if (rest < 1)
        return bytes;
    distinct = std::clamp(distinct, 1.0, rest);
    return bytes + rest * ScatteredBytesPerRow(rest / distinct, tuple);
}

/* Mean size of the separators in inner pages: only the columns that tell neighbours apart are kept, and
 * the heap position where all of them are equal. */
double PivotSize(const IndexShape &shape)
{
    /* Neighbours are tuples; duplicates share one as long as their posting list fits. */
    double tuples = std::max(1.0, shape.rows);
    if (shape.deduplicate && !shape.prefix_distinct.empty())
        tuples = std::clamp(shape.prefix_distinct.back(), tuples * kTidBytes / kPostingLimit, tuples);
    double size = 0;
    double decided = 0;
    for (std::size_t i = 0; i < shape.key_columns && i < shape.prefix_distinct.size(); ++i)
    {
        const double differs = std::clamp(shape.prefix_distinct[i] / tuples, decided, 1.0);
        size += (differs - decided) * TupleSize(shape, i + 1);
        decided = differs;
    }
    return size + (1 - decided) * (TupleSize(shape, shape.key_columns) + 8);
}

} // namespace

BtreeSize EstimateBtree(const IndexShape &shape)
{
    BtreeSize size;
    if (shape.rows < 1 || shape.columns.empty())
        return size;

    size.tuple = TupleSize(shape, shape.columns.size());
    const double free_target = std::floor(kPage * (100 - shape.fillfactor) / 100);
    double bytes = LeafBytes(shape, size.tuple);
    const double item = bytes / shape.rows;
    /* A page is closed by the first item that crosses the target; that item moves to the next page. */
    double leaf_capacity = kUsable - free_target;
    if (item > size.tuple)
        leaf_capacity = std::max(1.0, std::floor(leaf_capacity / (size.tuple + kLinePointer))) *
                        (size.tuple + kLinePointer);
    size.leaf_pages = std::max(1.0, std::ceil(bytes / leaf_capacity));
    if (bytes + kLinePointer <= kUsable - free_target)
        size.leaf_pages = 1;

    const double inner_capacity = kUsable - std::floor(kPage * (100 - kInnerFill) / 100);
    const double fanout = std::max(2.0, std::floor(inner_capacity / (PivotSize(shape) + kLinePointer)));
    double level = size.leaf_pages;
    while (level > 1)
    {
        level = std::ceil(level / fanout);
        size.inner_pages += level;
        size.height += 1;
    }
    size.pages = size.leaf_pages + size.inner_pages + 1;
    return size;
}

} // namespace pg_advisor
