/*
 * See joint_distinct.hpp.
 *
 * The rows of a rare combination are taken to be scattered over the table as those of random values are (Poisson). With x
 * of them in the sample on average, x / 2 times as many combinations show up twice as once, and 1 / x times as many not at
 * all (Chao, "Nonparametric estimation of the number of classes in a population", 1984). Of these a part is not in the table
 * either. Unlike the estimator of ANALYZE this looks at rare combinations alone: a few that are frequent, of which there
 * are some in all real data, do not make the rest look frequent.
 *
 * Equal rows that lie together would be met again and again in one block; so what counts as a row is a value of a block.
 */
#include "advise/joint_distinct.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

JointEntry &Find(std::uint64_t hash, JointEntry *entries, std::size_t size)
{
    const std::size_t mask = size - 1;
    std::size_t place = hash & mask;
    while (entries[place].blocks > 0 && entries[place].hash != hash)
        place = (place + 1) & mask;
    return entries[place];
}

} // namespace

double JointDistinct(const SampledKey *keys, std::size_t count, double rows, JointEntry *scratch,
                     std::size_t scratch_size)
{
    double met = 0, distinct = 0, once = 0, twice = 0;
    std::fill_n(scratch, scratch_size, JointEntry());
    for (std::size_t i = 0; i < count; i++)
    {
        JointEntry &entry = Find(keys[i].hash, scratch, scratch_size);
        if (entry.blocks > 0 && entry.block == keys[i].block)
            continue;
        met += 1;
        entry = {keys[i].hash, keys[i].block, entry.blocks + 1};
        distinct += entry.blocks == 1;
        once += (entry.blocks == 1) - (entry.blocks == 2);
        twice += (entry.blocks == 2) - (entry.blocks == 3);
    }
    if (met == 0)
        return 0;
    const double all = std::max(rows, static_cast<double>(count)) * met / static_cast<double>(count);
    const double missing = all / met - 1; /* rows that were not met, for each one that was */
    if (twice == 0)
        return std::min(all, distinct + once * missing);
    const double sampled = 2 * twice / once;
    return std::min(all, distinct + once / sampled * -std::expm1(-sampled * missing));
}

} // namespace pg_advisor
