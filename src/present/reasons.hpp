/*
 * Why an index is suggested, in one or two sentences with figures.
 *
 * Called for the column `reason` of advisor.suggest_indexes. Pure.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

/* `workload_cost` is Advice.cost_before. */
String SuggestionReason(const Suggestion &suggestion, double workload_cost,
                        const Vector<StatementInfo> &workload, const TableInfo &table);

/* Why indexes are not suggested; `definitions` names them. The message and its details. */
String WithheldMessage(const String &definitions);
String WithheldDetail(const Withheld &withheld, const Vector<StatementInfo> &workload);

/* Of a suggestion to drop an index; `instead` is the unquoted name of the one that serves in its place. */
String DropReason(const Suggestion &suggestion, const String &instead);

} // namespace pg_advisor
