/*
 * See random_sets.hpp.
 */
#include "advise/random_sets.hpp"

#include "base/failure.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kMostChosen = 12;
constexpr std::size_t kForeign = 3; /* indexes of other tables, which must not matter */
constexpr std::uint32_t kOneInHidden = 4;

/* std::uniform_int_distribution is not the same everywhere. */
std::size_t Below(std::mt19937 &random, std::size_t bound)
{
    return random() % bound;
}

void AddSome(Set<std::size_t> *chosen, const Chosen &from, std::size_t count, std::mt19937 &random)
{
    for (std::size_t i = 0; i < count && !from.empty(); i++)
        chosen->insert(from[Below(random, from.size())]);
}

/* Some that the query could use and some that it could not, and sometimes an existing index that is gone. */
Configuration RandomSet(const Evaluator &evaluator, std::size_t slot, const Chosen &all, std::mt19937 &random)
{
    Set<std::size_t> chosen;
    AddSome(&chosen, evaluator.Plans().Usable(slot), 1 + Below(random, kMostChosen), random);
    AddSome(&chosen, all, Below(random, kForeign + 1), random);
    Configuration configuration = evaluator.Plans().ConfigurationOf(Chosen(chosen.begin(), chosen.end()));
    if (random() % kOneInHidden != 0)
        return configuration;
    const Vector<Oid32> &relations = evaluator.Slots()[slot].relations;
    const auto table = evaluator.Tables().find(relations[Below(random, relations.size())]);
    if (table == evaluator.Tables().end() || table->second.indexes.empty())
        return configuration;
    const Oid32 gone = table->second.indexes[Below(random, table->second.indexes.size())].oid;
    const auto place = std::lower_bound(configuration.hidden.begin(), configuration.hidden.end(), gone);
    if (place == configuration.hidden.end() || *place != gone)
        configuration.hidden.insert(place, gone);
    return configuration;
}

/* Half of what the plan does not use goes. */
Configuration Smaller(const Configuration &configuration, const PlanCost &plan, std::mt19937 &random)
{
    Configuration smaller = configuration;
    std::erase_if(smaller.created, [&](IndexId index) {
        return !std::binary_search(plan.used.begin(), plan.used.end(), index) && random() % 2 == 0;
    });
    return smaller;
}

/* Twice: the second answer is always one that is known. */
PlanCost AskTwice(CostModel &model, QueryId query, const Configuration &configuration)
{
    (void)model.Cost(query, configuration);
    return model.Cost(query, configuration);
}

void AskOne(Evaluator &evaluator, std::size_t slot, const Chosen &all, std::mt19937 &random, RandomSets *asked)
{
    CostModel &model = evaluator.Model();
    const QueryId query = evaluator.Slots()[slot].query;
    const Configuration set = RandomSet(evaluator, slot, all, random);
    try
    {
        const PlanCost plan = AskTwice(model, query, set);
        const Configuration smaller = Smaller(set, plan, random);
        const PlanCost same = AskTwice(model, query, smaller);
        asked->sets++;
        if (smaller == set)
            return;
        asked->smaller++;
        if (plan.cost == same.cost && plan.used == same.used && plan.used_existing == same.used_existing)
            return;
        asked->different++;
        asked->furthest = std::max(asked->furthest, std::abs(same.cost / plan.cost - 1));
    }
    catch (const Failure &)
    {
        /* a hidden index that the query cannot do without */
    }
}

} // namespace

RandomSets AskRandomSets(Evaluator &evaluator, std::size_t count)
{
    RandomSets asked;
    if (count == 0)
        return asked;
    Chosen all;
    for (std::size_t number = 0; number < evaluator.Candidates().size(); number++)
        all.push_back(number);
    for (std::size_t slot = 0; slot < evaluator.Slots().size(); slot++)
    {
        std::mt19937 random(static_cast<std::uint32_t>(slot));
        if (!evaluator.Slots()[slot].alive || evaluator.Plans().Usable(slot).empty())
            continue;
        for (std::size_t i = 0; i < count; i++)
            AskOne(evaluator, slot, all, random, &asked);
    }
    return asked;
}

} // namespace pg_advisor
