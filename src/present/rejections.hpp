/*
 * Why an index is not suggested, in a sentence with figures.
 *
 * Called for the column `reason` of advisor.rejected_indexes. Pure.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

/* `suggested` are the unquoted names of the suggested indexes, in their order. */
String RejectionReason(const Rejection &rejection, const AdvisorOptions &options, const Vector<StatementInfo> &workload,
                       const TableInfo &table, const Vector<String> &suggested);

} // namespace pg_advisor
