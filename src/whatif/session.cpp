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

const char *OnExplainIndexName(Oid index)
{
    return current_world != nullptr && current_world->name != nullptr ? current_world->name(current_world, index) : nullptr;
}

} // namespace pg_advisor::whatif
