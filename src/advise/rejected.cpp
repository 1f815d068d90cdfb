/*
 * See rejected.hpp.
 *
 * The order of the questions is that of the search: does a plan use it, does it harm, is it worth its place alone, and
 * then beside what is suggested.
 */
#include "advise/rejected.hpp"

#include "advise/candidates.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kMostRejections = 30;
constexpr double kPagesOfEmpty = 10; /* the planner's guess at a table never analysed that is smaller */

/* Its keys: INCLUDE columns and directions aside, which make variations of one index. */
String Family(IndexSpec index)
{
    index.include.clear();
    for (KeyPart &key : index.keys)
        key.descending = key.nulls_first = false;
    return CanonicalKey(index);
}

bool Has(const Chosen &set, std::size_t number)
{
    return std::binary_search(set.begin(), set.end(), number);
}

class Explainer
{
  public:
    Explainer(Evaluator &evaluator, const AdvisorOptions &options, const Considered &considered, const Advice &advice,
              Deadline &deadline)
        : evaluator_(evaluator), options_(options), chosen_(considered.chosen), gains_(considered.gains),
          advice_(advice), deadline_(deadline), suggested_(evaluator.Exact(chosen_))
    {
    }

    Vector<Rejection> Run()
    {
        Vector<Rejection> rejections;
        for (std::size_t number : Representatives())
        {
            if (deadline_.Passed())
                break;
            if (std::optional<Rejection> rejection = Explain(number))
                rejections.push_back(std::move(*rejection));
        }
        std::stable_sort(rejections.begin(), rejections.end(), [](const Rejection &left, const Rejection &right) {
            return left.cost_before - left.cost_after > right.cost_before - right.cost_after;
        });
        return rejections;
    }

  private:
    const Priced &Candidate(std::size_t number) const { return evaluator_.Candidates()[number]; }

    double GainOf(std::size_t number)
    {
        const auto known = gains_.find(number);
        if (known != gains_.end())
            return known->second;
        if (!options_.storage_budget || Candidate(number).bytes <= *options_.storage_budget || deadline_.Passed())
            return 0; /* the planner was asked of it and saw no use */
        const double objective = evaluator_.Exact({number}).objective;
        return std::isfinite(objective) ? evaluator_.Base().objective - objective : 0;
    }

    /* The best of each family that has nothing suggested. */
    Chosen Representatives()
    {
        Set<String> seen;
        for (std::size_t number : chosen_)
            seen.insert(Family(Candidate(number).index));
        Vector<std::tuple<double, std::size_t, double, std::size_t>> order;
        for (std::size_t number = 0; number < evaluator_.Candidates().size(); number++)
            if (!Has(chosen_, number))
                order.push_back({-GainOf(number), Candidate(number).columns, Candidate(number).bytes, number});
        std::sort(order.begin(), order.end());
        Chosen numbers;
        for (const auto &place : order)
            if (const std::size_t number = std::get<3>(place);
                numbers.size() < kMostRejections && seen.insert(Family(Candidate(number).index)).second)
                numbers.push_back(number);
        return numbers;
    }

    /* The suggested ones with it, less those that it makes superfluous. */
    Chosen Beside(std::size_t number) const
    {
        Chosen set{number};
        for (std::size_t other : chosen_)
            if (!IsPrefixOf(Candidate(other).index, Candidate(number).index))
                set.push_back(other);
        std::sort(set.begin(), set.end());
        return set;
    }

    bool Uses(std::size_t slot, const Chosen &set, std::size_t number)
    {
        const Vector<IndexId> &used = evaluator_.Plans().Exact(slot, set).used;
        return std::find(used.begin(), used.end(), Candidate(number).id) != used.end();
    }

    bool AnyPlanUses(const Chosen &set, std::size_t number)
    {
        const Vector<std::size_t> affected = evaluator_.Plans().Affected({number}, {});
        return std::any_of(affected.begin(), affected.end(),
                           [&](std::size_t slot) { return Uses(slot, set, number); });
    }

    std::optional<Rejection> Explain(std::size_t number)
    {
        const Priced &priced = Candidate(number);
        const State alone = evaluator_.Exact({number});
        if (!std::isfinite(alone.objective))
            return std::nullopt; /* a query cannot be planned with it */
        Rejection rejection;
        rejection.index = priced.index;
        rejection.relation = priced.index.relation;
        rejection.bytes = priced.bytes;
        rejection.write_overhead = priced.write_cost;
        rejection.cost_before = advice_.cost_before;
        rejection.cost_after = evaluator_.PlannerTotal({number});
        rejection.saves = evaluator_.Base().read - alone.read;
        rejection.obstacle = ObstacleAlone(number, alone, &rejection);
        if (rejection.obstacle == Obstacle::None)
            rejection.obstacle = ObstacleBeside(number, alone, &rejection);
        return rejection;
    }

    Obstacle ObstacleAlone(std::size_t number, const State &alone, Rejection *rejection)
    {
        if (!AnyPlanUses({number}, number) && !AnyPlanUses(Beside(number), number))
            return Obstacle::Unused;
        if (!alone.allowed)
            return Dearer(alone, rejection);
        if (options_.storage_budget && Candidate(number).bytes > *options_.storage_budget)
            return Obstacle::Budget;
        switch (evaluator_.Judge(evaluator_.Base(), alone, options_.min_improvement))
        {
        case Verdict::Worth:
            return Obstacle::None;
        case Verdict::NoHelp:
            return Obstacle::NoHelp;
        case Verdict::Upkeep:
            return Obstacle::Upkeep;
        case Verdict::SmallGain:
            return Obstacle::SmallGain;
        case Verdict::RanOnce:
            return Obstacle::RanOnce;
        case Verdict::BelowMinimum:
            break;
        }
        rejection->share = (evaluator_.Base().objective - alone.objective) / evaluator_.Base().objective;
        return Obstacle::BelowMinimum;
    }

    Obstacle ObstacleBeside(std::size_t number, const State &alone, Rejection *rejection)
    {
        for (std::size_t other : chosen_)
            if (IsPrefixOf(Candidate(number).index, Candidate(other).index))
            {
                rejection->suggestion = SuggestionOf(other);
                return Obstacle::Prefix;
            }
        const State beside = evaluator_.Exact(Beside(number));
        rejection->adds = suggested_.read - beside.read;
        if (!beside.allowed)
            return Dearer(beside, rejection);
        if (evaluator_.Judge(suggested_, beside, options_.min_improvement) != Verdict::Worth)
        {
            rejection->suggestion = DoesTheWork(alone, Candidate(number).index.relation);
            return Obstacle::SameWork;
        }
        if (options_.storage_budget && beside.bytes > *options_.storage_budget)
        {
            rejection->bytes_together = beside.bytes;
            return Obstacle::Room;
        }
        if (options_.max_indexes && static_cast<int>(beside.chosen.size()) > *options_.max_indexes)
            return Obstacle::Number;
        return Obstacle::NotReached;
    }

    /* The query that suffers most. */
    Obstacle Dearer(const State &state, Rejection *rejection)
    {
        double worst = 0;
        for (std::size_t i = 0; i < evaluator_.Slots().size(); i++)
        {
            const Slot &slot = evaluator_.Slots()[i];
            const double factor = state.costs[i] / std::max(1.0, slot.base);
            if (!slot.alive || !evaluator_.Violates(state, i) || factor <= worst)
                continue;
            worst = factor;
            rejection->dearer.statement = slot.statement;
            rejection->dearer.cost_before = slot.base;
            rejection->dearer.cost_after = state.costs[i];
        }
        return Obstacle::Dearer;
    }

    /* Of the statement that it would help most alone: the suggested index that its plan uses, best on the same table. */
    std::optional<std::size_t> DoesTheWork(const State &alone, Oid32 relation)
    {
        const State &base = evaluator_.Base();
        std::size_t helped = 0;
        for (std::size_t i = 1; i < alone.credited.size(); i++)
            if (base.credited[i] - alone.credited[i] > base.credited[helped] - alone.credited[helped])
                helped = i;
        std::optional<std::size_t> found;
        for (std::size_t slot = 0; slot < evaluator_.Slots().size(); slot++)
        {
            if (evaluator_.Slots()[slot].statement != helped || !evaluator_.Slots()[slot].alive)
                continue;
            for (std::size_t number : chosen_)
                if (Uses(slot, chosen_, number) && (!found || Candidate(number).index.relation == relation))
                    found = number;
        }
        return found ? SuggestionOf(*found) : std::nullopt;
    }

    std::optional<std::size_t> SuggestionOf(std::size_t number) const
    {
        for (std::size_t i = 0; i < advice_.suggestions.size(); i++)
            if (advice_.suggestions[i].replacement.dropped == nullptr &&
                advice_.suggestions[i].index == Candidate(number).index)
                return i;
        return std::nullopt;
    }

    Evaluator &evaluator_;
    const AdvisorOptions &options_;
    const Chosen &chosen_;
    const Map<std::size_t, double> &gains_;
    const Advice &advice_;
    Deadline &deadline_;
    const State suggested_;
};

/* Tables of which something is asked that an index could do, were they larger or analysed; by name. */
Vector<const TableInfo *> TablesNotLookedAt(const Vector<StatementInfo> &workload, const Catalog &catalog)
{
    Map<std::pair<String, String>, const TableInfo *> tables;
    for (const StatementInfo &statement : workload)
        for (const QueryFacts &facts : statement.facts)
            for (const RelationFacts &relation : facts.relations)
                if (const auto table = catalog.find(relation.relation);
                    table != catalog.end() && !relation.clauses.empty() && table->second.ordinary &&
                    !table->second.temporary && !table->second.catalog && !TableEligible(table->second))
                    tables.emplace(std::pair(table->second.schema, table->second.name), &table->second);
    Vector<const TableInfo *> sorted;
    for (const auto &[name, table] : tables)
        sorted.push_back(table);
    return sorted;
}

void AddTables(const Vector<StatementInfo> &workload, const Catalog &catalog, Vector<Rejection> *rejections)
{
    for (const TableInfo *table : TablesNotLookedAt(workload, catalog))
    {
        Rejection rejection;
        rejection.relation = table->oid;
        rejection.obstacle = table->analyzed ? Obstacle::SmallTable : Obstacle::NotAnalyzed;
        rejections->push_back(std::move(rejection));
    }
}

} // namespace

Vector<Rejection> ExplainRejections(const Vector<StatementInfo> &workload, const Catalog &catalog,
                                    Evaluator &evaluator, const AdvisorOptions &options, const Considered &considered,
                                    const Advice &advice, Deadline &deadline)
{
    Vector<Priced> candidates = evaluator.Candidates();
    candidates.insert(candidates.end(), considered.too_large.begin(), considered.too_large.end());
    evaluator.AddCandidates(std::move(candidates));
    Vector<Rejection> rejections = Explainer(evaluator, options, considered, advice, deadline).Run();
    AddTables(workload, catalog, &rejections);
    return rejections;
}

Vector<Oid32> FindNotAnalyzed(const Vector<StatementInfo> &workload, const Catalog &catalog)
{
    Vector<Oid32> tables;
    for (const TableInfo *table : TablesNotLookedAt(workload, catalog))
        if (!table->analyzed && table->pages > kPagesOfEmpty)
            tables.push_back(table->oid);
    return tables;
}

} // namespace pg_advisor
