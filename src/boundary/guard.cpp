/*
 * The parts of the guards that need no template: see guard.hpp for the rules.
 *
 * This file and attempt.cpp are the only ones that touch PG_exception_stack.
 */
#include "boundary/guard.hpp"

namespace pg_advisor::detail
{

namespace
{

[[noreturn]] void ThrowCurrentError()
{
    ErrorData *data = CopyErrorData();
    FlushErrorState();
    throw PgError(data);
}

} // namespace

void CallPgRaw(void (*function)(void *), void *argument)
{
    sigjmp_buf *const saved_stack = PG_exception_stack;
    ErrorContextCallback *const saved_callbacks = error_context_stack;
    MemoryContext const saved_context = CurrentMemoryContext;
    sigjmp_buf local;

    if (sigsetjmp(local, 0) == 0)
    {
        PG_exception_stack = &local;
        function(argument);
        PG_exception_stack = saved_stack;
        error_context_stack = saved_callbacks;
        return;
    }
    PG_exception_stack = saved_stack;
    error_context_stack = saved_callbacks;
    MemoryContextSwitchTo(saved_context);
    ThrowCurrentError();
}

void Classify(Caught *caught)
{
    caught->error = nullptr;
    caught->sqlstate = ERRCODE_INTERNAL_ERROR;
    caught->message[0] = caught->detail[0] = caught->hint[0] = '\0';
    try
    {
        throw;
    }
    catch (const PgError &error)
    {
        caught->error = error.Data();
    }
    catch (const Failure &failure)
    {
        const char *code = failure.Sqlstate().c_str();
        if (failure.Sqlstate().size() == 5)
            caught->sqlstate = MAKE_SQLSTATE(code[0], code[1], code[2], code[3], code[4]);
        strlcpy(caught->message, failure.what(), sizeof(caught->message));
        strlcpy(caught->detail, failure.Detail().c_str(), sizeof(caught->detail));
        strlcpy(caught->hint, failure.Hint().c_str(), sizeof(caught->hint));
    }
    catch (const std::bad_alloc &)
    {
        caught->sqlstate = ERRCODE_OUT_OF_MEMORY;
        strlcpy(caught->message, "out of memory", sizeof(caught->message));
    }
    catch (const std::exception &error)
    {
        strlcpy(caught->message, error.what(), sizeof(caught->message));
    }
    catch (...)
    {
        strlcpy(caught->message, "unknown C++ exception", sizeof(caught->message));
    }
}

void Raise(Caught *caught)
{
    if (caught->error != nullptr)
        ReThrowError(caught->error);
    ereport(ERROR, (errcode(caught->sqlstate), errmsg("%s", caught->message),
                    caught->detail[0] ? errdetail("%s", caught->detail) : 0,
                    caught->hint[0] ? errhint("%s", caught->hint) : 0));
    pg_unreachable();
}

} // namespace pg_advisor::detail
