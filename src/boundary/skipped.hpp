/*
 * Tells the user which statements were left out, and why: for the functions that look at a whole workload.
 */
#pragma once

#include "workload/workload.hpp"

namespace pg_advisor
{

/* Texts of the caller are reported one by one, as an error if none is left; of a recorded workload the number and
 * one example. `planned` is the number of the others. */
void ReportSkipped(const Vector<SkippedStatement> &skipped, std::size_t planned, bool recorded);

} // namespace pg_advisor
