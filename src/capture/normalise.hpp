/*
 * Normalised statement text: constants replaced by $n, as pg_stat_statements shows it.
 */
#pragma once

#include "boundary/pg.hpp"
#include "store/layout.hpp"

namespace pg_advisor::capture
{

inline constexpr int kLongestText = 64 * 1024; /* bytes of a text that are remembered */

/* One statement of a text that may have several, without the blanks around it. */
struct Statement
{
    const char *text;
    int length;
    int offset; /* in the whole text */
};
/* Location and length as in PlannedStmt. */
Statement StatementIn(const char *text, int location, int length);

/* Where the constants of a statement are. */
struct Constants
{
    const LocationLen *places; /* from the statement's start, ascending */
    uint32 count;              /* store::kUnknownConstants: every literal is one */
    int highest_parameter;
    bool standard_strings;

    bool Known() const { return count != store::kUnknownConstants; }
    static Constants Unknown() { return {nullptr, store::kUnknownConstants, 0, standard_conforming_strings}; }
};
/* A copy, since other modules use the jumble too; good until the next call, or as long as the memory context. */
Constants ConstantsOf(const JumbleState *jumble, const Statement &statement);

/* Replaces the constants; palloc'd. Raises an error where the scanner refuses the text. */
char *Normalise(const char *text, int length, const Constants &constants, int *result_length);

} // namespace pg_advisor::capture
