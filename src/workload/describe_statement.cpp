/*
 * See describe_statement.hpp.
 */
#include "workload/describe_statement.hpp"

#include "boundary/guard.hpp"
#include "whatif/catalog_reader.hpp"

namespace pg_advisor
{

namespace
{

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

} // namespace

StatementInfo DescribeStatement(const WorkItem &item)
{
    StatementInfo statement;
    statement.queryid = item.queryid.value_or(0);
    statement.text = item.text;
    statement.calls = item.calls;
    statement.total_time = item.total_time;
    DescribeWrites(item.queries.front().tree, &statement);
    if (statement.writes)
        statement.rows_written = item.rows;
    return statement;
}

} // namespace pg_advisor
