/*
 * Collects the facts of every statement and hands them to the search: see advice_run.hpp.
 */
#include "workload/advice_run.hpp"

#include "boundary/guard.hpp"
#include "whatif/catalog_reader.hpp"
#include "whatif/planner_cost.hpp"

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

/* What a data-modifying statement touches; for UPDATE also which columns it sets. */
void DescribeWrites(const Query *tree, StatementInfo *statement)
{
    if (tree->resultRelation == 0 || tree->commandType == CMD_SELECT)
        return;
    const auto *rte = CallPg([&] { return rt_fetch(tree->resultRelation, tree->rtable); });
    statement->writes = true;
    statement->written_relation = whatif::RootOf(rte->relid);
    if (tree->commandType != CMD_UPDATE)
        return;
    const List *targets = tree->targetList;
    for (int i = 0; i < list_length(targets); i++)
    {
        const auto *target = static_cast<const TargetEntry *>(list_nth(targets, i));
        if (!target->resjunk)
            statement->updated_columns.push_back(target->resno);
    }
}

void AddStatement(const WorkItem &item, whatif::PlannerCost *model, AdviceRun *run)
{
    StatementInfo statement;
    statement.queryid = item.queryid.value_or(0);
    statement.text = item.text;
    statement.calls = item.calls;
    statement.total_time = item.total_time;
    statement.rows_written = item.rows;
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
    DescribeWrites(item.queries.front().tree, &statement);
    if (!statement.writes)
        statement.rows_written = 0;
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

void RunAdvice(const Vector<WorkItem> &items, const AdvisorOptions &options, AdviceRun *run)
{
    const double started = ClockMs();
    whatif::PlannerCost model(run->catalog);
    for (const WorkItem &item : items)
    {
        CheckInterrupts();
        TryStatement(item, &model, run);
    }
    AdvisorOptions rest = options;
    rest.time_limit_ms = std::max(options.time_limit_ms / 10, options.time_limit_ms - (ClockMs() - started));
    run->advice = SuggestIndexes(run->statements, run->catalog, model, rest, ClockMs);
    model.ReportCache();
}

} // namespace pg_advisor
