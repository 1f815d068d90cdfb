/*
 * What a set of indexes is worth to the workload: the objective of the search and its guard.
 *
 * Used by advise/prune, advise/search and advise/advisor. Keeps the candidates, asks the CostModel only for
 * queries that touch a changed table, and applies the rules of thresholds.hpp: decision cost, help, guard.
 * Statements are summed in an order of their own, so that the order of the workload changes no digit.
 */
#pragma once

#include "advise/plan_table.hpp"
#include "advise/pricing.hpp"

namespace pg_advisor
{

/* A set of indexes with everything that is known of it. */
struct State
{
    Chosen chosen;
    Vector<const PlanCost *> plans; /* per query slot */
    Vector<double> costs;      /* decision cost of these */
    Vector<double> credited;   /* per statement, weighted: see Credited() */
    std::size_t violations = 0; /* slots that break the guard */
    double objective = 0;      /* credited read cost + write cost, and a charge for each index: see ChargeEach */
    double read = 0;           /* credited read cost alone */
    double bytes = 0;
    bool allowed = true;       /* the guard holds and every query can be planned */
};

/* Whether a change of the set is worth its indexes, or what it lacks. */
enum class Verdict
{
    Worth,
    NoHelp,
    Upkeep,
    SmallGain,
    RanOnce,
    BelowMinimum,
};

class Evaluator
{
  public:
    Evaluator(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model);

    void AddCandidates(Vector<Priced> candidates);
    /* The number of this index among the candidates; it becomes one if it is not. References to candidates are void
     * then. Nothing where the server would refuse to build it. */
    std::optional<std::size_t> NumberOf(IndexSpec index);
    const Vector<Priced> &Candidates() const { return candidates_; }
    const Vector<Slot> &Slots() const { return slots_; }
    CostModel &Model() { return model_; }

    /* State without new indexes. */
    const State &Base() const { return base_; }
    /* `from` with some candidates added and others removed. */
    State Apply(const State &from, const Chosen &added, const Chosen &removed);
    /* The same if its objective is below the bound; else nothing, mostly without having asked for all plans. `least`
     * is then an estimate of the objective from below. */
    std::optional<State> ApplyBelow(const State &from, const Chosen &added, const Chosen &removed, double bound,
                                    double *least);
    /* The set without some of it; nothing if so much is lost that one of them would be worth its place, mostly without having
     * asked for all plans. `least` as above. */
    std::optional<State> WithoutUnlessMissed(const State &state, const Chosen &numbers, double min_improvement,
                                             double *least);
    State Of(const Chosen &chosen) { return Apply(base_, chosen, {}); }
    /* The same, every cost being the planner's answer to this very set. */
    State Exact(const Chosen &chosen);
    /* From now on each index of a set adds this to its objective; states from before have to be recharged. */
    void ChargeEach(double charge) { charge_ = charge; }
    State Recharged(State state) const;
    /* The objective without it. */
    double CostOf(const State &state) const
    {
        return state.objective - charge_ * static_cast<double>(state.chosen.size());
    }
    /* The set as if that existing index were gone, and the statements had been without it from the start. */
    State Without(const State &state, const ExistingIndex &existing);
    const Catalog &Tables() const { return catalog_; }

    PlanTable &Plans() { return plans_; }
    const PlanTable &Plans() const { return plans_; }
    double Decision(std::size_t slot, const Chosen &chosen) { return DecisionOf(slot, chosen, plans_.Plan(slot, chosen)); }
    double DecisionOf(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const;
    /* What the plan costs with its correction. */
    double CorrectedOf(std::size_t slot, const Chosen &chosen, const PlanCost &plan) const;

    /* The planner's own figure, summed over the workload, and per statement and call. */
    double PlannerTotal(const Chosen &chosen);
    /* By how much that changes between two sets, of which `changed` are the differences. */
    double PlannerChange(const Chosen &before, const Chosen &after, const Chosen &changed);
    double PlannerMean(std::size_t statement, const Chosen &chosen);
    /* What counted rows add to the latter. */
    double MeanCorrection(std::size_t statement, const Chosen &chosen);
    /* The dearest of the statement's plans that counted rows have made dearer by more than noise; or nullptr. */
    const PlanCost *Corrected(std::size_t statement, const Chosen &chosen);
    /* Mean decision cost per call. */
    double Mean(const State &state, std::size_t statement) const;

    /* Whether the guard forbids what the slot costs: by the planner where the statement was never seen to run, as what is
     * added to that is a rough figure. */
    bool Violates(const State &state, std::size_t slot) const { return Violates(state, slot, slots_[slot].base); }
    /* Whether the statement gets cheaper by more than noise. */
    bool Helps(const State &before, const State &after, std::size_t statement) const;
    /* Whether going from one set to the other is worth its indexes. An index must
     *   - save more reading than twice what it costs to maintain, and kMinTotalGain units in all;
     *   - help a statement that is not a single run beside regular traffic;
     *   - bring min_improvement of the whole workload's cost, or make statements that together stand for
     *     2 % of the workload (of its cost or of its time) cheaper by a fifth. The second way is closed to
     *     callers who raise min_improvement above its default. */
    Verdict Judge(const State &before, const State &after, double min_improvement) const;
    bool Worth(const State &before, const State &after, double min_improvement) const
    {
        return Judge(before, after, min_improvement) == Verdict::Worth;
    }

    double TotalCalls(std::size_t statement) const { return calls_[statement]; }
    /* ms over all calls; of the whole workload. */
    double TimeOf(std::size_t statement) const { return workload_[statement].total_time; }
    double TotalTime() const { return total_time_; }

  private:
    /* Fills plan and cost of a slot. */
    void Replan(State &state, std::size_t slot, const State &from, const Chosen &added, const Chosen &removed);
    bool Violates(const State &state, std::size_t slot, double base) const;
    double Credited(const State &state, std::size_t statement, const Vector<double> &base) const;
    /* Fills what follows from the costs; `base`: cost of each slot to which the state is compared. The last one where
     * only these slots differ from `from`: it does not grow with the number of statements but for a sum. */
    void Finish(State &state) const { Finish(state, base_.costs); }
    void Finish(State &state, const Vector<double> &base) const;
    void FinishFrom(const State &from, State &state, const Vector<std::size_t> &slots) const;
    void Sum(State &state) const;
    /* What the statements of the slots have more in weighted costs than in credit. */
    double Uncredited(const State &state, const Vector<std::size_t> &slots) const;
    double Fear(const State &from, std::size_t number, const Chosen *chosen) const;
    double WriteCostOf(const Chosen &numbers) const;
    Vector<double> CostsWithout(const State &state, const ExistingIndex &existing);
    bool IsReason(std::size_t statement) const;

    const Vector<StatementInfo> &workload_;
    const Catalog &catalog_;
    CostModel &model_;
    const Pricer pricer_;
    Vector<Priced> candidates_;
    Vector<Slot> slots_;
    Vector<std::size_t> order_;               /* statements in canonical order */
    Vector<Vector<std::size_t>> slots_of_;    /* per statement */
    Vector<double> calls_;                    /* weight of its live slots */
    PlanTable plans_;
    State base_;
    double total_time_ = 0;
    double charge_ = 0;
    bool running_system_ = false;
};

} // namespace pg_advisor
