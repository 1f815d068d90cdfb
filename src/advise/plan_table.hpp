/*
 * Plans of the workload's queries under sets of candidates, each asked of the CostModel once.
 *
 * Once the time is up the planner is not asked any more (StopAskingAfter): then the answer is the best plan known that
 * uses only indexes of the set. The planner would find it, too, or a better one.
 *
 * While a search is on, a candidate that did nothing for a query, alone or with all others, is left out of the sets
 * that the query is planned with (Narrow). In a large search so is one that the plan before a change did not use
 * (After): what does nothing by itself but only with another one is then found only as the pair that the pruning has
 * seen. That saves most planner calls of a workload of joins; the result of the search is checked with everything in
 * place (Widen).
 */
#pragma once

#include "advise/deadline.hpp"
#include "advise/slots.hpp"

namespace pg_advisor
{

class PlanTable
{
  public:
    PlanTable(const Vector<Slot> &slots, CostModel &model) : slots_(slots), model_(model) {}

    void AddCandidates(const Vector<Priced> &candidates);
    /* Another one has been added at the end of that vector. */
    void AddCandidate();
    /* Candidates that the slot's query could use, by its clauses. */
    const Chosen &Usable(std::size_t slot) const { return usable_[slot]; }
    /* Those of them that are made for it: see MadeFor. */
    const Chosen &Own(std::size_t slot) const { return own_[slot]; }

    /* What pruning has found out: the gain by one candidate alone; a plan with many, in decision cost. A slot that
     * nothing is noted of is not narrowed. */
    void NoteSingle(std::size_t slot, std::size_t number, double gain);
    void NoteTogether(std::size_t slot, double cost, const Chosen &used);
    void Narrow();
    void StopAskingAfter(Deadline *deadline) { deadline_ = deadline; }
    /* From now on nothing is asked, or again until the deadline. */
    void GuessOnly(bool guess) { guess_ = guess; }
    bool Guessing() const { return guess_; }
    /* So large a search that After leaves out what is not used. */
    bool Forgetful() const { return forgetful_; }
    void Widen() { narrow_ = false; }
    bool Matters(std::size_t slot, std::size_t number) const;
    bool Uses(const PlanCost &plan, std::size_t number) const;
    bool UsesAny(const PlanCost &plan, const Chosen &numbers) const;
    /* The slots, ascending, whose plan one of the candidates can change, as far as is looked at now. */
    Vector<std::size_t> Affected(const Chosen &added, const Chosen &removed) const;
    /* An estimate from below of what the slot costs once the candidates are added; `current` is its cost now. */
    double Least(std::size_t slot, double current, const Chosen &added) const;

    /* Infinite cost where planning fails. May be answered from a larger set whose plan uses only indexes of this one
     * (the atomic-configuration rule of AutoAdmin): the planner then nearly always has the same best plan. See
     * docs/advice-quality.md, Speed. */
    const PlanCost &Plan(std::size_t slot, const Chosen &chosen);
    /* The plan with the set, where `before` was the one without `added` and with `removed`. */
    const PlanCost &After(std::size_t slot, const PlanCost &before, const Chosen &chosen, const Chosen &added,
                          const Chosen &removed);
    /* The planner's answer with all that the query could use, unless the time is up. */
    const PlanCost &Exact(std::size_t slot, const Chosen &chosen);
    /* The best that is known, without asking: the planner's is not dearer. */
    const PlanCost &Guess(std::size_t slot, const Chosen &chosen) const { return BestKnown(slot, chosen); }
    /* The set, and what it replaces, in the model's terms. */
    Configuration ConfigurationOf(const Chosen &chosen) const;
    /* The plan when an existing index is gone. */
    PlanCost Without(std::size_t slot, const Chosen &chosen, Oid32 existing);

    /* All that the planner was asked about the slot. */
    const Map<Chosen, PlanCost> &Answers(std::size_t slot) const { return plans_[slot]; }

  private:
    using Answer = std::pair<const Chosen, PlanCost>;

    const Vector<bool> &Counting(std::size_t slot) const { return narrow_ ? mattering_[slot] : is_usable_[slot]; }
    bool StandsIn(std::size_t slot, std::size_t number) const;
    struct InSet;
    InSet Terms(const Chosen &chosen) const;
    static bool UsesOnly(const PlanCost &plan, const InSet &set);
    const PlanCost *Known(std::size_t slot, const Chosen &relevant) const;
    void AddContaining(std::size_t slot, const Chosen &chosen, const Chosen &removed, Chosen *relevant) const;
    void NoteUsed(std::size_t slot, const Chosen &relevant, const PlanCost &plan);
    const PlanCost &AskOrGuess(std::size_t slot, Chosen relevant);
    PlanCost AskModel(std::size_t slot, const Configuration &configuration);
    const PlanCost *FromLargerSet(std::size_t slot, const Chosen &relevant) const;
    const PlanCost &BestKnown(std::size_t slot, const Chosen &chosen) const;
    const PlanCost &Ask(std::size_t slot, Chosen relevant);

    const Vector<Slot> &slots_;
    CostModel &model_;
    const Vector<Priced> *candidates_ = nullptr;
    /* All per slot. */
    Vector<Chosen> usable_, own_;
    Vector<Vector<bool>> is_usable_;             /* by candidate */
    Vector<Vector<bool>> mattering_;             /* those that are looked at while narrow_ */
    Vector<Vector<std::size_t>> users_, narrow_users_; /* the same by candidate: the living slots it counts for */
    Vector<Map<std::size_t, double>> single_;
    Vector<Set<std::size_t>> together_;
    Vector<double> least_;
    Vector<bool> explored_;
    Vector<Map<Chosen, PlanCost>> plans_;
    Vector<Vector<const Answer *>> recent_;      /* the latest answers, for FromLargerSet */
    Vector<Vector<const Answer *>> by_cost_;     /* all but that without indexes, the cheapest first, for BestKnown */
    bool narrow_ = false;
    bool forgetful_ = false;
    bool guess_ = false;
    Deadline *deadline_ = nullptr;
};

} // namespace pg_advisor
