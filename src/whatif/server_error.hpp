/*
 * A server error caught in the sandbox as a Failure, so that one catch clause serves both.
 *
 * Cancel and shutdown are passed on as they are: they are nobody's to swallow.
 */
#pragma once

#include "boundary/guard.hpp"

namespace pg_advisor::whatif
{

[[noreturn]] inline void ThrowAsFailure(const PgError &error)
{
    if (error.IsInterrupt())
        throw error;
    const ErrorData *data = error.Data();
    throw Failure(unpack_sql_state(data->sqlerrcode), error.what(), data->detail ? data->detail : "",
                  data->hint ? data->hint : "");
}

} // namespace pg_advisor::whatif
