/*
 * Code of the server without its notices and warnings: for what the user has been told once already.
 *
 * Errors pass. C rules for the frames of `function`.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor
{

namespace detail
{
void QuietlyRaw(void (*function)(void *), void *argument);
}

template <class F> void Quietly(F &&function)
{
    using Function = std::remove_reference_t<F>;
    detail::QuietlyRaw([](void *argument) { (*static_cast<Function *>(argument))(); }, &function);
}

} // namespace pg_advisor
