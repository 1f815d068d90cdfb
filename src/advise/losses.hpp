/*
 * What may be given up for a smaller or simpler set of indexes: the questions of the cleanup.
 *
 * `before` and `after` are the sets with the one and with the other index, `without` is that with neither. Pure.
 */
#pragma once

#include "advise/search_steps.hpp"

namespace pg_advisor
{

/* INCLUDE columns have to earn the bytes they add. `gain` is that of the index with them, `loss` what goes with them. */
bool IncludeIsWorthIt(double bytes, double bytes_without, double gain, double loss);

/* No statement gets noticeably dearer, and next to nothing of the gain is lost. */
bool Negligible(const SearchContext &context, const State &before, const State &after, double gain, double factor = 1);

/* No statement gives up more than this share of its gain. */
bool LosesAtMost(double share, const State &without, const State &before, const State &after);

/* No statement takes more than so many times what it took, or it is next to nothing. */
bool RisesAtMost(const SearchContext &context, double factor, const State &before, const State &after);

/* For an index that is much smaller each statement may give up a little of its gain, for a tiny BRIN more. */
bool SmallLossForSize(const SearchContext &context, const IndexSpec &larger, const IndexSpec &smaller, double bytes_share,
                      const State &without, const State &before, const State &after, double factor = 1);

} // namespace pg_advisor
