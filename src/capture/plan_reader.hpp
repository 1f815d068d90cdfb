/*
 * Reads the sequential scans of a sampled execution from its plan state, before ExecutorEnd frees it.
 */
#pragma once

#include "capture/executions.hpp"

namespace pg_advisor::capture
{

/* Stores one sampled execution: rows read and kept, pages, and the filter of every sequential scan. False, and
 * nothing is stored, if there was none. */
bool ReadScans(const Execution &execution);

} // namespace pg_advisor::capture
