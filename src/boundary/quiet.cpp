/*
 * See quiet.hpp. Assigned, not set: this is over before anybody could ask for the settings.
 */
#include "boundary/quiet.hpp"

namespace pg_advisor::detail
{

void QuietlyRaw(void (*function)(void *), void *argument)
{
    const int client = client_min_messages;
    const int log = log_min_messages;

    PG_TRY();
    {
        client_min_messages = std::max(client, ERROR);
        log_min_messages = std::max(log, ERROR);
        function(argument);
    }
    PG_FINALLY();
    {
        client_min_messages = client;
        log_min_messages = log;
    }
    PG_END_TRY();
}

} // namespace pg_advisor::detail
