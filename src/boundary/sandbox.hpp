/*
 * Runs PostgreSQL code that may fail, as a given user, and leaves nothing behind.
 *
 * Everything happens in a subtransaction that is always rolled back, so locks, snapshots, relcache pins,
 * the user, the security context and settings return to what they were, whatever happened inside. The
 * recorder is off meanwhile: what the advisor plans is not a statement of a user. Planning may run user
 * code (immutable functions), hence the user switch with SECURITY_RESTRICTED_OPERATION.
 */
#pragma once

#include "boundary/guard.hpp"

namespace pg_advisor
{

struct SandboxOptions
{
    Oid user = InvalidOid;             /* InvalidOid: the current user */
    const char *search_path = nullptr; /* nullptr: the current one */
};

namespace detail
{
void RunSandboxed(const SandboxOptions &options, void (*function)(void *), void *argument);
}

/*
 * `function` obeys the rules of CallPg (it may ereport, it throws nothing). Its CurrentMemoryContext is
 * the caller's: what it pallocs there survives the rollback. Throws PgError after the rollback.
 */
template <class F> void Sandbox(const SandboxOptions &options, F &&function)
{
    using Function = std::remove_reference_t<F>;
    detail::RunSandboxed(
        options, [](void *argument) { (*static_cast<Function *>(argument))(); }, &function);
}

/* Whether the caller may see and plan what `user` ran: itself, or a member of pg_read_all_stats. */
bool MaySeeStatementsOf(Oid user);

} // namespace pg_advisor
