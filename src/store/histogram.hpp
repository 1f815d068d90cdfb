/*
 * The log-scale histogram of execution times: four buckets per octave from 1 us.
 *
 * A bucket spans a factor of 2^(1/4) = 1.189; its geometric middle is at most 9.2 % off any value in it.
 * Times below 1 us fall into the first bucket, from 2^32 us (71 minutes) into the last.
 * Plain C++: test/unit/histogram_test.cpp measures what is promised here.
 */
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace pg_advisor::store
{

inline constexpr int kHistogramBuckets = 128;

/* The quarter of its octave a number is in, by the eight bits below its leading one: the borders are 2^(1/4),
 * 2^(1/2) and 2^(3/4). */
inline constexpr auto kQuarters = [] {
    std::array<std::uint8_t, 256> quarters{};
    for (int bits = 0; bits < 256; bits++)
        quarters[bits] = (bits >= 48) + (bits >= 106) + (bits >= 174);
    return quarters;
}();

/* A double is its octave (the exponent) and those bits already. */
inline int BucketOf(std::int64_t nanoseconds)
{
    const double us = static_cast<double>(nanoseconds) * 1e-3;
    const auto octave_and_bits = static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(us) >> (52 - 8));
    const std::uint32_t octave = (octave_and_bits >> 8) - 1023;
    if (octave >= kHistogramBuckets / 4)
        return us < 1 ? 0 : kHistogramBuckets - 1;
    return static_cast<int>(octave * 4 + kQuarters[octave_and_bits & 0xff]);
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
