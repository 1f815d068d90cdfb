/*
 * Texts of statements that the store does not know yet, from parsing until they have run.
 *
 * Only parsing knows which literals are constants of the statement, and an error leaves no text to look at.
 * A few are kept; who loses its place is normalised by the look of its literals. Where real texts must not
 * be kept (pg_advisor.sample_texts = off) they are normalised at once.
 */
#pragma once

#include "capture/normalise.hpp"
#include "store/store.hpp"

namespace pg_advisor::capture
{

/* Remembers one statement and returns it, nullptr without memory. With `whole` false its text is only normalised,
 * whatever the settings: utility statements, which may hold passwords. May raise an error. */
const store::TextData *RememberText(uint64 queryid, const Statement &statement, const Constants &constants, bool whole);
/* What to send to the store; nullptr if it is no longer remembered, or may no longer be kept. Good until the next RememberText. */
const store::TextData *RememberedText(uint64 queryid);

/* The text of a statement that has run, remembered or not; nullptr if it cannot be read. Raises nothing. */
const store::TextData *TextOf(uint64 queryid, const char *source, int location, int length, bool whole);

} // namespace pg_advisor::capture
