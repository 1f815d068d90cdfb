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

/* Numbers of the columns that an UPDATE, or the part of another statement that updates, sets. */
void AddColumns(const List *targets, TableWrite *write)
{
    for (int i = 0; i < list_length(targets); i++)
    {
        const auto *target = static_cast<const TargetEntry *>(list_nth(targets, i));
        if (!target->resjunk)
            write->updated_columns.push_back(target->resno);
    }
}

void DescribeMerge(const List *actions, TableWrite *write)
{
    for (int i = 0; i < list_length(actions); i++)
    {
        const auto *action = static_cast<const MergeAction *>(list_nth(actions, i));
        if (action->commandType == CMD_UPDATE)
            AddColumns(action->targetList, write);
        write->adds = write->adds || action->commandType == CMD_INSERT || action->commandType == CMD_DELETE;
    }
}

/* What a data-modifying statement, or a part of one in WITH, does to its table. */
void DescribeWrite(const Query *tree, double rows, StatementInfo *statement)
{
    if (tree->resultRelation == 0 || tree->commandType == CMD_SELECT)
        return;
    const auto *rte = CallPg([&] { return rt_fetch(tree->resultRelation, tree->rtable); });
    TableWrite write;
    write.relation = whatif::RootOf(rte->relid);
    write.rows = rows;
    write.adds = tree->commandType == CMD_INSERT || tree->commandType == CMD_DELETE;
    if (tree->commandType == CMD_UPDATE)
        AddColumns(tree->targetList, &write);
    if (tree->onConflict != nullptr && tree->onConflict->action == ONCONFLICT_UPDATE)
        AddColumns(tree->onConflict->onConflictSet, &write);
    if (tree->commandType == CMD_MERGE)
        DescribeMerge(tree->mergeActionList, &write);
    statement->writes.push_back(std::move(write));
}

/* The executor counts the rows of the whole statement only. Each row that a part writes takes a WAL record, and some
 * more for its indexes: half of the records are taken to be rows. */
void DescribeWritesInWith(const Query *tree, double wal_records, StatementInfo *statement)
{
    const List *parts = tree->hasModifyingCTE ? tree->cteList : NIL;
    const double rows = wal_records / 2 / std::max(1, list_length(parts));
    for (int i = 0; i < list_length(parts); i++)
    {
        const auto *part = static_cast<const CommonTableExpr *>(list_nth(parts, i));
        DescribeWrite(reinterpret_cast<const Query *>(part->ctequery), rows, statement);
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
    const Query *tree = item.queries.front().tree;
    DescribeWrite(tree, item.rows, &statement);
    DescribeWritesInWith(tree, item.wal_records, &statement);
    return statement;
}

} // namespace pg_advisor
