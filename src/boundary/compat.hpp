/*
 * Where PostgreSQL 15 to 18 differ. Nothing else in the tree tests PG_VERSION_NUM.
 *
 * Included at the end of boundary/pg.hpp, never alone.
 */
#pragma once

#if PG_VERSION_NUM < 150000
#error "pg_advisor needs PostgreSQL 15 or later"
#endif

extern "C"
{
#if PG_VERSION_NUM >= 160000
#include "nodes/queryjumble.h"
#include "parser/parse_merge.h"
#include "varatt.h"
#else
#include "utils/queryjumble.h"
#endif
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#include "utils/pgstat_internal.h"
#endif
}

/* ExecutorRun lost execute_once in 18. Used in boundary/hooks.cpp alone. */
#if PG_VERSION_NUM >= 180000
#define EXECUTOR_RUN_PARAMS QueryDesc *query_desc, ScanDirection direction, uint64 count
#define EXECUTOR_RUN_ARGS query_desc, direction, count
#else
#define EXECUTOR_RUN_PARAMS QueryDesc *query_desc, ScanDirection direction, uint64 count, bool execute_once
#define EXECUTOR_RUN_ARGS query_desc, direction, count, execute_once
#endif

namespace pg_advisor::compat
{

inline constexpr uint32 kServerMajor = PG_VERSION_NUM / 10000;

/* Tree walkers take a K&R callback in 15, which C++ reads as one without arguments. The way through void *
 * tells the compiler that the cast is meant. */
#if PG_VERSION_NUM >= 160000
using Walker = bool (*)(Node *, void *);
using Mutator = Node *(*)(Node *, void *);
#else
using Walker = bool (*)();
using Mutator = Node *(*)();
#endif

inline bool WalkExpression(Node *node, bool (*walker)(Node *, void *), void *context)
{
    return expression_tree_walker(node, reinterpret_cast<Walker>(reinterpret_cast<void *>(walker)), context);
}

inline bool WalkQuery(Query *query, bool (*walker)(Node *, void *), void *context, int flags)
{
    return query_tree_walker(query, reinterpret_cast<Walker>(reinterpret_cast<void *>(walker)), context, flags);
}

inline Node *MutateExpression(Node *node, Node *(*mutator)(Node *, void *), void *context)
{
    return expression_tree_mutator(node, reinterpret_cast<Mutator>(reinterpret_cast<void *>(mutator)), context);
}

inline Query *MutateQuery(Query *query, Node *(*mutator)(Node *, void *), void *context, int flags)
{
    return query_tree_mutator(query, reinterpret_cast<Mutator>(reinterpret_cast<void *>(mutator)), context, flags);
}

inline bool WalkPlanState(PlanState *state, bool (*walker)(PlanState *, void *), void *context)
{
#if PG_VERSION_NUM >= 160000
    return planstate_tree_walker(state, walker, context);
#else
    return planstate_tree_walker(state, reinterpret_cast<Walker>(reinterpret_cast<void *>(walker)), context);
#endif
}

/* The user whose privileges the planner assumes for this query, InvalidOid for the current one. */
inline Oid CheckAsUser(const Query *query, const RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 160000
    if (rte->perminfoindex == 0)
        return InvalidOid;
    return list_nth_node(RTEPermissionInfo, query->rteperminfos, rte->perminfoindex - 1)->checkAsUser;
#else
    (void)query;
    return rte->checkAsUser;
#endif
}

/* What the server wants beside an entry that was made by hand, as the parser makes it. */
inline void AddPermissionInfo(Query *query, RangeTblEntry *rte)
{
#if PG_VERSION_NUM >= 160000
    (void)addRTEPermissionInfo(&query->rteperminfos, rte);
#else
    (void)query;
    (void)rte;
#endif
}

/* Whether `user` may look for names in a schema. */
inline bool MayUseSchema(Oid schema, Oid user)
{
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(NamespaceRelationId, schema, user, ACL_USAGE) == ACLCHECK_OK;
#else
    return pg_namespace_aclcheck(schema, user, ACL_USAGE) == ACLCHECK_OK;
#endif
}

/* Index of this backend in arrays of MaxBackends elements. */
inline int BackendNumber()
{
#if PG_VERSION_NUM >= 170000
    return MyProcNumber;
#else
    return MyBackendId - 1;
#endif
}

/* From 18 on the server calls `flush` for counts that a session has not handed over: with `nowait` after a statement,
 * and without when the session has been idle for a while. Returns what is left. It is a kind of statistics without
 * entries, so that nothing of it gets into the server's statistics file. While libraries are preloaded. */
inline void CallWhenIdle(bool (*flush)(bool nowait))
{
#if PG_VERSION_NUM >= 180000
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
    static const PgStat_KindInfo kind = {.flush_static_cb = flush, .name = "pg_advisor"};
#pragma GCC diagnostic pop
    /* Others have numbers assigned from the first on; that for experiments is nobody's. */
    for (PgStat_Kind number = PGSTAT_KIND_CUSTOM_MAX; number > PGSTAT_KIND_EXPERIMENTAL; number--)
        if (pgstat_get_kind_info(number) == nullptr)
        {
            pgstat_register_kind(number, &kind);
            return;
        }
#else
    (void)flush;
#endif
}

/* That there is something to call it for. */
inline void HasCounts()
{
#if PG_VERSION_NUM >= 180000
    pgstat_report_fixed = true;
#endif
}

/* Whether a jumbled constant stands for a squashed list of them (18 and later). */
inline bool IsSquashed(const LocationLen &location)
{
#if PG_VERSION_NUM >= 180000
    return location.squashed;
#else
    (void)location;
    return false;
#endif
}

/* Whether a list was squashed, for which the server numbers parameters anew, like constants, and does not say which
 * was the highest (18 and later). */
inline bool RenumbersParameters(const JumbleState *jumble)
{
#if PG_VERSION_NUM >= 180000
    return jumble->has_squashed_lists;
#else
    (void)jumble;
    return false;
#endif
}

/* Whether the place is that of a parameter (18 and later notes them, too) that stays as it is written. */
inline bool StaysAsWritten(const JumbleState *jumble, const LocationLen &location)
{
#if PG_VERSION_NUM >= 180000
    return location.extern_param && !jumble->has_squashed_lists;
#else
    (void)jumble;
    (void)location;
    return false;
#endif
}

/* Sets the id of the query. The server asserts that ids are wanted, so they are while it runs. */
inline JumbleState *JumbleOf(Query *query, const char *text)
{
    const bool enabled = query_id_enabled;
    JumbleState *jumble;
    query_id_enabled = true;
    PG_TRY();
    {
#if PG_VERSION_NUM >= 160000
        (void)text;
        jumble = JumbleQuery(query);
#else
        jumble = JumbleQuery(query, text);
#endif
    }
    PG_FINALLY();
    {
        query_id_enabled = enabled;
    }
    PG_END_TRY();
    return jumble;
}

/* 18 made the id signed. */
inline void SetQueryId(Query *query, uint64 id)
{
    query->queryId = static_cast<decltype(query->queryId)>(id);
}

/* 18 identifies a table by the name it has in the query, before that by its OID. */
#if PG_VERSION_NUM >= 180000
inline constexpr bool kIdDependsOnNames = true;
#else
inline constexpr bool kIdDependsOnNames = false;
#endif

/* Before 17 the name of a prepared statement is part of what DEALLOCATE is told by. */
inline constexpr bool kNamesPreparedInId = PG_VERSION_NUM < 170000;

/* Whether a Var is of the old or the new row (RETURNING, 18 and later). */
inline uint64 ReturningType(const Var *var)
{
#if PG_VERSION_NUM >= 180000
    return static_cast<uint64>(var->varreturningtype);
#else
    (void)var;
    return 0;
#endif
}

/* When an index was last scanned, 0 where nothing is known of it: before 16 only how often. */
inline TimestampTz LastScan(const PgStat_StatTabEntry *counters)
{
#if PG_VERSION_NUM >= 160000
    return counters->lastscan;
#else
    (void)counters;
    return 0;
#endif
}

inline void ExplainPlan(PlannedStmt *plan, ExplainState *state, const char *text, ParamListInfo params)
{
#if PG_VERSION_NUM >= 170000
    ExplainOnePlan(plan, nullptr, state, text, params, nullptr, nullptr, nullptr, nullptr);
#else
    ExplainOnePlan(plan, nullptr, state, text, params, nullptr, nullptr, nullptr);
#endif
}

/* Makes EXPLAIN of a plan with unbound parameters leave them alone: ExecutorStart would otherwise ask for
 * their values in order to prune partitions. */
inline void ExplainGeneric(ExplainState *state, bool generic)
{
#if PG_VERSION_NUM >= 160000
    state->generic = generic;
#else
    (void)state;
    (void)generic;
#endif
}

/* The same for 15, where the plan itself has to forget its pruning steps. */
inline void ForgetPruning(Plan *plan)
{
#if PG_VERSION_NUM < 160000
    if (IsA(plan, Append))
        reinterpret_cast<Append *>(plan)->part_prune_info = nullptr;
    if (IsA(plan, MergeAppend))
        reinterpret_cast<MergeAppend *>(plan)->part_prune_info = nullptr;
#else
    (void)plan;
#endif
}

/* Of a tuple of pg_attribute; -1 if it has none of its own. */
inline int StatisticsTarget(HeapTuple attribute)
{
    bool null = true;
    const Datum target = SysCacheGetAttr(ATTNUM, attribute, Anum_pg_attribute_attstattarget, &null);
#if PG_VERSION_NUM >= 170000
    return null ? -1 : DatumGetInt16(target);
#else
    return null ? -1 : DatumGetInt32(target);
#endif
}

/* What the rest of ANALYZE tells a typanalyze function of a column without a statistics target of its own. */
inline void SetDefaultTarget(VacAttrStats *column)
{
#if PG_VERSION_NUM >= 170000
    column->attstattarget = -1;
#else
    column->attr = static_cast<Form_pg_attribute>(palloc0(ATTRIBUTE_FIXED_PART_SIZE));
    column->attr->attstattarget = -1;
#endif
}

/* EXPLAIN (name), from 18 on: `print` is called below each plan with the text that the statement is in, and where. */
using ExplainPrinter = void (*)(const char *text, int location, int length, ExplainState *state);
#if PG_VERSION_NUM >= 180000
namespace detail
{

inline ExplainPrinter explain_printer;
inline int explain_extension;
inline explain_per_plan_hook_type previous_per_plan;

inline void ReadExplainOption(ExplainState *state, DefElem *option, ParseState *)
{
    static bool wanted = true;
    SetExplainExtensionState(state, explain_extension, defGetBoolean(option) ? &wanted : nullptr);
}

inline void BelowPlan(PlannedStmt *plan, IntoClause *into, ExplainState *state, const char *text, ParamListInfo params,
                      QueryEnvironment *environment)
{
    if (previous_per_plan)
        previous_per_plan(plan, into, state, text, params, environment);
    if (GetExplainExtensionState(state, explain_extension) != nullptr)
        explain_printer(text, plan->stmt_location, plan->stmt_len, state);
}

} // namespace detail
#endif

inline void AddExplainOption(const char *name, ExplainPrinter print)
{
#if PG_VERSION_NUM >= 180000
    detail::explain_printer = print;
    detail::explain_extension = GetExplainExtensionId("pg_advisor");
    RegisterExtensionExplainOption(name, detail::ReadExplainOption);
    detail::previous_per_plan = explain_per_plan_hook;
    explain_per_plan_hook = detail::BelowPlan;
#else
    (void)name;
    (void)print;
#endif
}

inline void SetNullsNotDistinct(IndexOptInfo *index, bool value)
{
#if PG_VERSION_NUM >= 180000
    index->nullsnotdistinct = value;
#else
    (void)index;
    (void)value;
#endif
}

/* Outer joins that may null a Var are part of it from 16 on; an index expression knows none. */
inline void ClearNullingRels(Var *var)
{
#if PG_VERSION_NUM >= 160000
    var->varnullingrels = nullptr;
#else
    (void)var;
#endif
}

/* The expression that a Var of a GROUP BY entry stands for (18 and later), or nullptr. */
inline Node *GroupedExpression(const RangeTblEntry *rte, AttrNumber number)
{
#if PG_VERSION_NUM >= 180000
    if (rte->rtekind == RTE_GROUP && number <= list_length(rte->groupexprs))
        return static_cast<Node *>(list_nth(rte->groupexprs, number - 1));
#else
    (void)rte;
    (void)number;
#endif
    return nullptr;
}

inline bool IsDescending(const PathKey *key)
{
#if PG_VERSION_NUM >= 180000
    return key->pk_cmptype == COMPARE_GT;
#else
    return key->pk_strategy == BTGreaterStrategyNumber;
#endif
}

/* Calls `function(member)` for the members of the class, those of the child relations in `rels` included,
 * until it returns true. */
template <class F> void ForEachMember(EquivalenceClass *equivalence, Relids rels, F &&function)
{
#if PG_VERSION_NUM >= 180000
    EquivalenceMemberIterator iterator;
    setup_eclass_member_iterator(&iterator, equivalence, rels);
    while (EquivalenceMember *member = eclass_member_iterator_next(&iterator))
        if (function(member))
            return;
#else
    (void)rels;
    ListCell *cell;
    foreach (cell, equivalence->ec_members)
        if (function(static_cast<EquivalenceMember *>(lfirst(cell))))
            return;
#endif
}

} // namespace pg_advisor::compat
