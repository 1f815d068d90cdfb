/*
 * Prints docs/rules.md from the rules themselves; `make docs/rules.md` writes it, and a check compares.
 */
#include "base/failure.hpp"
#include "rules/rule.hpp"

#include <cstdio>
#include <string>

using pg_advisor::Rule;
using pg_advisor::String;
using pg_advisor::Threshold;

namespace
{

constexpr std::size_t kWidth = 118;

/* The paragraph, broken into lines; those after the first are indented. */
void Paragraph(const std::string &text, const char *indent)
{
    std::size_t column = 0, at = 0;
    while (at < text.size())
    {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (column > 0 && column + 1 + end - at > kWidth)
        {
            std::printf("\n%s", indent);
            column = std::string(indent).size();
        }
        else if (column > 0)
        {
            std::printf(" ");
            column++;
        }
        std::printf("%s", text.substr(at, end - at).c_str());
        column += end - at;
        at = end + 1;
    }
    std::printf("\n");
}

void Section(const char *name, const String &text)
{
    if (!text.empty())
    {
        std::printf("\n");
        Paragraph(std::string("**") + name + "** " + text.c_str(), "");
    }
}

void Describe(const Rule &rule)
{
    std::printf("\n## %s\n\n%s. *%s, %s*\n", rule.name.c_str(), rule.title.c_str(), rule.category.c_str(),
                rule.severity.c_str());
    Section("What.", rule.what);
    Section("Why.", rule.why);
    Section("Detected.", rule.detection);
    Section("When it is wrong.", rule.caution);
    Section("Fix.", rule.fix);
    if (!rule.thresholds.empty())
        std::printf("\n");
    for (const Threshold &threshold : rule.thresholds)
    {
        char value[32];
        std::snprintf(value, sizeof(value), "%.15g", threshold.value);
        Paragraph(std::string("- `") + threshold.name.c_str() + "` = " + value + ": " + threshold.what.c_str(), "  ");
    }
}

} // namespace

int main()
try
{
    pg_advisor::Vector<Rule> rules;
    for (const pg_advisor::RuleText *text = pg_advisor::kRuleTexts; text->name != nullptr; text++)
        rules.push_back(pg_advisor::ParseRule(text->name, text->text));

    std::printf("# Rules\n\n");
    Paragraph("What `advisor.findings` looks for: a section per rule. The severity is the usual one; a finding may differ "
              "from it by its evidence. Thresholds are set with `advisor.set_threshold(rule, name, value)`; "
              "`advisor.ignore(rule, object, reason)` silences a rule, an object, or one rule on one object. "
              "This page is made from src/rules by `make docs/rules.md`.", "");
    std::printf("\n| rule | category | severity | |\n|---|---|---|---|\n");
    for (const Rule &rule : rules)
        std::printf("| [%s](#%s) | %s | %s | %s |\n", rule.name.c_str(), rule.name.c_str(), rule.category.c_str(),
                    rule.severity.c_str(), rule.title.c_str());
    for (const Rule &rule : rules)
        Describe(rule);
    return 0;
}
catch (const std::exception &error)
{
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
