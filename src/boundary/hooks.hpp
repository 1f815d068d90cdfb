/*
 * Installs the extension's hooks in front of those that were there. Called once by _PG_init.
 */
#pragma once

namespace pg_advisor::hooks
{

/* `recording`: also the hooks of the recorder, which need its shared memory. */
void Install(bool recording);

} // namespace pg_advisor::hooks
