/*
 * See present_plan.hpp.
 */
#include "whatif/present_plan.hpp"

#include "boundary/sandbox.hpp"
#include "whatif/nodes.hpp"
#include "whatif/plan_reader.hpp"
#include "whatif/tree_tools.hpp"

namespace pg_advisor::whatif
{

namespace
{

struct Search
{
    const PlannedStmt *plan;
    Oid relation;
    bool found;
};

void LookAt(Plan *node, void *context)
{
    auto *search = static_cast<Search *>(context);
    if (!IsA(node, SeqScan))
        return;
    const Index scanned = reinterpret_cast<Scan *>(node)->scanrelid;
    search->found |= TopParent(rt_fetch(scanned, search->plan->rtable)->relid) == search->relation;
}

bool Scans(const PlannableQuery &query, Oid relation)
{
    List *expanded;
    Query *tree = copyObject(query.tree);
    LockOrFail(RelationsOf(tree, &expanded));
    PlannedStmt *plan = planner(tree, query.text, CURSOR_OPT_PARALLEL_OK, query.params);
    Search search{plan, relation, false};
    ForEachNode(plan->planTree, LookAt, &search);
    ListCell *cell;
    foreach (cell, plan->subplans)
        ForEachNode(static_cast<Plan *>(lfirst(cell)), LookAt, &search);
    return search.found;
}

} // namespace

std::optional<bool> ScansSequentially(const PlannableQuery &query, Oid relation)
{
    SandboxOptions options;
    options.user = query.user;
    bool scans = false;
    try
    {
        Sandbox(options, [&] { scans = Scans(query, relation); });
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
        return std::nullopt;
    }
    return scans;
}

} // namespace pg_advisor::whatif
