/*
 * Shared memory of the store: request, first initialisation with what was saved, saving when the server stops,
 * attachment of each backend to the text area.
 */
#include "settings.hpp"
#include "store/file.hpp"
#include "store/progress.hpp"
#include "store/store.hpp"

namespace pg_advisor::store
{

namespace
{

constexpr const char *kTranche = "pg_advisor";

shmem_request_hook_type previous_request;
shmem_startup_hook_type previous_startup;
dsa_area *texts = nullptr;
/* The postmaster's own view of the area, for its exit: attaching then would take a lock of the area, which a
 * session that was killed may have left taken. Children have a copy of it and do not use it. */
dsa_area *texts_at_exit = nullptr;

void InitialisePartitions()
{
    for (uint32 p = 0; p < shared->partitions; p++)
    {
        Partition *partition = PartitionAt(p);
        Entry *entries = EntriesOf(p);
        uint32 *buckets = BucketsOf(p);

        partition->used = 0;
        partition->free_head = partition->hand = 0;
        memset(partition->spares, 0, sizeof(partition->spares));
        partition->capacity = shared->capacity_per_partition;
        partition->buckets = shared->buckets_per_partition;
        for (uint32 i = 0; i < partition->capacity; i++)
            entries[i].next = i + 1 < partition->capacity ? i + 1 : kNone;
        for (uint32 i = 0; i < partition->buckets; i++)
            buckets[i] = kNone;
    }
}

/* The area lives inside the main segment and may not grow beyond it: no DSM segment is ever made. */
void InitialiseTexts()
{
    MemoryContext previous = MemoryContextSwitchTo(TopMemoryContext);
    if (texts_at_exit != nullptr)
        dsa_detach(texts_at_exit); /* of before the crash; it touches private memory only */
    texts_at_exit = dsa_create_in_place(DsaPlace(), shared->dsa_size, shared->dsa_tranche, nullptr);
    dsa_pin(texts_at_exit);
    dsa_set_size_limit(texts_at_exit, shared->dsa_size);
    MemoryContextSwitchTo(previous);
}

/* No backend runs yet. What pg_upgrade does is nobody's workload: it neither reads nor writes the file. */
void LoadFile()
{
    if (IsBinaryUpgrade)
        return;
    if (!settings::save)
    {
        RemoveFiles();
        return;
    }
    texts = texts_at_exit;
    Load();
    texts = nullptr;
    for (uint32 p = 0; p < shared->partitions; p++)
        shared->loaded_changes += PartitionAt(p)->changes;
}

extern "C" {

/* The postmaster exits, after all others. Not so after a crash: what is in memory is not to be trusted then. */
static void SaveAtExit(int code, Datum)
{
    if (code != 0 || IsBinaryUpgrade)
        return;
    if (!settings::save)
    {
        RemoveFiles();
        return;
    }
    texts = texts_at_exit;
    (void)Save(false);
    texts = nullptr;
}

static void RequestMemory(void)
{
    if (previous_request)
        previous_request();
    Shared geometry;
    RequestAddinShmemSpace(ComputeLayout(&geometry));
    RequestNamedLWLockTranche(kTranche, static_cast<int>(geometry.partitions) + 1);
}

static void StartUp(void)
{
    if (previous_startup)
        previous_startup();

    Shared geometry;
    bool found;
    const Size size = ComputeLayout(&geometry);

    LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
    shared = static_cast<Shared *>(ShmemInitStruct("pg_advisor", size, &found));
    if (!found)
    {
        memset(shared, 0, sizeof(Shared));
        ComputeLayout(shared);
    }
    LocateParts();
    if (!found)
    {
        shared->locks = GetNamedLWLockTranche(kTranche);
        shared->dsa_tranche = shared->locks[0].lock.tranche;
        shared->started_at = GetCurrentTimestamp();
        pg_atomic_init_u64(&shared->stats_reset, static_cast<uint64>(shared->started_at));
        pg_atomic_init_u32(&shared->generation, 1);
        pg_atomic_init_u64(&shared->evicted, 0);
        pg_atomic_init_u64(&shared->samples_dropped, 0);
        InitialiseProgress(parts.progress);
        InitialisePartitions();
        pg_atomic_init_u32(&shared->resets, 0);
        InitialiseTexts();
        LoadFile();
    }
    LWLockRelease(AddinShmemInitLock);
    if (!IsUnderPostmaster)
        on_shmem_exit(SaveAtExit, 0);
}

} // extern "C"

} // namespace

void Install()
{
    previous_request = shmem_request_hook;
    shmem_request_hook = RequestMemory;
    previous_startup = shmem_startup_hook;
    shmem_startup_hook = StartUp;
    RegisterSaver();
}

bool Available()
{
    return shared != nullptr;
}

void AttachTexts()
{
    if (texts != nullptr)
        return;
    MemoryContext previous = MemoryContextSwitchTo(TopMemoryContext);
    texts = dsa_attach_in_place(DsaPlace(), nullptr);
    dsa_pin_mapping(texts);
    MemoryContextSwitchTo(previous);
}

void DetachTexts()
{
    if (texts == nullptr)
        return;
    dsa_detach(texts);
    dsa_release_in_place(DsaPlace());
    texts = nullptr;
}

dsa_area *TextArea()
{
    return texts;
}

} // namespace pg_advisor::store
