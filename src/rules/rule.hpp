/*
 * A rule of the review as its file declares it, and how that file is read.
 *
 * src/rules/NAME.sql opens with a comment: the title, then keys, a value going on over lines that are indented by two
 * or more spaces. After the comment comes one query. Its columns, by name and in any order:
 *   classid, objid, objsubid   the object, or
 *   object                     its name as text;
 *   title, detail              required; detail has the figures that led to the finding
 *   severity                   critical, warning or notice; without it the rule's own
 *   evidence (jsonb), impact (ms of total execution time at stake), fix, undo (SQL scripts)
 *   weight                     orders findings of one severity that have no impact, heaviest first
 * A rule gives way to others: where a finding of theirs has the same fix, its own becomes part of that one.
 * :name in the query is the threshold of that name. Inputs (src/rules/inputs) are tables to the query.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

struct Threshold
{
    String name;
    double value = 0;
    String what;
};

struct Rule
{
    String name; /* kebab-case, that of the file */
    String category, severity, title;
    String what, why;           /* what it finds; why that is bad */
    String detection, caution;  /* how it is detected; when it is wrong */
    String fix;                 /* what the fix does and costs, and what the undo cannot bring back */
    Vector<String> inputs;
    Vector<String> gives_way; /* rules */
    Vector<Threshold> thresholds;
    String query;
};

/* Throws Failure XX000 where the text is not as above. */
Rule ParseRule(std::string_view name, std::string_view text);

/* The query with its thresholds as numbers. */
String WithThresholds(const Rule &rule);

/* Files of src/rules and src/rules/inputs as they are, sorted by name; ends with a null name. */
struct RuleText
{
    const char *name;
    const char *text;
};
extern const RuleText kRuleTexts[];
extern const RuleText kInputTexts[];

} // namespace pg_advisor
