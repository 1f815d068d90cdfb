/*
 * How many different combinations of values some columns have, from the rows of a sample of blocks.
 *
 * A B-tree keeps one key for all rows that are equal in every column, so that its size hangs on this number; the
 * product of what the columns have alone is far above it where they depend on each other. Pure C++.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

/* A row of the sample: a hash of its values, and where it is from. */
struct SampledKey
{
    std::uint64_t hash = 0;
    std::uint32_t block = 0;
};

struct JointEntry
{
    std::uint64_t hash = 0;
    std::uint32_t block = 0; /* the last one in which it was met */
    std::uint32_t blocks = 0; /* in how many; 0: the entry is free */
};

/* `keys`: every row of some random blocks, block after block. `rows`: of the whole table. `scratch` is overwritten; its
 * size is a power of two and at least twice the number of keys. Allocates nothing. */
double JointDistinct(const SampledKey *keys, std::size_t count, double rows, JointEntry *scratch,
                     std::size_t scratch_size);

} // namespace pg_advisor
