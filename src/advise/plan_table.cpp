/*
 * See plan_table.hpp.
 */
#include "advise/plan_table.hpp"

#include "advise/candidates.hpp"
#include "advise/thresholds.hpp"
#include "base/failure.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <tuple>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kRecentAnswers = 24;

Chosen Common(const Chosen &chosen, const Vector<bool> &among)
{
    Chosen common;
    for (std::size_t number : chosen)
        if (among[number])
            common.push_back(number);
    return common;
}

Vector<bool> Marked(const Chosen &numbers, std::size_t count)
{
    Vector<bool> marks(count);
    for (std::size_t number : numbers)
        marks[number] = true;
    return marks;
}

/* Existing indexes that the set replaces, ascending. */
Vector<Oid32> Replaced(const Vector<Priced> &candidates, const Chosen &chosen)
{
    Set<Oid32> replaced;
    for (std::size_t number : chosen)
        if (candidates[number].replaces != 0)
            replaced.insert(candidates[number].replaces);
    return Vector<Oid32>(replaced.begin(), replaced.end());
}

} // namespace

void PlanTable::AddCandidates(const Vector<Priced> &candidates)
{
    candidates_ = &candidates;
    plans_.resize(slots_.size());
    for (auto &plans : plans_)
        std::erase_if(plans, [](const auto &entry) { return !entry.first.empty(); });
    recent_.assign(slots_.size(), {});
    by_cost_.assign(slots_.size(), {});
    usable_.assign(slots_.size(), {});
    own_.assign(slots_.size(), {});
    is_usable_.clear();
    users_.assign(candidates.size(), {});
    single_.assign(slots_.size(), {});
    together_.assign(slots_.size(), {});
    least_.assign(slots_.size(), std::numeric_limits<double>::infinity());
    explored_.assign(slots_.size(), false);
    narrow_ = false;

    Map<Oid32, Chosen> by_relation;
    for (std::size_t number = 0; number < candidates.size(); number++)
        by_relation[candidates[number].index.relation].push_back(number);
    for (std::size_t slot = 0; slot < slots_.size(); slot++)
    {
        for (Oid32 relation : slots_[slot].relations)
            if (const auto found = by_relation.find(relation); found != by_relation.end())
                for (std::size_t number : found->second)
                    if (MayUse(*slots_[slot].facts, candidates[number].index))
                        usable_[slot].push_back(number);
        std::sort(usable_[slot].begin(), usable_[slot].end());
        std::copy_if(usable_[slot].begin(), usable_[slot].end(), std::back_inserter(own_[slot]),
                     [&](std::size_t number) { return MadeFor(*slots_[slot].facts, candidates[number].index); });
        is_usable_.push_back(Marked(usable_[slot], candidates.size()));
        if (slots_[slot].alive)
            for (std::size_t number : usable_[slot])
                users_[number].push_back(slot);
    }
}

void PlanTable::AddCandidate()
{
    const std::size_t number = candidates_->size() - 1;
    const IndexSpec &index = candidates_->back().index;
    users_.emplace_back();
    for (std::size_t slot = 0; slot < slots_.size(); slot++)
    {
        const Slot &info = slots_[slot];
        const bool usable = info.facts != nullptr &&
                            std::binary_search(info.relations.begin(), info.relations.end(), index.relation) &&
                            MayUse(*info.facts, index);
        is_usable_[slot].push_back(usable);
        if (!mattering_.empty())
            mattering_[slot].push_back(usable);
        if (usable)
            usable_[slot].push_back(number);
        if (usable && info.alive)
            users_[number].push_back(slot);
        if (usable && MadeFor(*info.facts, index))
            own_[slot].push_back(number);
    }
    if (!narrow_users_.empty())
        narrow_users_.push_back(users_[number]);
}

void PlanTable::NoteSingle(std::size_t slot, std::size_t number, double gain)
{
    single_[slot][number] = gain;
    least_[slot] = std::min(least_[slot], slots_[slot].base - gain);
    explored_[slot] = true;
}

void PlanTable::NoteTogether(std::size_t slot, double cost, const Chosen &used)
{
    explored_[slot] = true;
    least_[slot] = std::min(least_[slot], cost);
    together_[slot].insert(used.begin(), used.end());
}

bool PlanTable::Matters(std::size_t slot, std::size_t number) const
{
    if (!explored_[slot] || together_[slot].contains(number))
        return true;
    const auto single = single_[slot].find(number);
    return single != single_[slot].end() && single->second != 0;
}

/* Not tried, but it begins like one that the query uses. */
bool PlanTable::StandsIn(std::size_t slot, std::size_t number) const
{
    const IndexSpec &index = (*candidates_)[number].index;
    return !single_[slot].contains(number) &&
           std::any_of(together_[slot].begin(), together_[slot].end(), [&](std::size_t used) {
               const IndexSpec &other = (*candidates_)[used].index;
               return other.relation == index.relation && other.keys.front().SameColumn(index.keys.front());
           });
}

void PlanTable::Narrow()
{
    mattering_.assign(slots_.size(), Vector<bool>(candidates_->size()));
    narrow_users_.assign(candidates_->size(), {});
    double work = 0;
    for (std::size_t slot = 0; slot < slots_.size(); slot++)
        for (std::size_t number : usable_[slot])
            if (Matters(slot, number) || StandsIn(slot, number))
            {
                mattering_[slot][number] = true;
                if (!slots_[slot].alive)
                    continue;
                narrow_users_[number].push_back(slot);
                work += CallCost(slots_[slot]);
            }
    narrow_ = true;
    forgetful_ = work > thresholds::kExactWork;
}

Vector<std::size_t> PlanTable::Affected(const Chosen &added, const Chosen &removed) const
{
    const auto &users = narrow_ ? narrow_users_ : users_;
    Vector<std::size_t> affected;
    for (const Chosen *numbers : {&added, &removed})
        for (std::size_t number : *numbers)
            affected.insert(affected.end(), users[number].begin(), users[number].end());
    if (added.size() + removed.size() > 1)
    {
        std::sort(affected.begin(), affected.end());
        affected.erase(std::unique(affected.begin(), affected.end()), affected.end());
    }
    return affected;
}

double PlanTable::Least(std::size_t slot, double current, const Chosen &added) const
{
    if (!explored_[slot])
        return 0;
    double least = current;
    for (std::size_t number : added)
    {
        if (together_[slot].contains(number))
            least = std::min(least, least_[slot]);
        if (const auto single = single_[slot].find(number); single != single_[slot].end())
            least -= thresholds::kGrowsInCompany * std::max(0.0, single->second);
    }
    return std::min(current, std::max(least, least_[slot] * thresholds::kBelowAllTogether));
}

/* A set as plans know it: both ascending. */
struct PlanTable::InSet
{
    Vector<IndexId> ids;
    Vector<Oid32> replaced;
};

PlanTable::InSet PlanTable::Terms(const Chosen &chosen) const
{
    InSet set{{}, Replaced(*candidates_, chosen)};
    for (std::size_t number : chosen)
        set.ids.push_back((*candidates_)[number].id);
    std::sort(set.ids.begin(), set.ids.end());
    return set;
}

bool PlanTable::UsesOnly(const PlanCost &plan, const InSet &set)
{
    return std::includes(set.ids.begin(), set.ids.end(), plan.used.begin(), plan.used.end()) &&
           std::none_of(plan.used_existing.begin(), plan.used_existing.end(), [&](Oid32 oid) {
               return std::binary_search(set.replaced.begin(), set.replaced.end(), oid);
           });
}

const PlanCost *PlanTable::FromLargerSet(std::size_t slot, const Chosen &relevant) const
{
    const InSet set = Terms(relevant);
    for (const Answer *answer : recent_[slot])
        if (std::isfinite(answer->second.cost) &&
            std::includes(answer->first.begin(), answer->first.end(), relevant.begin(), relevant.end()) &&
            UsesOnly(answer->second, set) && Replaced(*candidates_, answer->first) == set.replaced)
            return &answer->second;
    return nullptr;
}

const PlanCost &PlanTable::BestKnown(std::size_t slot, const Chosen &chosen) const
{
    const InSet set = Terms(chosen);
    const PlanCost &without = plans_[slot].at(Chosen());
    for (const Answer *answer : by_cost_[slot])
        if (UsesOnly(answer->second, set))
            return answer->second.cost < without.cost || !UsesOnly(without, set) ? answer->second : without;
    /* At least the plan without any; it may use what the set replaces, which the set then does as well. */
    return without;
}

Configuration PlanTable::ConfigurationOf(const Chosen &chosen) const
{
    Configuration configuration;
    for (std::size_t number : chosen)
        configuration.created.push_back((*candidates_)[number].id);
    std::sort(configuration.created.begin(), configuration.created.end());
    configuration.hidden = Replaced(*candidates_, chosen);
    return configuration;
}

PlanCost PlanTable::AskModel(std::size_t slot, const Configuration &configuration)
{
    try
    {
        return model_.Cost(slots_[slot].query, configuration);
    }
    catch (const Failure &)
    {
        PlanCost none;
        none.cost = std::numeric_limits<double>::infinity(); /* the guard rejects the set; without new indexes the query is left out */
        return none;
    }
}

/* NOLINTNEXTLINE(performance-unnecessary-value-param): it moves into the map. */
const PlanCost &PlanTable::Ask(std::size_t slot, Chosen relevant)
{
    PlanCost plan = AskModel(slot, ConfigurationOf(relevant));
    const Answer &answer = *plans_[slot].emplace(std::move(relevant), std::move(plan)).first;
    if (!answer.first.empty())
    {
        auto &recent = recent_[slot];
        if (recent.size() == kRecentAnswers)
            recent.erase(recent.begin() + 1); /* the first one saw all candidates at once: it stays */
        recent.push_back(&answer);
        auto &by_cost = by_cost_[slot];
        by_cost.insert(std::upper_bound(by_cost.begin(), by_cost.end(), &answer,
                                        [](const Answer *left, const Answer *right) {
                                            return std::tie(left->second.cost, left->first) <
                                                   std::tie(right->second.cost, right->first);
                                        }),
                       &answer);
    }
    return answer.second;
}

const PlanCost *PlanTable::Known(std::size_t slot, const Chosen &relevant) const
{
    const auto found = plans_[slot].find(relevant);
    if (found != plans_[slot].end())
        return &found->second;
    return relevant.empty() ? nullptr : FromLargerSet(slot, relevant);
}

const PlanCost &PlanTable::AskOrGuess(std::size_t slot, Chosen relevant)
{
    if (!relevant.empty() && (guess_ || (deadline_ != nullptr && deadline_->Passed())))
        return BestKnown(slot, relevant);
    return Ask(slot, std::move(relevant));
}

const PlanCost &PlanTable::Plan(std::size_t slot, const Chosen &chosen)
{
    Chosen relevant = chosen.empty() ? Chosen() : Common(chosen, Counting(slot));
    if (const PlanCost *known = Known(slot, relevant))
        return *known;
    return AskOrGuess(slot, std::move(relevant));
}

bool PlanTable::Uses(const PlanCost &plan, std::size_t number) const
{
    return std::binary_search(plan.used.begin(), plan.used.end(), (*candidates_)[number].id);
}

bool PlanTable::UsesAny(const PlanCost &plan, const Chosen &numbers) const
{
    return std::any_of(numbers.begin(), numbers.end(), [&](std::size_t number) { return Uses(plan, number); });
}

/* Those of the set that can do all that one of `removed` did: beside it they were not looked at. */
void PlanTable::AddContaining(std::size_t slot, const Chosen &chosen, const Chosen &removed, Chosen *relevant) const
{
    for (std::size_t number : chosen)
        if (!Counting(slot)[number] && is_usable_[slot][number] &&
            std::any_of(removed.begin(), removed.end(), [&](std::size_t gone) {
                return IsPrefixOf((*candidates_)[gone].index, (*candidates_)[number].index);
            }))
            relevant->insert(std::lower_bound(relevant->begin(), relevant->end(), number), number);
}

/* From now on they matter, if they are used. */
void PlanTable::NoteUsed(std::size_t slot, const Chosen &relevant, const PlanCost &plan)
{
    for (std::size_t number : relevant)
    {
        if (Counting(slot)[number] || !Uses(plan, number))
            continue;
        mattering_[slot][number] = true;
        Vector<std::size_t> &users = narrow_users_[number];
        users.insert(std::lower_bound(users.begin(), users.end(), slot), slot);
    }
}

const PlanCost &PlanTable::After(std::size_t slot, const PlanCost &before, const Chosen &chosen, const Chosen &added,
                                 const Chosen &removed)
{
    if (!narrow_ || !forgetful_)
        return Plan(slot, chosen);
    Chosen relevant = Common(chosen, Counting(slot));
    if (UsesAny(before, removed))
    {
        AddContaining(slot, chosen, removed, &relevant);
        const PlanCost *known = Known(slot, relevant);
        const PlanCost &plan = known != nullptr ? *known : AskOrGuess(slot, relevant);
        NoteUsed(slot, relevant, plan);
        return plan;
    }
    if (const PlanCost *known = Known(slot, relevant))
        return *known;
    Chosen used;
    for (std::size_t number : relevant)
        if (Uses(before, number) || (*candidates_)[number].replaces != 0 ||
            std::find(added.begin(), added.end(), number) != added.end())
            used.push_back(number);
    if (const PlanCost *known = Known(slot, used))
        return *known;
    return AskOrGuess(slot, std::move(used));
}

const PlanCost &PlanTable::Exact(std::size_t slot, const Chosen &chosen)
{
    Chosen relevant = chosen.empty() ? Chosen() : Common(chosen, is_usable_[slot]);
    const auto found = plans_[slot].find(relevant);
    return found != plans_[slot].end() ? found->second : AskOrGuess(slot, std::move(relevant));
}

PlanCost PlanTable::Without(std::size_t slot, const Chosen &chosen, Oid32 existing)
{
    const PlanCost &plan = Plan(slot, chosen);
    if (std::find(plan.used_existing.begin(), plan.used_existing.end(), existing) == plan.used_existing.end())
        return plan;
    /* what did nothing for the query did it beside the index that is gone */
    Configuration configuration = ConfigurationOf(chosen.empty() ? Chosen() : Common(chosen, is_usable_[slot]));
    const auto place = std::lower_bound(configuration.hidden.begin(), configuration.hidden.end(), existing);
    if (place == configuration.hidden.end() || *place != existing)
        configuration.hidden.insert(place, existing);
    return AskModel(slot, configuration);
}

} // namespace pg_advisor
