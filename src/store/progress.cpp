/*
 * See progress.hpp.
 */
#include "store/progress.hpp"

#include "boundary/guard.hpp"
#include "boundary/processes.hpp"
#include "store/layout.hpp"
#include "store/store.hpp"

namespace pg_advisor::store
{

namespace
{

bool clears_at_exit = false;

void Release(ProgressSlot *slot)
{
    pg_atomic_write_u32(&slot->owner, 0);
}

extern "C" {

/* Termination unwinds no C++ frame. A slot that is left behind would be the next process's that gets the pid. */
static void ReleaseAtExit(int, Datum)
{
    for (int i = 0; i < kProgressSlots; i++)
        if (pg_atomic_read_u32(&parts.progress[i].owner) == static_cast<uint32>(MyProcPid))
            Release(&parts.progress[i]);
}

} // extern "C"

/* A free slot, or that of a process which is gone. */
ProgressSlot *Claim()
{
    for (int i = 0; i < kProgressSlots; i++)
    {
        ProgressSlot *slot = &parts.progress[i];
        uint32 owner = pg_atomic_read_u32(&slot->owner);
        if (owner != 0 && IsRunning(static_cast<int>(owner)))
            continue;
        if (pg_atomic_compare_exchange_u32(&slot->owner, &owner, static_cast<uint32>(MyProcPid)))
            return slot;
    }
    return nullptr;
}

} // namespace

void InitialiseProgress(ProgressSlot *slots)
{
    memset(slots, 0, sizeof(ProgressSlot) * kProgressSlots);
    for (int i = 0; i < kProgressSlots; i++)
    {
        pg_atomic_init_u32(&slots[i].owner, 0);
        pg_atomic_init_u32(&slots[i].changes, 0);
    }
}

bool ReadProgress(int number, ProgressData *data)
{
    ProgressSlot *slot = &parts.progress[number];
    const uint32 owner = pg_atomic_read_u32(&slot->owner);
    if (owner == 0 || !IsRunning(static_cast<int>(owner)))
        return false;
    while (true)
    {
        const uint32 before = pg_atomic_read_u32(&slot->changes);
        pg_read_barrier();
        memcpy(data, &slot->data, sizeof(*data));
        pg_read_barrier();
        if (pg_atomic_read_u32(&slot->changes) == before && before % 2 == 0)
            break;
        CHECK_FOR_INTERRUPTS();
    }
    /* claimed, but not filled in yet, or given back meanwhile */
    return data->pid == static_cast<int32>(owner) && pg_atomic_read_u32(&slot->owner) == owner;
}

Progress::Progress(int64 statements, double time_limit_ms) : slot_(nullptr)
{
    if (!Available())
        return;
    slot_ = CallPg([] {
        if (!clears_at_exit)
            on_shmem_exit(ReleaseAtExit, 0);
        clears_at_exit = true;
        return Claim();
    });
    Change([&](ProgressData &data) {
        memset(&data, 0, sizeof(data));
        data.pid = MyProcPid;
        data.datid = MyDatabaseId;
        data.userid = GetSessionUserId();
        data.started_at = GetCurrentTimestamp();
        data.time_limit_ms = time_limit_ms;
        data.statements_total = statements;
        data.cost_before = data.cost_best = -1;
    });
}

Progress::~Progress()
{
    if (slot_ == nullptr)
        return;
    Change([](ProgressData &data) { data.pid = 0; });
    Release(slot_);
}

void Progress::Begin()
{
    pg_atomic_write_u32(&slot_->changes, pg_atomic_read_u32(&slot_->changes) | 1);
    pg_write_barrier();
}

void Progress::End()
{
    pg_write_barrier();
    pg_atomic_write_u32(&slot_->changes, (pg_atomic_read_u32(&slot_->changes) | 1) + 1);
}

} // namespace pg_advisor::store
