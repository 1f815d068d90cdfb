/*
 * What a set of indexes is worth to the workload: the objective of the search and its guard.
 *
 * Used by advise/prune, advise/search and advise/advisor. Keeps the candidates, asks the CostModel only for
 * queries that touch a changed table, and applies the rules of thresholds.hpp: decision cost, help, guard.
 * Statements are summed in an order of their own, so that the order of the workload changes no digit.
 */
#pragma once

#include "advise/advisor.hpp"
#include "advise/write_cost.hpp"

#include <limits>

namespace pg_advisor
{

/* A candidate that the cost model knows. `number` is its place in the canonical order. */
struct Priced
{
    IndexSpec index;
    IndexId id = 0;
    double bytes = 0;
    double write_cost = 0;
    std::size_t columns = 0; /* keys and INCLUDE */
};

using Chosen = Vector<std::size_t>; /* numbers of candidates, ascending */

/* A set of indexes with everything that is known of it. */
struct State
{
    Chosen chosen;
    Vector<double> costs;      /* decision cost per query slot */
    Vector<double> credited;   /* per statement, weighted: see Credited() */
    double objective = 0;      /* credited read cost + write cost */
    double read = 0;           /* credited read cost alone */
    double bytes = 0;
    bool allowed = true;       /* the guard holds and every query can be planned */
};

class Deadline
{
  public:
    Deadline(double (*now)(), double limit_ms, CostModel &model)
        : now_(now), until_(now == nullptr ? 0 : now() + limit_ms), model_(model)
    {
    }
    /* Lets the user cancel; true once the time is up, and from then on. */
    bool Passed()
    {
        model_.CheckInterrupts();
        passed_ = passed_ || (now_ != nullptr && now_() > until_);
        return passed_;
    }
    bool HasPassed() const { return passed_; }

  private:
    double (*now_)();
    double until_;
    CostModel &model_;
    bool passed_ = false;
};

struct Slot
{
    std::size_t statement = 0; /* index into the workload */
    QueryId query = 0;
    double weight = 0;
    const QueryFacts *facts = nullptr;
    Vector<Oid32> relations;   /* ascending */
    double pages = 0;          /* of all its tables */
    double base = 0;           /* decision cost without any new index */
    bool alive = true;         /* it can be planned */
};

class Evaluator
{
  public:
    Evaluator(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model);

    void AddCandidates(Vector<Priced> candidates);
    const Vector<Priced> &Candidates() const { return candidates_; }
    const Vector<Slot> &Slots() const { return slots_; }
    CostModel &Model() { return model_; }

    /* State without new indexes. */
    const State &Base() const { return base_; }
    /* `from` with some candidates added and others removed. */
    State Apply(const State &from, const Chosen &added, const Chosen &removed);
    State Of(const Chosen &chosen) { return Apply(base_, chosen, {}); }

    /* Cost of one slot under a set, and the plan it comes from. Infinite where planning fails. Plan() may
     * answer from a larger set whose plan uses only indexes of this one (the atomic-configuration rule of
     * AutoAdmin): the planner then has the same best plan. Exact() always asks the planner. */
    const PlanCost &Plan(std::size_t slot, const Chosen &chosen);
    const PlanCost &Exact(std::size_t slot, const Chosen &chosen);
    double Decision(std::size_t slot, const Chosen &chosen);

    /* The planner's own figure, summed over the workload, and per statement and call. */
    double PlannerTotal(const Chosen &chosen);
    double PlannerMean(std::size_t statement, const Chosen &chosen);
    /* Mean decision cost per call. */
    double Mean(const State &state, std::size_t statement) const;

    /* Whether the statement gets cheaper by more than noise. */
    bool Helps(const State &before, const State &after, std::size_t statement) const;
    /* Whether going from one set to the other is worth its indexes. An index must
     *   - save more reading than twice what it costs to maintain, and kMinTotalGain units in all;
     *   - help a statement that is not a single run beside regular traffic;
     *   - bring min_improvement of the whole workload's cost, or make statements that together stand for
     *     2 % of the workload (of its cost or of its time) cheaper by a fifth. The second way is closed to
     *     callers who raise min_improvement above its default. */
    bool Worth(const State &before, const State &after, double min_improvement) const;

    double TotalCalls(std::size_t statement) const { return calls_[statement]; }

  private:
    using Answer = std::pair<const Chosen, PlanCost>;

    Chosen Relevant(std::size_t slot, const Chosen &chosen) const;
    const PlanCost *FromLargerSet(std::size_t slot, const Chosen &relevant) const;
    const PlanCost &Ask(std::size_t slot, Chosen relevant);
    double Overcharge(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const;
    double Credited(const State &state, std::size_t statement) const;
    void Finish(State &state) const;
    bool IsReason(std::size_t statement) const;

    const Vector<StatementInfo> &workload_;
    const Catalog &catalog_;
    CostModel &model_;
    Vector<Priced> candidates_;
    Vector<Slot> slots_;
    Vector<std::size_t> order_;               /* statements in canonical order */
    Vector<Vector<std::size_t>> slots_of_;    /* per statement */
    Vector<double> calls_;                    /* weight of its live slots */
    Vector<Map<Chosen, PlanCost>> plans_;     /* per slot, by relevant candidates */
    Vector<Vector<const Answer *>> recent_;   /* per slot: the latest answers, for FromLargerSet */
    Vector<Vector<bool>> usable_;             /* per slot and candidate */
    State base_;
    double total_time_ = 0;
    bool running_system_ = false;
};

/* Planner cost plus what many single heap fetches really cost: see kExcessFetchCost. `correlation` is that
 * of the leading key of the indexes used; fetches in heap order find their page in the processor's cache. */
double DecisionCost(const PlanCost &plan, double table_pages, double correlation);

} // namespace pg_advisor
