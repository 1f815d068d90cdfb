/*
 * SQL functions behind the views advisor.findings and advisor.rules.
 */
#include "boundary/memory.hpp"
#include "boundary/rows.hpp"
#include "findings/findings.hpp"
#include "findings/rule_book.hpp"

namespace pg_advisor
{

namespace
{

void WriteFindings(FunctionCallInfo fcinfo)
{
    MemoryScope memory("findings");
    RowWriter rows(fcinfo);
    for (const findings::Finding &finding : findings::FindAll())
    {
        rows.Text(finding.rule).Text(finding.category).Text(finding.severity).Text(finding.object);
        rows.Text(finding.title).Text(finding.detail).Text(finding.evidence);
        if (finding.impact)
            rows.Float(*finding.impact);
        else
            rows.Null();
        rows.TextOrNull(finding.fix).TextOrNull(finding.undo).Text(finding.docs);
        rows.Emit();
    }
}

void WriteRules(FunctionCallInfo fcinfo)
{
    MemoryScope memory("rules");
    RowWriter rows(fcinfo);
    for (const Rule &rule : findings::LoadRules())
    {
        Vector<String> names, values;
        for (const Threshold &threshold : rule.thresholds)
        {
            char value[32];
            snprintf(value, sizeof(value), "%.15g", threshold.value);
            names.push_back(threshold.name);
            values.emplace_back(value);
        }
        rows.Text(rule.name).Text(rule.category).Text(rule.severity).Text(rule.title).Text(rule.what).Text(rule.why);
        rows.Text(rule.detection).Text(rule.caution).Text(rule.fix);
        rows.TextArray(names).TextArray(values);
        rows.Emit();
    }
}

} // namespace

} // namespace pg_advisor

extern "C"
{
    PG_FUNCTION_INFO_V1(advisor_findings_0_1);
    PG_FUNCTION_INFO_V1(advisor_rules_0_1);

    PGDLLEXPORT Datum advisor_findings_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteFindings(fcinfo); });
        return static_cast<Datum>(0);
    }

    PGDLLEXPORT Datum advisor_rules_0_1(PG_FUNCTION_ARGS)
    {
        pg_advisor::Shield([&] { pg_advisor::WriteRules(fcinfo); });
        return static_cast<Datum>(0);
    }
}
