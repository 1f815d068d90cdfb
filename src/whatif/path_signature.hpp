/*
 * What the join search is given: the paths of all base relations, as a number.
 *
 * Two index sets that leave the same base paths have the same plan, because the planner looks at nothing else of an
 * index after that; exceptions are listed at PathSignature::AddIndex. So the cost of a set is known before joins are
 * enumerated, which is most of the planning of a large query. Measured: docs/advice-quality.md.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* 128 bits: with millions of sets no two different ones meet by chance. Plain data: it lives in hooks. */
struct PathSignature
{
    uint64 first = 0x9E3779B97F4A7C15;
    uint64 second = 0xC2B2AE3D27D4EB4F;

    void Add(uint64 value)
    {
        first = Mixed(first ^ value);
        second = Mixed(second + value * 0x9FB21C651E98DF25);
    }
    void Add(double value)
    {
        uint64 bits;
        memcpy(&bits, &value, sizeof(bits));
        Add(bits);
    }
    /* An index that shows elsewhere than in paths: unique ones prove that a join has one row, those of expressions
     * have statistics, and a hidden one takes both away. */
    void AddIndex(Oid index) { Add(uint64{1} << 32 | index); }
    /* The surviving paths of a base relation; from set_rel_pathlist_hook. */
    void AddPaths(PlannerInfo *root, const RelOptInfo *rel);

    bool operator==(const PathSignature &) const = default;
    bool operator<(const PathSignature &other) const
    {
        return first != other.first ? first < other.first : second < other.second;
    }

  private:
    static uint64 Mixed(uint64 value) /* the finaliser of MurmurHash3 */
    {
        value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD;
        value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53;
        return value ^ (value >> 33);
    }
};

} // namespace pg_advisor::whatif
