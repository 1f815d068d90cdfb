/*
 * Normalised statement text: constants replaced by $n, as pg_stat_statements shows it.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::capture
{

inline constexpr int kLongestText = 64 * 1024; /* bytes of a text that are remembered */

/*
 * One statement of `text` (location and length as in PlannedStmt), palloc'd. With `jumble` the constants
 * are exactly those the server's query id ignores; without it every literal in the text.
 */
char *Normalise(const char *text, int location, int length, JumbleState *jumble, int *result_length);

/* A short memory of texts normalised while parsing, for the execution that follows. */
void RememberText(uint64 queryid, const char *text, int length);
const char *RememberedText(uint64 queryid, int *length);

} // namespace pg_advisor::capture
