/*
 * The open executions of this backend: see executions.hpp.
 */
#include "capture/executions.hpp"

namespace pg_advisor::capture
{

Execution open_executions[kMostOpen];
int open_top = 0;

int64 last_ticks = 0;

bool ForgetAbove(int subtransaction, void (*failed)(const Execution &execution))
{
    bool any = false;
    for (int i = open_top - 1; i >= 0; i--)
    {
        Execution *execution = &open_executions[i];
        if (execution->query_desc == nullptr || execution->subtransaction < subtransaction)
            continue;
        if (execution->active)
        {
            failed(*execution);
            any = true;
        }
        Close(execution);
    }
    return any;
}

void PassToParent(int subtransaction)
{
    for (int i = 0; i < open_top; i++)
        open_executions[i].subtransaction = std::min(open_executions[i].subtransaction, subtransaction - 1);
}

} // namespace pg_advisor::capture
