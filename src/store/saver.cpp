/*
 * The background process "pg_advisor saver": writes the statistics file now and then, so that a crash loses
 * minutes and not weeks. The postmaster itself writes it as it exits (startup.cpp).
 *
 * It has no database and no transaction. It ends with exit code 1, so that the postmaster starts it again
 * whatever ended it but a shutdown.
 */
#include "settings.hpp"
#include "store/file.hpp"
#include "store/store.hpp"

namespace pg_advisor::store
{

namespace
{

/* A reset removed the file. Several often come together: let them, before it is written again. */
constexpr long kAfterResetMs = 5000;

struct Saved
{
    TimestampTz at;
    uint64 changes;
    uint32 resets;
};

uint64 Changes()
{
    uint64 sum = 0;
    for (uint32 p = 0; p < shared->partitions; p++)
        sum += PartitionAt(p)->changes; /* without a lock: an old value is as good */
    return sum;
}

/* ms until the next save may be needed, -1 for never. */
long TimeLeft(const Saved &last)
{
    if (!settings::save || settings::save_interval_s == 0)
        return -1;
    long wait = settings::save_interval_s * 1000L;
    if (pg_atomic_read_u32(&shared->resets) != last.resets)
        wait = std::min(wait, kAfterResetMs);
    const TimestampTz now = GetCurrentTimestamp();
    if (now < last.at) /* the clock was set back */
        return wait;
    return std::max(0L, wait - static_cast<long>(std::min<int64>((now - last.at) / 1000, wait)));
}

void SaveIfChanged(Saved *last)
{
    const uint64 changes = Changes();
    const uint32 resets = pg_atomic_read_u32(&shared->resets);
    const bool changed = changes != last->changes || resets != last->resets;
    last->at = GetCurrentTimestamp();
    if (changed && Save(true))
        *last = Saved{last->at, changes, resets};
}

void IntroduceMyself()
{
    LWLockAcquire(FileLock(), LW_EXCLUSIVE);
    shared->saver = MyLatch;
    LWLockRelease(FileLock());
}

void ReadSettings()
{
    ConfigReloadPending = false;
    ProcessConfigFile(PGC_SIGHUP);
    if (!settings::save)
        ForgetFile();
}

void RunSaver()
{
    AttachTexts();
    IntroduceMyself();
    /* What the postmaster loaded need not be written again. */
    Saved last{GetCurrentTimestamp(), shared->loaded_changes, pg_atomic_read_u32(&shared->resets)};
    while (!ShutdownRequestPending)
    {
        const long wait = TimeLeft(last);
        if (wait != 0)
            (void)WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH | (wait > 0 ? WL_TIMEOUT : 0), wait,
                            PG_WAIT_EXTENSION);
        ResetLatch(MyLatch);
        if (ConfigReloadPending)
            ReadSettings();
        if (!ShutdownRequestPending && TimeLeft(last) == 0)
            SaveIfChanged(&last);
    }
    DetachTexts();
}

} // namespace

void RegisterSaver()
{
    if (IsBinaryUpgrade)
        return;
    BackgroundWorker worker{};
    worker.bgw_flags = BGWORKER_SHMEM_ACCESS;
    worker.bgw_start_time = BgWorkerStart_ConsistentState;
    worker.bgw_restart_time = BGW_DEFAULT_RESTART_INTERVAL;
    strlcpy(worker.bgw_library_name, "pg_advisor", sizeof(worker.bgw_library_name));
    strlcpy(worker.bgw_function_name, "pg_advisor_saver", sizeof(worker.bgw_function_name));
    strlcpy(worker.bgw_name, "pg_advisor saver", sizeof(worker.bgw_name));
    strlcpy(worker.bgw_type, "pg_advisor saver", sizeof(worker.bgw_type));
    RegisterBackgroundWorker(&worker);
}

} // namespace pg_advisor::store

extern "C"
{
    PGDLLEXPORT void pg_advisor_saver(Datum argument);

    void pg_advisor_saver(Datum)
    {
        pqsignal(SIGHUP, SignalHandlerForConfigReload);
        pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
        BackgroundWorkerUnblockSignals();
        pg_advisor::store::RunSaver();
        proc_exit(1);
    }
}
