/*
 * The log-scale histogram of execution times: four buckets per octave from 1 us.
 *
 * A bucket spans a factor of 2^(1/4) = 1.189; its geometric middle is at most 9.2 % off any value in it.
 * Times below 1 us fall into the first bucket, from 2^32 us (71 minutes) into the last.
 * Plain C++: test/unit/histogram_test.cpp measures what is promised here.
 */
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace pg_advisor::store
{

inline constexpr int kHistogramBuckets = 128;

inline int BucketOf(std::int64_t nanoseconds)
{
    constexpr std::int64_t kLongest = (std::int64_t{1} << 32) * 1000;
    if (nanoseconds < 1000)
        return 0;
    if (nanoseconds >= kLongest)
        return kHistogramBuckets - 1;
    const auto us_256 = static_cast<std::uint64_t>(nanoseconds) * 256 / 1000; /* 8 fractional bits */
    const int octave = std::bit_width(us_256) - 1 - 8;
    /* The eight bits below the leading one, against 2^(1/4), 2^(1/2) and 2^(3/4). */
    const auto mantissa = static_cast<int>((us_256 >> octave) & 0xff);
    return octave * 4 + (mantissa >= 48) + (mantissa >= 106) + (mantissa >= 174);
}

/* Geometric middle of a bucket, in ms. */
inline double MiddleOf(int bucket)
{
    return std::exp2((bucket + 0.5) / 4.0) / 1000.0;
}

/* The time below which `fraction` of the executions stayed, in ms, clamped to what was really seen. */
inline double Percentile(const std::uint32_t *histogram, double fraction, double min_ms, double max_ms)
{
    std::uint64_t total = 0;
    for (int i = 0; i < kHistogramBuckets; i++)
        total += histogram[i];
    auto rank = static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(total)));
    for (int i = 0; i < kHistogramBuckets && total > 0; i++)
    {
        if (histogram[i] >= rank)
            return std::clamp(MiddleOf(i), min_ms, std::max(min_ms, max_ms));
        rank -= histogram[i];
    }
    return max_ms;
}

} // namespace pg_advisor::store
