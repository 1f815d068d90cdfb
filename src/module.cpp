/*
 * The table of contents of the extension: what is set up when the server loads the library.
 *
 * Preloaded (shared_preload_libraries) everything is available. Loaded later, by a SQL function, only what
 * needs no recorded workload: what-if planning and advice on given texts.
 */
#include "boundary/explain_advice.hpp"
#include "boundary/hooks.hpp"
#include "boundary/pg.hpp"
#include "capture/recorder.hpp"
#include "settings.hpp"
#include "store/store.hpp"

extern "C"
{
    PG_MODULE_MAGIC;
    PGDLLEXPORT void _PG_init(void);

    void _PG_init(void)
    {
        using namespace pg_advisor;
        const bool preloaded = process_shared_preload_libraries_in_progress;

        settings::Define();
        hooks::Install(preloaded);
        explain_advice::Install();
        if (!preloaded)
            return;
        store::Install();
        capture::Install();
    }
}
