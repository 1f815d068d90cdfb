/*
 * Prices a plan again, node by node: see observed_cost.hpp.
 *
 * A node that was counted has the factor of what was counted to what was expected; one that was not has that of its
 * inputs. What a node then costs more is in node_price.hpp, what few lookups do in lookup_price.hpp; this walks the plan,
 * knows the loops around a node, and adds up.
 */
#include "whatif/observed_cost.hpp"

#include "whatif/lookup_price.hpp"
#include "whatif/node_price.hpp"

namespace pg_advisor::whatif
{

namespace
{

struct Walk
{
    const PlannedStmt *statement;
    const RowCount *counts;
    int count;
    const List *tables;
    const List *lookups;
    Bitmapset *loop_params;
    double rounds;    /* of the loops around */
    double processes; /* that share them: see get_parallel_divisor in costsize.c */
    Correction worst;
    double reads, most_reads; /* what few lookups read more: all of them, and the loop with the most */
};

Price Visit(Walk *walk, Plan *plan);

double PagesOf(const Walk *walk, const Plan *plan)
{
    const Index rti = reinterpret_cast<const Scan *>(plan)->scanrelid;
    const Oid relation = rt_fetch(rti, walk->statement->rtable)->relid;
    for (int i = 0; i < list_length(walk->tables); i++)
    {
        const auto *table = static_cast<const TablePages *>(list_nth(walk->tables, i));
        if (table->relation == relation)
            return table->pages;
    }
    return 0;
}

const RowCount *Find(const Walk *walk, RowSet rows)
{
    const RowCount *end = walk->counts + walk->count;
    const RowCount *found = std::lower_bound(
        walk->counts, end, rows, [](const RowCount &count, RowSet wanted) { return count.rows < wanted; });
    return rows != 0 && found != end && found->rows == rows ? found : nullptr;
}

/* As many times more rows as there were in recorded executions, but not more rows than ever came. */
double FactorOf(const RowCount &count, double rows)
{
    return std::max(1.0, std::min(count.factor, count.most / std::max(1.0, rows)));
}

double Factor(Walk *walk, const Plan *plan, RowSet set, const Price &outer, const Price &inner)
{
    if (DependsOn(plan, walk->loop_params))
        return 1;
    const RowCount *count = Find(walk, set);
    if (count == nullptr)
        return FactorFromInputs(plan, outer, inner);
    const double factor = FactorOf(*count, plan->plan_rows);
    if (factor > 1 && factor * walk->worst.expected > walk->worst.counted)
    {
        walk->worst.expected = plan->plan_rows;
        walk->worst.counted = plan->plan_rows * factor;
    }
    return factor;
}

void NoteReads(Walk *walk, double reads, double lookups)
{
    walk->reads += reads;
    if (reads > walk->most_reads)
    {
        walk->most_reads = reads;
        walk->worst.lookups = lookups;
    }
}

/* The processes share the rounds and the pages. */
void PriceLookup(const Walk *walk, const Plan *scan, Price *price)
{
    const double lookups = walk->rounds * walk->processes;
    const double again = MoreForFewRounds(walk->lookups, scan, lookups);
    if (again > price->again)
        price->lookups = lookups;
    price->again += again;
}

/* Nothing was counted of the parts by themselves. */
void PriceParts(const Walk *walk, const Plan *plan, Price *price)
{
    const List *parts = IsA(plan, Append)        ? reinterpret_cast<const Append *>(plan)->appendplans
                        : IsA(plan, MergeAppend) ? reinterpret_cast<const MergeAppend *>(plan)->mergeplans
                                                 : NIL;
    for (int i = 0; i < list_length(parts); ++i)
    {
        const auto *part = static_cast<const Plan *>(list_nth(parts, i));
        if (IsIndexScan(part) && DependsOn(part, walk->loop_params))
            PriceLookup(walk, part, price);
    }
}

void AddUpLoop(Walk *walk, const NestLoop *join, const Price &outer, const Price &inner, Price *price)
{
    const Plan *plan = &join->join.plan;
    double reads = RoundsOf(outer) * inner.again;
    if (!DependsOn(innerPlan(plan), WithLoopParams(nullptr, join)))
        reads = inner.again; /* of a loop further out */
    const bool again = DependsOn(plan, walk->loop_params);
    if (again)
        price->again += reads;
    else
        NoteReads(walk, reads, inner.lookups);
    price->total += MoreForRounds(plan, price->factor, again ? 0 : reads, outer, inner);
}

/* What comes on top of the planner's cost by this node and those below. */
void AddUp(Walk *walk, const Plan *plan, double own, const Price &outer, const Price &inner, Price *price)
{
    price->startup = outer.startup + (IsA(plan, HashJoin) ? inner.total : inner.startup);
    price->total = outer.total + inner.total;
    if (IsIndexScan(plan))
    {
        /* one round; the loop that it depends on multiplies it */
        if (DependsOn(plan, walk->loop_params))
            PriceLookup(walk, plan, price);
        else
            price->total = MoreForIndexScan(plan, price->factor, price->pages);
        return;
    }
    if (IsA(plan, Limit))
    {
        price->total = price->startup; /* more rows than expected: it ends earlier */
        return;
    }
    price->again = outer.again + (IsA(plan, NestLoop) ? 0 : inner.again);
    price->lookups = std::max(outer.lookups, inner.lookups);
    PriceParts(walk, plan, price);
    if (IsA(plan, NestLoop))
        AddUpLoop(walk, reinterpret_cast<const NestLoop *>(plan), outer, inner, price);
    else if (outer.rows > 0)
        price->total += MoreForRows(plan, own, outer, inner);
    if (ReadsAllFirst(plan))
        price->startup = price->total;
}

/* Subplans that run once, before the node; and what the planner takes them to cost. */
double VisitInitPlans(Walk *walk, const Plan *plan, double *cost)
{
    double more = 0;
    const double rounds = walk->rounds, processes = walk->processes;
    walk->rounds = walk->processes = 1;
    for (int i = 0; i < list_length(plan->initPlan); i++)
    {
        const auto *subplan = static_cast<const SubPlan *>(list_nth(plan->initPlan, i));
        const Price price =
            Visit(walk, static_cast<Plan *>(list_nth(walk->statement->subplans, subplan->plan_id - 1)));
        more += price.total;
        *cost += price.cost;
    }
    walk->rounds = rounds;
    walk->processes = processes;
    return more;
}

Price VisitInner(Walk *walk, Plan *plan, const Price &outer)
{
    Bitmapset *outside = walk->loop_params;
    const double rounds = walk->rounds;
    if (IsA(plan, NestLoop))
    {
        const auto *join = reinterpret_cast<const NestLoop *>(plan);
        if (DependsOn(innerPlan(plan), WithLoopParams(nullptr, join)))
            walk->rounds *= RoundsOf(outer);
        walk->loop_params = WithLoopParams(outside, join);
    }
    Price inner = Visit(walk, innerPlan(plan));
    inner.lookup = inner.lookup && innerPlan(plan) != nullptr && DependsOn(innerPlan(plan), walk->loop_params);
    walk->loop_params = outside;
    walk->rounds = rounds;
    return inner;
}

/* A cache before the lookups asks once for each value; taken for large enough, which errs on the lookups' side. */
Price VisitCached(Walk *walk, const Memoize *cache)
{
    const double rounds = walk->rounds;
    walk->rounds = cache->est_entries > 0 ? std::min<double>(rounds, cache->est_entries) : rounds;
    Price outer = Visit(walk, outerPlan(&cache->plan));
    outer.again *= walk->rounds / rounds;
    walk->rounds = rounds;
    return outer;
}

Plan *OuterOf(const Plan *plan)
{
    return IsA(plan, SubqueryScan) ? reinterpret_cast<const SubqueryScan *>(plan)->subplan : outerPlan(plan);
}

Price VisitParallel(Walk *walk, const Plan *plan)
{
    const int workers = IsA(plan, Gather) ? reinterpret_cast<const Gather *>(plan)->num_workers
                                          : reinterpret_cast<const GatherMerge *>(plan)->num_workers;
    const double processes = walk->processes;
    const double leader = parallel_leader_participation ? std::max(0.0, 1 - 0.3 * workers) : 0;
    walk->processes *= workers + leader;
    const Price outer = Visit(walk, outerPlan(plan));
    walk->processes = processes;
    return outer;
}

Price VisitOuter(Walk *walk, Plan *plan)
{
    if (IsA(plan, BitmapHeapScan))
        return Visit(walk, nullptr);
    if (IsA(plan, Gather) || IsA(plan, GatherMerge))
        return VisitParallel(walk, plan);
    return IsA(plan, Memoize) ? VisitCached(walk, reinterpret_cast<const Memoize *>(plan)) : Visit(walk, OuterOf(plan));
}

/* The heap walk of plan_reader.cpp shall see what was counted. */
void WriteRows(Plan *plan, const Price &price, const Price &outer, const Price &inner)
{
    plan->plan_rows *= price.factor;
    if (IsA(plan, NestLoop) && inner.lookup)
        innerPlan(plan)->plan_rows *= InnerGrowth(plan, price.rows * price.factor, price.factor, outer, inner);
}

Price Visit(Walk *walk, Plan *plan)
{
    Price price{};
    price.factor = 1;
    if (plan == nullptr)
        return price;
    check_stack_depth();
    double init_cost = 0;
    const double init_more = VisitInitPlans(walk, plan, &init_cost);
    const Price outer = VisitOuter(walk, plan);
    const Price inner = VisitInner(walk, plan, outer);
    price.set = RowsOf(walk->statement, plan, outer.set, inner.set);
    price.factor = Factor(walk, plan, price.set, outer, inner);
    price.rows = plan->plan_rows;
    price.cost = plan->total_cost;
    price.lookup = IsIndexScan(plan) || outer.lookup || inner.lookup;
    price.pages = IsIndexScan(plan) || IsA(plan, SeqScan) ? PagesOf(walk, plan) : outer.pages + inner.pages;
    AddUp(walk, plan, std::max(0.0, plan->total_cost - outer.cost - inner.cost - init_cost), outer, inner, &price);
    price.startup += init_more;
    price.total += init_more;
    WriteRows(plan, price, outer, inner);
    return price;
}

} // namespace

void NoteTablePages(List **tables, const RelOptInfo *rel, Oid relation)
{
    auto *table = static_cast<TablePages *>(palloc(sizeof(TablePages)));
    *table = TablePages{rel->relid, relation, static_cast<double>(rel->pages)};
    *tables = lappend(*tables, table);
}

Correction CorrectPlan(PlannedStmt *statement, const PlannableQuery &query, const List *tables,
                       const List *lookups)
{
    Walk walk{};
    walk.statement = statement;
    walk.counts = query.counts;
    walk.count = query.count_of_counts;
    walk.tables = tables;
    walk.lookups = lookups;
    walk.rounds = walk.processes = 1;
    walk.worst.expected = walk.worst.counted = 1;
    walk.worst.cost = Visit(&walk, statement->planTree).total;
    if (walk.reads < walk.worst.cost / 2)
        walk.worst.lookups = 0;
    return walk.worst;
}

} // namespace pg_advisor::whatif
