/*
 * The number of combinations in a table of which some blocks are known, against tables where it is known.
 */
#include "advise/joint_distinct.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace pg_advisor;

namespace
{

constexpr std::size_t kRowsPerBlock = 50;
constexpr std::size_t kBlocks = 40000;
constexpr std::size_t kRows = kBlocks * kRowsPerBlock;
constexpr std::size_t kSampled = 400;

/* The last step of splitmix64. */
std::uint64_t Mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

/* `value` of a row, by its place in the table. */
template <class Value> double Estimate(Value value)
{
    std::mt19937 random(7);
    Vector<SampledKey> keys;
    for (std::size_t i = 0; i < kSampled; i++)
    {
        const std::size_t step = kBlocks / kSampled;
        const std::size_t block = i * step + random() % step;
        for (std::size_t row = 0; row < kRowsPerBlock; row++)
            keys.push_back({Mixed(value(block * kRowsPerBlock + row) + 1), static_cast<std::uint32_t>(block)});
    }
    Vector<JointEntry> scratch(65536);
    return JointDistinct(keys.data(), keys.size(), kRows, scratch.data(), scratch.size());
}

std::size_t Scattered(std::size_t row, std::size_t distinct)
{
    return Mixed((row + 1) * 0x9e3779b97f4a7c15u) % distinct;
}

} // namespace

TEST(JointDistinct, OfScatteredValues)
{
    for (double distinct : {500.0, 20000.0, 200000.0, 500000.0})
        EXPECT_NEAR(Estimate([&](std::size_t row) { return Scattered(row, static_cast<std::size_t>(distinct)); }) / distinct,
                    1, 0.1)
            << distinct;
}

TEST(JointDistinct, BesideFrequentOnes)
{
    /* of the rows three tenths are of ten values, the others of half a million */
    const auto value = [](std::size_t row) {
        return Scattered(row + kRows, 10) < 3 ? Scattered(row, 10) : 10 + Scattered(row, 500000);
    };
    EXPECT_NEAR(Estimate(value) / 500000, 1, 0.15);
}

TEST(JointDistinct, OfRowsThatLieTogether)
{
    for (std::size_t together : {2u, 5u, 10u, 50u})
        EXPECT_NEAR(Estimate([&](std::size_t row) { return row / together; }) * static_cast<double>(together) / kRows, 1, 0.02)
            << together;
}

TEST(JointDistinct, OfUniqueRowsAndOfEqualOnes)
{
    EXPECT_EQ(Estimate([](std::size_t row) { return row; }), kRows);
    EXPECT_EQ(Estimate([](std::size_t) { return 3; }), 1);
    EXPECT_EQ(JointDistinct(nullptr, 0, 100, nullptr, 0), 0);
}
