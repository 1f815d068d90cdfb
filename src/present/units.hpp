/*
 * Figures for people: sizes, durations, shares and costs in a few characters.
 *
 * Used by present/reasons and the reports. Deterministic, without locale.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

String HumanBytes(double bytes);     /* 812 bytes, 72 kB, 4.5 MB, 1.2 GB */
String HumanMilliseconds(double ms); /* 0.12 ms, 35 ms, 1.2 s, 3 min, 4.5 h */
String HumanShare(double ratio);     /* 0.3 %, 12 % */
String HumanNumber(double number);   /* 12, 4.3, 120,000, 1.2 million */
String Counted(double number, std::string_view noun); /* 1 row, 120,000 rows */
String HumanCost(double cost);       /* planner units, two decimals while small */

} // namespace pg_advisor
