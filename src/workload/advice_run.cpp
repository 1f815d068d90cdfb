/*
 * Collects the facts of every statement and hands them to the search: see advice_run.hpp.
 */
#include "workload/advice_run.hpp"

#include "boundary/guard.hpp"
#include "whatif/planner_cost.hpp"
#include "workload/describe_statement.hpp"

#include <chrono>

namespace pg_advisor
{

namespace
{

double ClockMs()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration<double, std::milli>(now).count();
}

/* Of the limit: a workload whose statements cannot be looked at in that time is looked at in part. */
constexpr double kCollectingShare = 0.4;

/* What it costs as things are, which is asked for again and again. Returns the ms it took. */
double PriceAlone(QueryId query, whatif::PlannerCost *model)
{
    const double begin = ClockMs();
    try
    {
        (void)model->Cost(query, Configuration());
    }
    catch (const Failure &)
    {
        /* the search will find so, too, and leave the query out */
    }
    return ClockMs() - begin;
}

/* No index changes what others cost: calls of functions, questions about the server, this one among them. They would
 * only make the share of the workload look smaller that an index saves. */
bool UsesTables(const StatementInfo &statement, const whatif::PlannerCost &model, const Catalog &catalog)
{
    if (!statement.writes.empty())
        return true;
    for (QueryId query : statement.queries)
        for (Oid32 relation : model.Relations(query))
        {
            const auto table = catalog.find(relation);
            if (table != catalog.end() && !table->second.catalog && table->second.schema != "advisor")
                return true;
        }
    return false;
}

/* Returns the ms that its plans as things are took. */
double AddStatement(const WorkItem &item, whatif::PlannerCost *model, AdviceRun *run)
{
    double pricing_ms = 0;
    StatementInfo statement = DescribeStatement(item);
    for (std::size_t i = 0; i < item.queries.size(); i++)
    {
        const QueryId query = model->AddQuery(item.queries[i]);
        pricing_ms += PriceAlone(query, model);
        /* Costs tell what the statistics of a table say: only for who may read it, as EXPLAIN sees to. */
        if (item.check_privileges)
            (void)model->Explain(query, Configuration());
        statement.queries.push_back(query);
        statement.weights.push_back(i < item.weights.size() ? item.weights[i] : item.calls);
        statement.facts.push_back(model->Collect(query));
    }
    if (statement.queryid == 0 || UsesTables(statement, *model, run->catalog))
        run->statements.push_back(std::move(statement));
    return pricing_ms;
}

double TryStatement(const WorkItem &item, whatif::PlannerCost *model, AdviceRun *run)
{
    if (item.queries.empty())
    {
        run->skipped.push_back({item.text, item.problem});
        return 0;
    }
    try
    {
        return AddStatement(item, model, run);
    }
    catch (const Failure &failure)
    {
        run->skipped.push_back({item.text, String(failure.what())});
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
        run->skipped.push_back({item.text, String(error.what())});
    }
    return 0;
}

} // namespace

const char *PhaseName(Phase phase)
{
    switch (phase)
    {
    case Phase::Collecting:
        return "collecting";
    case Phase::Preparing:
        return "preparing";
    case Phase::Pruning:
        return "pruning";
    case Phase::Searching:
        return "searching";
    case Phase::Checking:
        return "checking";
    case Phase::Describing:
        return "describing";
    case Phase::Dropping:
        return "looking for drops";
    }
    return "unknown";
}

void RunAdvice(WorkloadSource &source, const AdvisorOptions &options, AdviceRun *run)
{
    const double started = ClockMs();
    const std::size_t count = source.Size();
    store::Progress progress(static_cast<int64>(count), options.time_limit_ms);
    whatif::PlannerCost model(run->catalog);
    model.ReportTo(&progress);
    AdvisorOptions rest = options;
    for (std::size_t i = 0; i < count && run->unseen == 0; i++)
    {
        CheckInterrupts();
        rest.pricing_ms += TryStatement(source.Item(i), &model, run);
        progress.Change([](store::ProgressData &data) { data.statements_done++; });
        if (ClockMs() - started > kCollectingShare * options.time_limit_ms)
            run->unseen = count - i - 1;
    }
    rest.time_limit_ms = std::max(options.time_limit_ms / 10, options.time_limit_ms - (ClockMs() - started));
    run->advice = SuggestIndexes(run->statements, run->catalog, model, rest, ClockMs);
    model.ReportCache();
}

} // namespace pg_advisor
