/*
 * The open executions of this backend: see executions.hpp.
 */
#include "capture/executions.hpp"

namespace pg_advisor::capture
{

Execution open_executions[kMostOpen];
Execution *open_end = open_executions;

int64 last_ticks = 0;

void ForgetAbove(int subtransaction, void (*failed)(const Execution &execution))
{
    for (Execution *execution = open_end; execution > open_executions;)
    {
        execution--;
        if (execution->query_desc == nullptr || execution->subtransaction < subtransaction)
            continue;
        if (execution->active)
            failed(*execution);
        Close(execution);
    }
}

void PassToParent(int subtransaction)
{
    for (Execution *execution = open_executions; execution < open_end; execution++)
        execution->subtransaction = std::min(execution->subtransaction, subtransaction - 1);
}

} // namespace pg_advisor::capture
