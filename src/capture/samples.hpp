/*
 * Which executions are remembered with their constants, and in what form.
 *
 * A statement with parameters keeps their values; one without keeps its text, from which they can be
 * analysed again. Kept are four usual executions (replaced ever more rarely, see samples.cpp)
 * and the extremes: fastest, slowest, fewest and most rows, so that advice serves the unlucky value too.
 */
#pragma once

#include "capture/executions.hpp"
#include "capture/pending.hpp"

namespace pg_advisor::capture
{

/* At the end of an execution, while its parameters are alive. */
void ConsiderSample(Pending *slot, const Execution &execution);

} // namespace pg_advisor::capture
