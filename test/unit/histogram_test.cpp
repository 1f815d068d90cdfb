/*
 * Percentiles out of the histogram, against those of the sorted values: at most 10 % off, as the column comments
 * of advisor.statements say.
 */
#include "store/histogram.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace pg_advisor::testing
{
namespace
{

using store::BucketOf;
using store::kHistogramBuckets;
using store::MiddleOf;

constexpr double kPromised = 0.10;
constexpr double kMs = 1e-6; /* ms per ns */

TEST(Histogram, BucketsAreInOrder)
{
    int last = 0;
    for (double ns = 0; ns < 1e13; ns = ns * 1.0003 + 1)
    {
        const int bucket = BucketOf(static_cast<std::int64_t>(ns));
        ASSERT_GE(bucket, last) << ns;
        ASSERT_LE(bucket - last, 1) << ns; /* none is left out */
        last = bucket;
    }
    EXPECT_EQ(last, kHistogramBuckets - 1);
}

TEST(Histogram, LimitsOfTheScale)
{
    EXPECT_EQ(BucketOf(std::numeric_limits<std::int64_t>::min()), 0); /* a clock that went back */
    EXPECT_EQ(BucketOf(0), 0);
    EXPECT_EQ(BucketOf(999), 0);
    EXPECT_EQ(BucketOf(1000), 0);
    EXPECT_EQ(BucketOf(2000), 4);
    EXPECT_EQ(BucketOf((std::int64_t{1} << 32) * 1000 - 1), kHistogramBuckets - 1);
    EXPECT_EQ(BucketOf((std::int64_t{1} << 32) * 1000), kHistogramBuckets - 1);
    EXPECT_EQ(BucketOf(std::numeric_limits<std::int64_t>::max()), kHistogramBuckets - 1);
}

TEST(Histogram, MiddleIsNearEveryValueOfItsBucket)
{
    double worst = 0;
    for (double ns = 1000; ns < 4294967296e3; ns = ns * 1.0001 + 1)
    {
        const auto value = static_cast<std::int64_t>(ns);
        const double exact = static_cast<double>(value) * kMs;
        worst = std::max(worst, std::abs(MiddleOf(BucketOf(value)) - exact) / exact);
    }
    EXPECT_LT(worst, 0.093);
    EXPECT_GT(worst, 0.08); /* or this loop has not found the edges */
}

/* The percentiles of the values, by nearest rank, and those of the histogram as the view shows them. */
void Compare(std::vector<std::int64_t> values, const char *what)
{
    std::uint32_t histogram[kHistogramBuckets] = {};
    for (const std::int64_t value : values)
        histogram[BucketOf(value)]++;
    std::sort(values.begin(), values.end());
    const double min_ms = static_cast<double>(values.front()) * kMs;
    const double max_ms = static_cast<double>(values.back()) * kMs;

    double last = min_ms;
    for (const int percent : {50, 95, 99})
    {
        const std::size_t rank = (values.size() * percent + 99) / 100;
        const double exact = static_cast<double>(values[rank - 1]) * kMs;
        const double shown = store::Percentile(histogram, percent / 100.0, min_ms, max_ms);
        EXPECT_LE(std::abs(shown - exact), kPromised * exact)
            << what << ", " << values.size() << " values, p" << percent;
        EXPECT_GE(shown, last);
        EXPECT_LE(shown, max_ms);
        last = shown;
    }
}

TEST(Histogram, PercentilesOfRandomTimes)
{
    std::mt19937_64 random(15);
    std::uniform_real_distribution<double> exponent(3, std::log10(4.29e12));
    std::lognormal_distribution<double> usual(14, 1);
    std::exponential_distribution<double> tail(1e-6);
    std::uniform_int_distribution<std::int64_t> flat(1000, 100000000);
    std::bernoulli_distribution slow(0.04);
    const auto at_least_1us = [](double ns) { return std::clamp<std::int64_t>(std::llround(ns), 1000, 4000000000000); };

    const struct
    {
        const char *name;
        std::function<std::int64_t()> next;
    } kinds[] = {{"any magnitude", [&] { return at_least_1us(std::pow(10, exponent(random))); }},
                 {"log-normal", [&] { return at_least_1us(usual(random)); }},
                 {"exponential", [&] { return at_least_1us(tail(random)); }},
                 {"uniform", [&] { return flat(random); }},
                 {"two plans", [&] { return slow(random) ? flat(random) * 50 : 2000 + flat(random) / 1000; }},
                 {"constant", [&] { return std::int64_t{12345678}; }}};
    for (const auto &kind : kinds)
        for (const std::size_t size : {1, 2, 3, 7, 19, 20, 21, 99, 100, 101, 1000, 5000})
            for (int round = 0; round < 10; round++)
            {
                std::vector<std::int64_t> values(size);
                std::generate(values.begin(), values.end(), kind.next);
                Compare(std::move(values), kind.name);
            }
}

TEST(Histogram, RankIsExactForAnyCount)
{
    /* One value of 1 us to the rank, one of 1 s behind it: the least error in the rank is a factor of a million. */
    for (const int percent : {50, 95, 99})
        for (std::uint32_t total = 1; total <= 100000; total++)
        {
            const std::uint32_t rank = (total * percent + 99) / 100;
            std::uint32_t histogram[kHistogramBuckets] = {};
            histogram[BucketOf(1000)] = rank;
            histogram[BucketOf(1000000000)] = total - rank;
            ASSERT_LT(store::Percentile(histogram, percent / 100.0, 0, 2000), 1) << percent << " % of " << total;
            histogram[BucketOf(1000)] = rank - 1;
            histogram[BucketOf(1000000000)] = total - rank + 1;
            ASSERT_GT(store::Percentile(histogram, percent / 100.0, 0, 2000), 1) << percent << " % of " << total;
        }
}

TEST(Histogram, BelowOneMicrosecondTheErrorIsAsSmall)
{
    /* Not in per cent, but in what anybody could measure. */
    std::uint32_t histogram[kHistogramBuckets] = {};
    for (std::int64_t ns = 1; ns <= 1000; ns++)
        histogram[BucketOf(ns)]++;
    for (const double fraction : {0.5, 0.95, 0.99})
        EXPECT_NEAR(store::Percentile(histogram, fraction, 1 * kMs, 1000 * kMs), fraction * 0.001, 0.0011);
}

TEST(Histogram, NothingSeen)
{
    const std::uint32_t histogram[kHistogramBuckets] = {};
    EXPECT_EQ(store::Percentile(histogram, 0.5, 0, 0), 0);
}

} // namespace
} // namespace pg_advisor::testing
