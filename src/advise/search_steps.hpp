/*
 * The parts of the search; see search.hpp. Private to search.cpp, starts.cpp, greedy.cpp, local_search.cpp, and of the
 * cleanup to cleanup.cpp, losses.cpp, shrink.cpp and leave_to_existing.cpp.
 */
#pragma once

#include "advise/search.hpp"

namespace pg_advisor
{

struct SearchContext
{
    Evaluator &evaluator;
    const Pool &pool;
    const SearchLimits &limits;
    Deadline &deadline;

    const Priced &Candidate(std::size_t number) const { return evaluator.Candidates()[number]; }
    bool Fits(const State &state) const;
    bool Limited() const { return limits.budget.has_value() || limits.max_indexes.has_value(); }
    /* Tells of a feasible state. */
    void Report(const State &state) const;
    /* `state` is feasible and better than `than` by more than noise. */
    bool Better(const State &state, const State &than) const;
    /* Adds candidates, takes out what they make superfluous. Nothing if one of them is superfluous itself. */
    std::optional<State> Add(const State &from, const Chosen &added, const Chosen &removed = {}) const;
    /* The same if the objective is below the bound; `least` as in Evaluator::ApplyBelow, infinite if superfluous. */
    std::optional<State> AddBelow(const State &from, const Chosen &added, const Chosen &removed, double bound,
                                  double *least) const;
    /* The candidate that two of a table merge to, if they begin alike. */
    std::optional<std::size_t> Merge(std::size_t first, std::size_t second) const;
    /* The bound of what is Better. */
    static double BetterThan(const State &state);
    /* What is added and taken out; empty `fresh` if it is superfluous. */
    void Resolve(const State &from, const Chosen &added, const Chosen &removed, Chosen *fresh, Chosen *gone) const;
};

/* Takes out what makes a query dearer: the one that leaves fewest such queries, and of those whose loss is least. */
State Repair(const SearchContext &context, State state);

/* Sets to start the local search from, the best first. */
Vector<State> Starts(const SearchContext &context);
/* Indexes and groups that the set does not have, to build another set around; the most hopeful ones first. They may
 * break the guard by themselves. */
Vector<Chosen> Openings(const SearchContext &context, const State &best);

/* Adds the best moves by gain / bytes^power until none is worth it. Numbers in `banned` are not added. */
State Greedy(const SearchContext &context, State start, double power, const Set<std::size_t> &banned = {});

/* Takes out the index whose loss per byte is least, never `keep`, until the limits hold. */
std::optional<State> EvictUntilFits(const SearchContext &context, State state, std::optional<std::size_t> keep = {});

/* First improvement, in a fixed order: swaps, and under limits add, evict and refill. */
State LocalSearch(const SearchContext &context, State start);

/* Parts of the cleanup: each makes the set smaller or simpler by one step; false if there is none left. */
bool LeaveToExisting(const SearchContext &context, State &state);
bool ShrinkOne(const SearchContext &context, State &state);
bool MergeTwo(const SearchContext &context, State &state);

/* Drops what is not worth its place until time is up, those first whose queries have least to lose: for sets of which it is
 * too long to ask what each index is missed by. */
void DropByStake(const SearchContext &context, State &state);

/* Drops what is not worth its place, the least missed first; false if there is nothing. */
bool DropWhatIsNotWorthIt(const SearchContext &context, State &state);

/* Drops what is not worth its place and makes indexes smaller where nothing is lost by it. */
State Cleanup(const SearchContext &context, State start);

} // namespace pg_advisor
