/*
 * Advice under way, for advisor.progress: one slot for each call, in shared memory, as pg_stat_progress_* has it.
 *
 * A slot is claimed by compare-and-swap with the backend's pid. Only its owner writes it, and without a lock:
 * `changes` is odd meanwhile, and whoever reads tries again if it was odd or has moved (the protocol of
 * PgBackendStatus). Where all slots are taken, or there is no segment, advice runs unseen.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::store
{

inline constexpr int kProgressSlots = 32;

/* What a slot tells. Negative costs are not known yet. */
struct ProgressData
{
    int32 pid; /* of whom the rest is; 0: of nobody */
    int32 phase;
    Oid datid;
    Oid userid;
    TimestampTz started_at;
    double time_limit_ms;
    int64 statements_total, statements_done;
    int64 candidates;
    int64 planner_calls;
    double cost_before, cost_best;
};

struct ProgressSlot
{
    pg_atomic_uint32 owner; /* pid; 0: free */
    pg_atomic_uint32 changes;
    ProgressData data;
};

void InitialiseProgress(ProgressSlot *slots);

/* Copies a slot; false if it is nobody's, or of a process that is gone. May ereport (a cancel). */
bool ReadProgress(int slot, ProgressData *data);

/* The slot of one call, for as long as it lives. A process that exits in between gives it back at its exit. */
class Progress
{
  public:
    Progress(int64 statements, double time_limit_ms);
    ~Progress();
    Progress(const Progress &) = delete;
    Progress &operator=(const Progress &) = delete;

    /* `change` gets the ProgressData; it does not throw. */
    template <class F> void Change(F &&change)
    {
        if (slot_ == nullptr)
            return;
        Begin();
        change(slot_->data);
        End();
    }

  private:
    void Begin();
    void End();

    ProgressSlot *slot_;
};

} // namespace pg_advisor::store
