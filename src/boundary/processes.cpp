/*
 * See processes.hpp.
 */
#include "boundary/processes.hpp"

#include "boundary/pg.hpp"

extern "C"
{
#include "storage/procarray.h"
}

namespace pg_advisor
{

bool IsRunning(int pid)
{
    return BackendPidGetProc(pid) != nullptr;
}

} // namespace pg_advisor
