/*
 * See rule_book.hpp.
 */
#include "findings/rule_book.hpp"

#include "base/failure.hpp"
#include "findings/rule_query.hpp"

#include <cstdlib>

namespace pg_advisor::findings
{

namespace
{

void SetThreshold(Vector<Rule> *rules, const String &rule_name, const String &name, double value)
{
    for (Rule &rule : *rules)
        if (rule.name == rule_name)
            for (Threshold &threshold : rule.thresholds)
                if (threshold.name == name)
                    threshold.value = value;
}

} // namespace

Vector<Rule> LoadRules()
{
    Vector<Rule> rules;
    for (const RuleText *text = kRuleTexts; text->name != nullptr; text++)
        rules.push_back(ParseRule(text->name, text->text));
    const TextRows set = RunRuleQuery("SELECT rule, name, value, '' AS object FROM advisor.thresholds", {});
    for (std::size_t row = 0; row < set.rows.size(); row++)
        SetThreshold(&rules, *set.Value(row, "rule"), *set.Value(row, "name"),
                     std::strtod(set.Value(row, "value")->c_str(), nullptr));
    return rules;
}

Rule LoadInput(std::string_view name)
{
    for (const RuleText *text = kInputTexts; text->name != nullptr; text++)
        if (text->name == name)
            return ParseRule(name, text->text);
    throw Failure("XX000", String("no input of the rules is called ").append(name));
}

} // namespace pg_advisor::findings
