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

void AddStatement(const WorkItem &item, whatif::PlannerCost *model, AdviceRun *run)
{
    StatementInfo statement = DescribeStatement(item);
    for (std::size_t i = 0; i < item.queries.size(); i++)
    {
        const QueryId query = model->AddQuery(item.queries[i]);
        /* Costs tell what the statistics of a table say: only for who may read it, as EXPLAIN sees to. */
        if (item.check_privileges)
            (void)model->Explain(query, Configuration());
        statement.queries.push_back(query);
        statement.weights.push_back(i < item.weights.size() ? item.weights[i] : item.calls);
        statement.facts.push_back(model->Collect(query));
    }
    run->statements.push_back(std::move(statement));
}

void TryStatement(const WorkItem &item, whatif::PlannerCost *model, AdviceRun *run)
{
    if (item.queries.empty())
    {
        run->skipped.push_back({item.text, item.problem});
        return;
    }
    try
    {
        AddStatement(item, model, run);
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

void RunAdvice(const Vector<WorkItem> &items, const AdvisorOptions &options, AdviceRun *run)
{
    const double started = ClockMs();
    store::Progress progress(static_cast<int64>(items.size()), options.time_limit_ms);
    whatif::PlannerCost model(run->catalog);
    model.ReportTo(&progress);
    for (const WorkItem &item : items)
    {
        CheckInterrupts();
        TryStatement(item, &model, run);
        progress.Change([](store::ProgressData &data) { data.statements_done++; });
    }
    AdvisorOptions rest = options;
    rest.time_limit_ms = std::max(options.time_limit_ms / 10, options.time_limit_ms - (ClockMs() - started));
    run->advice = SuggestIndexes(run->statements, run->catalog, model, rest, ClockMs);
    model.ReportCache();
}

} // namespace pg_advisor
