/*
 * The sandbox of sandbox.hpp. Works on a hot standby: no transaction id is assigned.
 */
#include "boundary/sandbox.hpp"

#include "capture/recorder.hpp"

namespace pg_advisor
{

namespace
{

void Enter(const SandboxOptions &options, MemoryContext caller)
{
    Oid user;
    int security;

    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(caller);
    GetUserIdAndSecContext(&user, &security);
    SetUserIdAndSecContext(OidIsValid(options.user) ? options.user : user,
                           security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
    if (options.search_path != nullptr)
        (void)set_config_option("search_path", options.search_path, PGC_USERSET, PGC_S_SESSION,
                                GUC_ACTION_SAVE, true, 0, false);
    PushActiveSnapshot(GetTransactionSnapshot());
}

void RollBack(MemoryContext caller, ResourceOwner owner)
{
    RollbackAndReleaseCurrentSubTransaction();
    MemoryContextSwitchTo(caller);
    CurrentResourceOwner = owner;
}

} // namespace

namespace detail
{

void RunSandboxed(const SandboxOptions &options, void (*function)(void *), void *argument)
{
    MemoryContext caller = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    capture::RecorderPause pause;

    /* Outside the guarded part: if this fails there is no subtransaction of ours to roll back. */
    if (IsInParallelMode())
        throw Failure("25000", "pg_advisor cannot plan inside a parallel operation");
    int level = GetCurrentTransactionNestLevel();
    try
    {
        CallPg([&] {
            Enter(options, caller);
            function(argument);
        });
    }
    catch (const PgError &)
    {
        if (GetCurrentTransactionNestLevel() > level)
            CallPg([&] { RollBack(caller, owner); });
        throw;
    }
    CallPg([&] { RollBack(caller, owner); });
}

} // namespace detail

bool MaySeeStatementsOf(Oid user)
{
    return CallPg([&] {
        return user == GetUserId() || superuser() || has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
    });
}

} // namespace pg_advisor
