/*
 * Reads rule files: see rule.hpp.
 */
#include "rules/rule.hpp"

#include "base/failure.hpp"

#include <charconv>

namespace pg_advisor
{

namespace
{

Failure Malformed(std::string_view name, std::string_view problem)
{
    std::string message("rule ");
    message.append(name).append(": ").append(problem);
    return Failure("XX000", message);
}

/* Cuts the first line off `text`. */
std::string_view NextLine(std::string_view *text)
{
    const std::size_t end = text->find('\n');
    const std::string_view line = text->substr(0, end);
    text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
    return line;
}

std::string_view Trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::string_view NextWord(std::string_view *text)
{
    *text = Trim(*text);
    const std::size_t end = std::min(text->find_first_of(" ,"), text->size());
    const std::string_view word = text->substr(0, end);
    text->remove_prefix(std::min(end + 1, text->size()));
    return word;
}

Threshold ParseThreshold(std::string_view name, std::string_view value)
{
    Threshold threshold;
    threshold.name = NextWord(&value);
    const std::string_view number = NextWord(&value);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), threshold.value);
    threshold.what = Trim(value);
    if (error != std::errc() || end != number.data() + number.size() || threshold.what.empty())
        throw Malformed(name, "a threshold needs a name, a number and what it means");
    return threshold;
}

void ParseNames(std::string_view value, Vector<String> *names)
{
    while (!(value = Trim(value)).empty())
        names->push_back(String(NextWord(&value)));
}

struct TextKey
{
    std::string_view key;
    String Rule::*field;
};

constexpr TextKey kTextKeys[] = {
    {"category", &Rule::category}, {"severity", &Rule::severity},   {"what", &Rule::what},
    {"why", &Rule::why},           {"detection", &Rule::detection}, {"caution", &Rule::caution},
    {"fix", &Rule::fix},
};

void SetKey(Rule *rule, std::string_view key, std::string_view value)
{
    if (key == "threshold")
        return rule->thresholds.push_back(ParseThreshold(rule->name, value));
    if (key == "inputs")
        return ParseNames(value, &rule->inputs);
    if (key == "gives way to")
        return ParseNames(value, &rule->gives_way);
    for (const TextKey &known : kTextKeys)
        if (known.key == key)
        {
            rule->*known.field = value;
            return;
        }
    throw Malformed(rule->name, String("unknown key ") + String(key));
}

bool IsWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

} // namespace

Rule ParseRule(std::string_view name, std::string_view text)
{
    Rule rule;
    rule.name = name;
    if (!text.starts_with("-- "))
        throw Malformed(name, "the first line is its title, as a comment");
    rule.title = Trim(NextLine(&text).substr(3));
    std::string_view key;
    String value;
    while (text.starts_with("--"))
    {
        const std::string_view line = NextLine(&text).substr(2);
        if (line.starts_with("   "))
        {
            value.append(" ").append(Trim(line));
            continue;
        }
        if (!key.empty())
            SetKey(&rule, key, value);
        key = {};
        const std::size_t colon = line.find(':');
        if (Trim(line).empty())
            continue;
        if (colon == std::string_view::npos)
            throw Malformed(name, "a line of its opening comment is no key: value");
        key = Trim(line.substr(0, colon));
        value = Trim(line.substr(colon + 1));
    }
    if (!key.empty())
        SetKey(&rule, key, value);
    rule.query = Trim(text);
    if (rule.query.ends_with(';'))
        rule.query.pop_back();
    return rule;
}

String WithThresholds(const Rule &rule)
{
    const std::string_view query = rule.query;
    String result;
    std::size_t at = 0;
    while (at < query.size())
    {
        std::size_t colon = query.find(':', at);
        if (colon == std::string_view::npos)
            colon = query.size();
        result.append(query.substr(at, colon - at));
        std::size_t end = colon + 1;
        while (end < query.size() && IsWordCharacter(query[end]))
            end++;
        const bool cast = colon > 0 && colon < query.size() && query[colon - 1] == ':';
        const std::string_view name = colon < query.size() ? query.substr(colon + 1, end - colon - 1) : "";
        const Threshold *found = nullptr;
        for (const Threshold &threshold : rule.thresholds)
            if (!cast && threshold.name == name)
                found = &threshold;
        if (found != nullptr)
        {
            char number[32];
            const auto [last, error] = std::to_chars(number, number + sizeof(number), found->value);
            result.append("(").append(std::string_view(number, last)).append(")");
        }
        else if (colon < query.size())
            result.append(query.substr(colon, end - colon));
        at = std::min(end, query.size());
    }
    return result;
}

} // namespace pg_advisor
