/*
 * Runs every rule over the inputs it names, takes out what is ignored, and sorts.
 */
#include "findings/findings.hpp"

#include "findings/rule_book.hpp"
#include "findings/rule_query.hpp"

#include <algorithm>
#include <cstdlib>

namespace pg_advisor::findings
{

namespace
{

Finding Broken(const Rule &rule, std::string_view kind, const PgError &error)
{
    char *sqlstate = unpack_sql_state(error.Data()->sqlerrcode);
    Finding finding;
    finding.rule = rule.name;
    finding.category = "advisor";
    finding.severity = "warning";
    finding.object.append(kind).append(" ").append(rule.name);
    finding.title.append("The ").append(kind).append(" could not be evaluated");
    finding.detail.append(error.what()).append(" (SQLSTATE ").append(sqlstate).append(")");
    if (error.Data()->hint != nullptr)
        finding.detail.append(". ").append(error.Data()->hint);
    finding.evidence = "{}";
    return finding;
}

/* Inputs that were read, and those that could not be. */
class Inputs
{
  public:
    explicit Inputs(Vector<Finding> *findings) : findings_(findings) {}

    /* The tables that `rule` names, or nothing if one of them failed, now or before. */
    std::optional<Vector<const InputTable *>> Of(const Rule &rule)
    {
        Vector<const InputTable *> tables;
        for (const String &name : rule.inputs)
        {
            const InputTable *table = Get(name);
            if (table == nullptr)
                return std::nullopt;
            tables.push_back(table);
        }
        return tables;
    }

  private:
    const InputTable *Get(const String &name)
    {
        auto [at, fresh] = read_.try_emplace(name);
        if (fresh)
            at->second = Read(name);
        return at->second.get();
    }

    std::unique_ptr<InputTable> Read(const String &name)
    {
        const Rule input = LoadInput(name);
        const auto inputs = Of(input);
        if (!inputs)
            return nullptr;
        try
        {
            return std::make_unique<InputTable>(input.name, input.query, *inputs);
        }
        catch (const PgError &error)
        {
            if (error.IsInterrupt())
                throw;
            AddBroken(Broken(input, "input", error));
            return nullptr;
        }
    }

    /* What has one cause (nothing is recorded at all) is said once. */
    void AddBroken(Finding &&broken)
    {
        for (Finding &other : *findings_)
            if (other.category == broken.category && other.detail == broken.detail)
            {
                other.object.append(", ").append(broken.rule);
                return;
            }
        findings_->push_back(std::move(broken));
    }

    Vector<Finding> *findings_;
    Map<String, std::unique_ptr<InputTable>> read_;
};

Finding MakeFinding(const Rule &rule, const TextRows &rows, std::size_t row)
{
    const auto text = [&](const char *column) { return rows.Value(row, column).value_or(String()); };
    Finding finding;
    finding.rule = rule.name;
    finding.category = rule.category;
    finding.severity = rows.Value(row, "severity").value_or(rule.severity);
    finding.object = text("object");
    finding.title = text("title");
    finding.detail = text("detail");
    finding.evidence = rows.Value(row, "evidence").value_or("{}");
    if (const auto impact = rows.Value(row, "impact"))
        finding.impact = std::strtod(impact->c_str(), nullptr);
    finding.weight = std::strtod(text("weight").c_str(), nullptr);
    finding.fix = text("fix");
    finding.undo = text("undo");
    finding.docs = String("docs/rules.md#").append(rule.name);
    return finding;
}

void RunRule(const Rule &rule, Inputs *inputs, Vector<Finding> *findings)
{
    const auto tables = inputs->Of(rule);
    if (!tables)
        return;
    try
    {
        const TextRows rows = RunRuleQuery(WithThresholds(rule), *tables);
        for (std::size_t row = 0; row < rows.rows.size(); row++)
            findings->push_back(MakeFinding(rule, rows, row));
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
        findings->push_back(Broken(rule, "rule", error));
    }
}

/* What advisor.ignored and comments on objects say. */
class Ignored
{
  public:
    Ignored()
    {
        const TextRows rows = RunRuleQuery(kQuery, {});
        for (std::size_t row = 0; row < rows.rows.size(); row++)
            pairs_.insert({rows.Value(row, "rule").value_or("*"), rows.Value(row, "object").value_or("*")});
    }

    bool Has(const String &rule, const String &object) const
    {
        return pairs_.contains({rule, object}) || pairs_.contains({rule, "*"}) || pairs_.contains({"*", object});
    }

  private:
    static constexpr const char *kQuery = R"(
        SELECT rule, object FROM advisor.ignored
        UNION ALL
        SELECT CASE m.found[1] WHEN 'all' THEN '*' ELSE m.found[1] END,
               (pg_identify_object(d.classoid, d.objoid, d.objsubid)).identity
        FROM pg_description d, regexp_matches(d.description, 'pg_advisor: ignore ([a-z0-9-]+)', 'g') AS m (found)
        WHERE d.description LIKE '%pg_advisor: ignore %')";

    Set<std::pair<String, String>> pairs_;
};

int Rank(const String &severity)
{
    return severity == "critical" ? 0 : severity == "warning" ? 1 : 2;
}

bool Worse(const Finding &left, const Finding &right)
{
    const auto key = [](const Finding &finding) {
        return std::tuple(Rank(finding.severity), -finding.impact.value_or(-1), -finding.weight);
    };
    if (key(left) != key(right))
        return key(left) < key(right);
    return std::tie(left.rule, left.object) < std::tie(right.rule, right.object);
}

void Absorb(Finding *finding, const Finding &other)
{
    if (Rank(other.severity) < Rank(finding->severity))
        finding->severity = other.severity;
    if (other.impact)
        finding->impact = std::max(*other.impact, finding->impact.value_or(0));
    finding->detail.append(" ").append(other.title).append(". ").append(other.detail);
}

/* What is mended by one script is found once. */
void GiveWay(const Rule &rule, Vector<Finding> *findings)
{
    if (rule.gives_way.empty())
        return;
    Map<String, Finding *> by_fix;
    for (Finding &finding : *findings)
        if (!finding.fix.empty() && std::ranges::find(rule.gives_way, finding.rule) != rule.gives_way.end())
            by_fix.emplace(finding.fix, &finding);
    Set<const Finding *> absorbed;
    for (const Finding &finding : *findings)
        if (const auto found = by_fix.find(finding.fix); finding.rule == rule.name && found != by_fix.end())
        {
            Absorb(found->second, finding);
            absorbed.insert(&finding);
        }
    std::erase_if(*findings, [&](const Finding &finding) { return absorbed.contains(&finding); });
}

} // namespace

Vector<Finding> FindAll()
{
    Vector<Finding> findings;
    const Ignored ignored;
    Inputs inputs(&findings);
    const Vector<Rule> rules = LoadRules();
    for (const Rule &rule : rules)
    {
        CheckInterrupts();
        if (!ignored.Has(rule.name, "*"))
            RunRule(rule, &inputs, &findings);
    }
    std::erase_if(findings, [&](const Finding &finding) { return ignored.Has(finding.rule, finding.object); });
    for (const Rule &rule : rules)
        GiveWay(rule, &findings);
    std::stable_sort(findings.begin(), findings.end(), Worse);
    return findings;
}

} // namespace pg_advisor::findings
