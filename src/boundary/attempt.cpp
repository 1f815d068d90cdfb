/*
 * See attempt.hpp.
 */
#include "boundary/attempt.hpp"

namespace pg_advisor::detail
{

namespace
{

/* Not what interrupts a statement, and not what may have been raised below a lock while reading a catalog. */
bool MayBeIgnored(int sqlstate)
{
    switch (ERRCODE_TO_CATEGORY(sqlstate))
    {
        case ERRCODE_OPERATOR_INTERVENTION:
        case ERRCODE_SYSTEM_ERROR:
            return false;
        default:
            return sqlstate != ERRCODE_DATA_CORRUPTED && sqlstate != ERRCODE_INDEX_CORRUPTED;
    }
}

} // namespace

bool AttemptRaw(void (*function)(void *), void *argument)
{
    /* A process that exits makes every error FATAL, and cuts its own cleaning up short. */
    if (proc_exit_inprogress)
        return false;

    sigjmp_buf *const saved_stack = PG_exception_stack;
    ErrorContextCallback *const saved_callbacks = error_context_stack;
    MemoryContext const saved_context = CurrentMemoryContext;
    /* ereport zeroes these; who holds interrupts off around us has to find them as they were. */
    const uint32 interrupts_held = InterruptHoldoffCount;
    const uint32 cancel_held = QueryCancelHoldoffCount;
    sigjmp_buf local;

    if (sigsetjmp(local, 0) == 0)
    {
        PG_exception_stack = &local;
        function(argument);
        PG_exception_stack = saved_stack;
        error_context_stack = saved_callbacks;
        return true;
    }
    PG_exception_stack = saved_stack;
    error_context_stack = saved_callbacks;
    if (!MayBeIgnored(geterrcode()))
        PG_RE_THROW();
    MemoryContextSwitchTo(saved_context);
    FlushErrorState();
    InterruptHoldoffCount = interrupts_held;
    QueryCancelHoldoffCount = cancel_held;
    return false;
}

} // namespace pg_advisor::detail
