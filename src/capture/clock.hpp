/*
 * The clock of the recorder: the processor's time stamp counter where the kernel itself trusts it, else the
 * monotonic clock. Reading the counter costs a third of clock_gettime, and a recorded execution reads it twice.
 *
 * Times are differences in ticks until they are counted; ToNanoseconds is exact to 1e-5 from the first second
 * on, because the rate is measured against the monotonic clock over the life of the server.
 */
#pragma once

#include "base/hidden.hpp"
#include "boundary/pg.hpp"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace pg_advisor::capture
{

struct Clock
{
    bool counter;        /* the time stamp counter is read */
    double ns_per_tick;
    double ticks_per_ms;
};
extern HIDDEN Clock clock_rate;

int64 MonotonicNanoseconds();

inline int64 NowTicks()
{
#if defined(__x86_64__)
    if (likely(clock_rate.counter))
    {
        _mm_lfence(); /* what was begun before is done */
        return static_cast<int64>(__rdtsc());
    }
#endif
    return MonotonicNanoseconds();
}

inline int64 ToNanoseconds(int64 ticks)
{
    return static_cast<int64>(static_cast<double>(ticks) * clock_rate.ns_per_tick);
}

/* Chooses the clock and measures its rate for the first time; when the library is loaded. */
void StartClock();
/* Measures the rate again, over all the time since StartClock; now and then. */
void RefineClock();

} // namespace pg_advisor::capture
