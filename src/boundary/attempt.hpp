/*
 * Code of the server that may fail without harm: for the recorder, which must not make a user's statement
 * fail.
 *
 * Only for code that changes nothing but memory and holds nothing but catalog cache entries for a moment
 * (no lock, no pin, no relation): there is no subtransaction to clean up after it. C rules for its frames.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor
{

namespace detail
{
bool AttemptRaw(void (*function)(void *), void *argument);
}

/* Whether `function` came through. Interrupts and errors of the storage are not caught. Not even tried in a
 * process that exits. */
template <class F> bool Attempt(F &&function)
{
    using Function = std::remove_reference_t<F>;
    return detail::AttemptRaw([](void *argument) { (*static_cast<Function *>(argument))(); }, &function);
}

} // namespace pg_advisor
