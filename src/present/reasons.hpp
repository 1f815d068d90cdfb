/*
 * Why an index is suggested, in one or two sentences with figures.
 *
 * Called for the column `reason` of advisor.suggest_indexes. Pure.
 */
#pragma once

#include "advise/advisor.hpp"

namespace pg_advisor
{

/* How sentences call a statement: by its query id and the start of its text. */
String QueryName(const StatementInfo &statement);

/* `workload_cost` is Advice.cost_before. */
String SuggestionReason(const Suggestion &suggestion, double workload_cost,
                        const Vector<StatementInfo> &workload, const TableInfo &table);

/* Why indexes are not suggested; `definitions` names them. The message and its details. */
String WithheldMessage(const Withheld &withheld, const String &definitions);
String WithheldDetail(const Withheld &withheld, const Vector<StatementInfo> &workload);

/* Of a suggestion to drop an index; `instead` is the unquoted name of the one that serves in its place. */
String DropReason(const Suggestion &suggestion, const String &instead);
/* The same of one that nobody uses. */
String DisuseReason(const Suggestion &suggestion, const TableInfo &table);

} // namespace pg_advisor
