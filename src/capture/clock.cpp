/*
 * Choosing and calibrating the clock: see clock.hpp.
 */
#include "capture/clock.hpp"

#include "settings.hpp"

#include <ctime>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace pg_advisor::capture
{

Clock clock_rate{false, 1.0, 1e6};

namespace
{

constexpr int64 kFirstMeasurement = 2000000; /* ns; the rate is then known to about 1e-4 */
constexpr int64 kWorthRefining = 100000000;  /* ns */

int64 started_ticks;
int64 started_ns;

/* The counter runs at one rate, in all states of all processors. */
bool HasInvariantCounter()
{
#if defined(__x86_64__)
    unsigned int a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1U << 8)) != 0;
#else
    return false;
#endif
}

/* The kernel watches the counter and gives it up when it drifts, or where a hypervisor cannot keep it. */
bool KernelUsesCounter()
{
    char name[8] = "";
    FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "r");
    if (file == nullptr)
        return false;
    const bool read = fgets(name, sizeof(name), file) != nullptr;
    (void)fclose(file);
    return read && strcmp(name, "tsc\n") == 0;
}

void SetRate(double ns_per_tick)
{
    clock_rate.ns_per_tick = ns_per_tick;
    clock_rate.ticks_per_ms = 1e6 / ns_per_tick;
}

} // namespace

int64 MonotonicNanoseconds()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<int64>(now.tv_sec) * 1000000000 + now.tv_nsec;
}

void StartClock()
{
    if (!HasInvariantCounter() || !KernelUsesCounter())
        return;
    clock_rate.counter = true;
    started_ns = MonotonicNanoseconds();
    started_ticks = NowTicks();
    int64 ns;
    do
        ns = MonotonicNanoseconds();
    while (ns - started_ns < kFirstMeasurement);
    SetRate(static_cast<double>(ns - started_ns) / static_cast<double>(NowTicks() - started_ticks));
}

void RefineClock()
{
    if (!clock_rate.counter)
        return;
    const int64 ns = MonotonicNanoseconds() - started_ns;
    const int64 ticks = NowTicks() - started_ticks;
    if (ns > kWorthRefining && ticks > 0)
        SetRate(static_cast<double>(ns) / static_cast<double>(ticks));
}

} // namespace pg_advisor::capture
