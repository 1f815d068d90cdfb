/*
 * The what-if world's doors: see session.hpp for the isolation rule.
 */
#include "whatif/session.hpp"

namespace pg_advisor::whatif
{

World *current_world = nullptr;

namespace
{
bool open = false; /* the innermost planner() running is the one the world belongs to */

/* Statistics live as long as the world. */
void KeepTuple(HeapTuple) {}

/* As the server rules for a real index: security barriers are those of the table that the query names. */
bool HasBarriers(const PlannerInfo *root, Index number)
{
    while (root->append_rel_array != nullptr && root->append_rel_array[number] != nullptr)
        number = root->append_rel_array[number]->parent_relid;
    return root->simple_rte_array[number]->securityQuals != NIL;
}
} // namespace

Session::Session(World *world) : previous_(current_world), was_open_(open)
{
    current_world = world;
    open = false;
}

Session::~Session()
{
    current_world = previous_;
    open = was_open_;
}

void LeavePlanning(World *world)
{
    world->left = true;
    elog(ERROR, "the rest of the plan is not needed");
}

bool EnterPlanner(const Query *query)
{
    bool previous = open;
    open = current_world != nullptr && current_world->query == query;
    return previous;
}

void LeavePlanner(bool previous)
{
    open = previous && current_world != nullptr;
}

bool CloseWorld()
{
    bool previous = open;
    open = false;
    return previous;
}

void OnRelationInfo(PlannerInfo *root, Oid relation, bool inheritance_parent, RelOptInfo *rel)
{
    if (open && current_world->carry != nullptr)
        current_world->carry(current_world, relation, rel);
    if (open && !inheritance_parent && current_world->inject != nullptr)
        current_world->inject(current_world, root, relation, rel);
}

void OnRelPathlist(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
    if (open && current_world->collect != nullptr)
        current_world->collect(current_world, root, rel, rti, rte);
}

void OnJoinSearch(PlannerInfo *root)
{
    if (open && current_world->join != nullptr)
        current_world->join(current_world, root);
}

/* As match_unsorted_outer does: each path of the outer side with each of the inner's that may be parameterized. */
void OnJoinPathlist(const RelOptInfo *outer, const RelOptInfo *inner)
{
    if (open)
        current_world->joins_tried +=
            1.0 + list_length(outer->pathlist) * list_length(inner->cheapest_parameterized_paths);
}

bool OnIndexStatistics(PlannerInfo *root, Oid index, AttrNumber column, VariableStatData *data)
{
    if (!open || current_world->statistics == nullptr)
        return false;
    HeapTuple tuple = current_world->statistics(current_world, index, column);
    if (tuple == nullptr)
        return false;
    data->statsTuple = tuple;
    data->freefunc = KeepTuple;
    data->acl_ok = data->rel != nullptr && !HasBarriers(root, data->rel->relid);
    return true;
}

const char *OnExplainIndexName(Oid index)
{
    return current_world != nullptr && current_world->name != nullptr ? current_world->name(current_world, index) : nullptr;
}

} // namespace pg_advisor::whatif
