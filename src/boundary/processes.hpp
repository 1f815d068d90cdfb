/*
 * Which processes of the server are there.
 */
#pragma once

namespace pg_advisor
{

/* A backend or worker that is attached to shared memory. C rules. */
bool IsRunning(int pid);

} // namespace pg_advisor
