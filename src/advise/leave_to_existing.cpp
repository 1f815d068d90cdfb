/*
 * Cleanup: what exists already is left to do what it can. A second question, once the advice was followed, is to find
 * nothing that the first one did not find worth it.
 */
#include "advise/losses.hpp"
#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

/* Whether the index is a second table under another name: nearly as wide as the rows. */
bool RepeatsTheTable(const IndexSpec &index, const TableInfo &table)
{
    const auto width = [&](std::int16_t number) {
        const ColumnInfo *column = table.Column(number);
        return column == nullptr ? 0 : column->average_width;
    };
    double row = thresholds::kRowOverhead, entry = thresholds::kEntryOverhead;
    for (const ColumnInfo &column : table.columns)
        row += column.average_width;
    for (const KeyPart &key : index.keys)
        entry += width(key.column);
    for (std::int16_t column : index.include)
        entry += width(column);
    return entry > thresholds::kMaxEntryShare * row;
}

/* Whether the existing index is the simpler one of the two. Constraints are there for another reason, and may be so by
 * chance only. */
bool IsSimpler(const ExistingIndex &existing, const Priced &candidate)
{
    const bool by_chance = existing.constraint && existing.spec.keys.size() > candidate.index.keys.size();
    return !by_chance && existing.spec.keys.size() + existing.spec.include.size() <= candidate.columns &&
           existing.bytes <= 1.05 * candidate.bytes;
}

/* Whether next to what the existing index gains by itself the rest is much, or further keys make a statement much
 * cheaper. INCLUDE columns do that easily once little is left, which is no reason for them. */
bool RefinementIsWorthIt(const Priced &candidate, const State &without, const State &before, const State &next)
{
    const double gain_without = without.objective - next.objective;
    if (next.objective - before.objective >= thresholds::kIncludeMinGain * std::max(0.0, gain_without))
        return true;
    for (std::size_t statement = 0; candidate.index.include.empty() && statement < before.credited.size(); statement++)
        if (before.credited[statement] * thresholds::kHelpsAgainFactor <= next.credited[statement] &&
            next.credited[statement] > 0)
            return true;
    return false;
}

/* The sets with neither index, with the existing one, with the candidate, and with both. */
struct Sets
{
    const State &neither, &existing, &candidate, &both;
};

/* Whether a statement that the candidate helps needs the existing index all the same: both have parts of it to do. */
bool DoDifferentWork(const SearchContext &context, const Sets &sets)
{
    for (std::size_t statement = 0; statement < sets.both.credited.size(); statement++)
    {
        const double all = sets.neither.credited[statement] - sets.both.credited[statement];
        const double part = sets.candidate.credited[statement] - sets.both.credited[statement];
        if (part > thresholds::kPartOfWork * all && context.evaluator.Helps(sets.existing, sets.both, statement))
            return true;
    }
    return false;
}

bool ExistingDoes(const SearchContext &context, const State &state, const State &next, const State &without,
                  std::size_t out, const ExistingIndex &existing);

/* Whether without its INCLUDE columns the candidate would be left to the existing index. */
bool OnlyCovers(const SearchContext &context, const Sets &sets, std::size_t out, const ExistingIndex &existing)
{
    IndexSpec keys_only = context.Candidate(out).index;
    if (keys_only.include.empty())
        return false;
    keys_only.include.clear();
    const std::optional<std::size_t> number = context.evaluator.NumberOf(std::move(keys_only));
    if (!number)
        return true;
    const State plain = context.evaluator.Apply(sets.both, {*number}, {out});
    return !context.evaluator.Worth(sets.existing, plain, context.limits.min_improvement) ||
           ExistingDoes(context, plain, sets.existing, sets.neither, *number, existing);
}

/* Whether an index that only covers earns its bytes, by the statements that it is for: what it adds to what the
 * existing one gains for them. */
bool CoveringIsWorthIt(const SearchContext &context, const Sets &sets, const Priced &candidate,
                       const ExistingIndex &existing)
{
    double gain = 0, loss = 0;
    for (std::size_t statement = 0; statement < sets.both.credited.size(); statement++)
        if (context.evaluator.Helps(sets.existing, sets.both, statement))
        {
            gain += sets.neither.credited[statement] - sets.candidate.credited[statement];
            loss += sets.existing.credited[statement] - sets.candidate.credited[statement];
        }
    return IncludeIsWorthIt(candidate.bytes, existing.bytes, gain, loss / thresholds::kForWhatExists);
}

/* Whether the existing index has already done for the statements what the candidate is for: what is left of their cost
 * is little of what they would cost without it (`untreated`), and the candidate does not take most of that. */
bool IsCured(const SearchContext &context, const State &state, const State &next, const State &untreated)
{
    bool any = false;
    for (std::size_t statement = 0; statement < state.credited.size(); statement++)
    {
        if (!context.evaluator.Helps(next, state, statement))
            continue;
        const double was = untreated.credited[statement], left = next.credited[statement],
                     now = state.credited[statement];
        if (was <= left || left - now >= thresholds::kHelpsMean * was || now * thresholds::kHelpsAgainFactor <= left)
            return false;
        any = true;
    }
    return any;
}

/* Whether `out` is given up for an existing index: what ShrinkOne would do if both were candidates. `next`: without it,
 * `without`: without either. */
bool ExistingDoes(const SearchContext &context, const State &state, const State &next, const State &without,
                  std::size_t out, const ExistingIndex &existing)
{
    const Priced candidate = context.Candidate(out); /* a copy: further ones may be added */
    Evaluator &evaluator = context.evaluator;
    const State before = evaluator.Without(state, existing);
    const Sets sets{without, next, before, state};
    if (DoDifferentWork(context, sets))
        return false;
    const double gain = without.objective - before.objective;
    const double loss = next.objective - before.objective;
    const double factor = thresholds::kForWhatExists;
    if (Negligible(context, before, next, gain, factor))
        return true;
    const double share = existing.bytes / candidate.bytes;
    const bool size_is_free = context.limits.budget.has_value();
    if (!size_is_free && share <= thresholds::kMuchSmaller &&
        SmallLossForSize(context, candidate.index, existing.spec, share, without, before, next, factor))
        return true;
    if (!size_is_free && BeginsWith(candidate.index, existing) && !RefinementIsWorthIt(candidate, without, before, next))
        return true;
    /* the twin of what stays, a primary key mostly, excludes no row more: its whole size is for visits to the table */
    const TableInfo &table = evaluator.Tables().at(existing.spec.relation);
    if (NarrowTwin(candidate.index, table) == &existing)
    {
        if (!size_is_free && RepeatsTheTable(candidate.index, table))
            return true;
        const bool stays = candidate.replaces != existing.oid;
        return (stays || !size_is_free) && !IncludeIsWorthIt(candidate.bytes + (stays ? existing.bytes : 0),
                                                             existing.bytes, gain, loss / factor);
    }
    return !size_is_free && OnlyCovers(context, sets, out, existing) &&
           !CoveringIsWorthIt(context, sets, candidate, existing);
}

} // namespace

/* Leaves out what refines an existing index without being worth it. */
bool LeaveToExisting(const SearchContext &context, State &state)
{
    for (std::size_t out : state.chosen)
    {
        const auto table = context.evaluator.Tables().find(context.Candidate(out).index.relation);
        if (table == context.evaluator.Tables().end())
            continue;
        State next = context.evaluator.Apply(state, {}, {out});
        for (const ExistingIndex &existing : table->second.indexes)
        {
            /* constraints are there before any advice, and tell nothing of how well a statement is served */
            const bool cures = !existing.constraint && !existing.spec.unique;
            const bool simpler = IsSimpler(existing, context.Candidate(out));
            if (!next.allowed || !existing.valid || !(cures || simpler))
                continue;
            const State without = context.evaluator.Without(next, existing);
            if ((cures && IsCured(context, state, next, without)) ||
                (simpler && ExistingDoes(context, state, next, without, out, existing)))
            {
                state = std::move(next);
                return true;
            }
        }
    }
    return false;
}

} // namespace pg_advisor
