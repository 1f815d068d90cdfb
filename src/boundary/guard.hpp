/*
 * The two guards between PostgreSQL's longjmp and C++ exceptions.
 *
 * CallPg  - C++ calls PostgreSQL: an ereport(ERROR) inside becomes a PgError exception. The callable has
 *           only trivially destructible locals and throws nothing itself.
 * Shield  - PostgreSQL calls C++: an exception inside becomes an ereport(ERROR) with its SQLSTATE. The
 *           error is raised after the catch clause is left, because a longjmp out of one leaks.
 *
 * Rules: a cancel or shutdown (PgError::IsInterrupt) is always rethrown; an error is swallowed only after
 * boundary/sandbox.hpp rolled its subtransaction back, or for look-ups that hold no lock and no pin.
 */
#pragma once

#include "base/failure.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor
{

class PgError : public std::exception
{
  public:
    explicit PgError(ErrorData *data) : data_(data) {}

    const char *what() const noexcept override { return data_->message ? data_->message : "unknown error"; }
    ErrorData *Data() const { return data_; }
    bool IsInterrupt() const
    {
        return data_->sqlerrcode == ERRCODE_QUERY_CANCELED || data_->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN ||
               data_->sqlerrcode == ERRCODE_CRASH_SHUTDOWN || data_->elevel >= FATAL;
    }

  private:
    ErrorData *data_; /* lives in the memory context that was current when CallPg was entered */
};

namespace detail
{

void CallPgRaw(void (*function)(void *), void *argument);

/* What Shield found in its catch clauses, in storage that a longjmp may skip. */
struct Caught
{
    ErrorData *error;
    int sqlstate;
    char message[1024];
    char detail[1024];
    char hint[1024];
};

/* Called from inside a catch (...) clause: sorts the current exception into *caught. */
void Classify(Caught *caught);
[[noreturn]] void Raise(Caught *caught);

} // namespace detail

template <class F> auto CallPg(F &&function)
{
    using Result = std::invoke_result_t<F>;
    using Function = std::remove_reference_t<F>;
    if constexpr (std::is_void_v<Result>)
    {
        detail::CallPgRaw([](void *argument) { (*static_cast<Function *>(argument))(); }, &function);
    }
    else
    {
        static_assert(std::is_trivially_destructible_v<Result>);
        struct Frame
        {
            Function *function;
            Result result;
        } frame{&function, {}};
        detail::CallPgRaw(
            [](void *argument) {
                auto *f = static_cast<Frame *>(argument);
                f->result = (*f->function)();
            },
            &frame);
        return frame.result;
    }
}

template <class F> auto Shield(F &&function) -> std::invoke_result_t<F>
{
    detail::Caught caught;
    try
    {
        return function();
    }
    catch (...)
    {
        detail::Classify(&caught);
    }
    detail::Raise(&caught);
}

inline void CheckInterrupts()
{
    if (INTERRUPTS_PENDING_CONDITION())
        CallPg([] { CHECK_FOR_INTERRUPTS(); });
}

} // namespace pg_advisor
