/*
 * EXPLAIN (ADVISE): see explain_advice.hpp. The same as advisor.suggest_indexes with the statement's text.
 */
#include "boundary/explain_advice.hpp"

#include "boundary/memory.hpp"
#include "present/quote.hpp"
#include "present/reasons.hpp"
#include "settings.hpp"
#include "workload/advice_run.hpp"
#include "workload/index_ddl.hpp"

namespace pg_advisor::explain_advice
{

namespace
{

constexpr const char *kGroup = "Suggested Indexes";
constexpr const char *kLabel = "Suggested Index";

void PrintSuggestion(const Suggestion &suggestion, AdviceRun *run, DdlWriter *writer, ExplainState *state)
{
    const TableInfo &table = run->catalog.at(suggestion.index.relation);
    const String ddl = writer->Write(suggestion.index, table, ReadPartitions(table, run->catalog)).ddl;
    const String reason = SuggestionReason(suggestion, run->advice.cost_before, run->statements, table);
    CallPg([&] {
        ExplainOpenGroup(kLabel, nullptr, true, state);
        ExplainPropertyText(kLabel, ddl.c_str(), state);
        ExplainPropertyFloat("Cost Without", nullptr, suggestion.cost_before, 2, state);
        ExplainPropertyFloat("Cost With", nullptr, suggestion.cost_after, 2, state);
        ExplainPropertyText("Reason", reason.c_str(), state);
        ExplainCloseGroup(kLabel, nullptr, true, state);
    });
}

/* Why there is no advice, where it is not that no index helps. */
String Obstruction(const AdviceRun &run)
{
    if (!run.skipped.empty())
        return ": " + run.skipped[0].problem;
    String tables;
    for (Oid32 relation : run.advice.not_analyzed)
    {
        const TableInfo &table = run.catalog.at(relation);
        tables += (tables.empty() ? "; never analyzed: " : ", ") + QuoteQualified(table.schema, table.name);
    }
    return tables;
}

void Print(const char *text, int length, ExplainState *state)
{
    MemoryScope memory("EXPLAIN (ADVISE)");
    AdvisorOptions options;
    options.time_limit_ms = settings::advice_time_limit_ms;
    AdviceRun run;
    Vector<String> texts;
    texts.emplace_back(text, static_cast<std::size_t>(length));
    RunAdvice(*TextWorkload(std::move(texts)), options, &run);

    CallPg([&] { ExplainOpenGroup(kGroup, kGroup, false, state); });
    DdlWriter writer = MakeDdlWriter();
    bool any = false;
    for (const Suggestion &suggestion : run.advice.suggestions)
        if (suggestion.replacement.dropped == nullptr)
        {
            PrintSuggestion(suggestion, &run, &writer, state);
            any = true;
        }
    CallPg([&] { ExplainCloseGroup(kGroup, kGroup, false, state); });
    const String obstruction = Obstruction(run);
    if ((!any && state->format == EXPLAIN_FORMAT_TEXT) || !obstruction.empty())
    {
        const String none = (any ? "no more" : "none") + obstruction;
        CallPg([&] { ExplainPropertyText(kLabel, none.c_str(), state); });
    }
}

/* The statement with EXPLAIN or PREPARE around it, if need be: that is known to whoever reads the text. */
void AfterPlan(const char *text, int location, int length, ExplainState *state)
{
    Shield([&] {
        const char *statement = CallPg([&] {
            /* Of the last statement of a text the server says nothing. */
            if (List *statements = length == 0 ? raw_parser(text, RAW_PARSE_DEFAULT) : NIL; statements != NIL)
                location = llast_node(RawStmt, statements)->stmt_location;
            return CleanQuerytext(text, &location, &length);
        });
        Print(statement, length, state);
    });
}

} // namespace

void Install()
{
    compat::AddExplainOption("advise", AfterPlan);
}

} // namespace pg_advisor::explain_advice
