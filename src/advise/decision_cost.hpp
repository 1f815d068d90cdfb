/*
 * What a plan is taken to cost when indexes are chosen: the planner's figure, corrected where it is known to mislead.
 *
 * Used by advise/evaluator. What is shown to people are planner costs.
 */
#pragma once

#include "advise/catalog.hpp"
#include "advise/slots.hpp"

namespace pg_advisor
{

/* Planner cost plus what many single heap fetches really cost: see kExcessFetchCost. `correlation` is that
 * of the leading key of the indexes used; fetches in heap order find their page in the processor's cache. */
double DecisionCost(const PlanCost &plan, double table_pages, double correlation);

/* The same for a plan of the slot with these candidates, corrected for BRIN, too. `scattered` is
 * CostModel::ScatteredPageCost(). */
double DecisionCost(const PlanCost &plan, const Slot &slot, const Chosen &chosen, const Vector<Priced> &candidates,
                    const Catalog &catalog, double scattered);

/* A decision cost that is no better, beside that without new indexes, than the corrected costs allow: these may take
 * credit away from a plan, and never add any. `correction` is the plan's. */
double BelievedCost(double decision, double correction, const Slot &slot);

} // namespace pg_advisor
