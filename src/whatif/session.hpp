/*
 * The what-if world: which planner call, of this backend, sees indexes that do not exist.
 *
 * Isolation rule: the world is visible to exactly one Query, the one the advisor hands to planner(), and
 * only while that call runs. A planner call nested in it (an immutable function that runs SQL while it is
 * folded) closes the world for its duration; an error anywhere closes it on the way out. Nothing of it is
 * ever cached in a plan: the plans made here are costed or explained, never executed or kept.
 *
 * The On... functions are the bodies of hooks; boundary/hooks.cpp calls them.
 */
#pragma once

#include "base/hidden.hpp"
#include "boundary/guard.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* What the hooks consult; owned by whoever opened the session, with C lifetime rules (plain data). */
struct World
{
    Query *query = nullptr; /* the planner call that may see it */

    /* Adds hypothetical and removes hidden indexes; may ereport. Not for parents of an inheritance tree. */
    void (*inject)(World *world, PlannerInfo *root, Oid relation, RelOptInfo *rel) = nullptr;
    /* Before that, for every relation: adds what carries statistics of expressions; may be null; may ereport. */
    void (*carry)(World *world, Oid relation, RelOptInfo *rel) = nullptr;
    /* Sees each base relation after its paths were made; may be null; may ereport. */
    void (*collect)(World *world, PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte) = nullptr;
    /* Before the joins of a query level are searched, all base relations having their paths; may be null; may
     * ereport. */
    void (*join)(World *world, PlannerInfo *root) = nullptr;
    /* Name of a hypothetical index for EXPLAIN, or nullptr if the OID is not one. */
    const char *(*name)(World *world, Oid index) = nullptr;
    /* Statistics of an expression, by an index of it that does not exist; nullptr: none. */
    HeapTuple (*statistics)(World *world, Oid index, AttrNumber column) = nullptr;

    double joins_tried = 0; /* pairs of paths that the planner has looked at to join them */
    bool left = false; /* by LeavePlanning */
};

/* Ends the planner call of the world, by an error: from its callbacks, when the rest of the plan is not needed. The
 * sandbox around the call catches it. */
[[noreturn]] void LeavePlanning(World *world);
/* Whether it is this what the sandbox threw. */
inline bool WasLeft(const World &world, const PgError &error)
{
    return world.left && !error.IsInterrupt();
}

/* Whether the level is the query's own: all others, sub-selects and CTEs, are planned before its joins are. */
inline bool IsOutermost(const PlannerInfo *root)
{
    return root->parent_root == nullptr && root->query_level == 1;
}

/* Makes `world` the current one until destroyed; then the previous one is current again (a what-if inside a
 * function that is folded in another). Frames that hold it use CallPg. */
class Session
{
  public:
    explicit Session(World *world);
    ~Session();
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

  private:
    World *previous_;
    bool was_open_;
};

/* Planner shim: opens the world if `query` is the one it belongs to, closes it for any other.
 * Returns the previous state, to be given to LeavePlanner on every way out. */
bool EnterPlanner(const Query *query);
void LeavePlanner(bool previous);
/* Executor shim: nothing that runs sees the world, whatever started it. */
bool CloseWorld();
/* Whether there is a world at all that could be open. */
extern HIDDEN World *current_world;
inline bool HasWorld() { return current_world != nullptr; }

void OnRelationInfo(PlannerInfo *root, Oid relation, bool inheritance_parent, RelOptInfo *rel);
void OnRelPathlist(PlannerInfo *root, RelOptInfo *rel, Index rti, RangeTblEntry *rte);
void OnJoinSearch(PlannerInfo *root);
void OnJoinPathlist(const RelOptInfo *outer, const RelOptInfo *inner);
/* Whether the world has statistics for the column of the index; it fills what the planner asks for then. */
bool OnIndexStatistics(PlannerInfo *root, Oid index, AttrNumber column, VariableStatData *data);
/* EXPLAIN of a plan of the current world: nullptr when the index is a real one. */
const char *OnExplainIndexName(Oid index);

} // namespace pg_advisor::whatif
