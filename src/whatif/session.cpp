/*
 * The what-if world's doors: see session.hpp for the isolation rule.
 */
#include "whatif/session.hpp"

namespace pg_advisor::whatif
{

namespace
{
World *current = nullptr;
bool open = false; /* the innermost planner() running is the one the world belongs to */
} // namespace

Session::Session(World *world) : previous_(current), was_open_(open)
{
    current = world;
    open = false;
}

Session::~Session()
{
    current = previous_;
    open = was_open_;
}

bool EnterPlanner(const Query *query)
{
    bool previous = open;
    open = current != nullptr && current->query == query;
    return previous;
}

void LeavePlanner(bool previous)
{
    open = previous && current != nullptr;
}

bool HasWorld()
{
    return current != nullptr;
}

bool CloseWorld()
{
    bool previous = open;
    open = false;
    return previous;
}

void OnRelationInfo(PlannerInfo *root, Oid relation, bool inheritance_parent, RelOptInfo *rel)
{
    if (open && !inheritance_parent && current->inject != nullptr)
        current->inject(current, root, relation, rel);
}

void OnRelPathlist(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte)
{
    if (open && current->collect != nullptr)
        current->collect(current, root, rel, rti, rte);
}

const char *OnExplainIndexName(Oid index)
{
    return current != nullptr && current->name != nullptr ? current->name(current, index) : nullptr;
}

} // namespace pg_advisor::whatif
