/*
 * The rules with the thresholds of this database.
 */
#pragma once

#include "rules/rule.hpp"

namespace pg_advisor::findings
{

/* All rules, by name. Throws Failure or PgError where a rule or advisor.thresholds cannot be read. */
Vector<Rule> LoadRules();

/* Text of an input by name; throws Failure XX000 where there is none. */
Rule LoadInput(std::string_view name);

} // namespace pg_advisor::findings
