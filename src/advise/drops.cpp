/*
 * See drops.hpp. The comparison is redundancy.hpp's; that no query suffers is asked of the planner.
 */
#include "advise/drops.hpp"

#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"
#include "advise/write_cost.hpp"
#include "base/failure.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pg_advisor
{
namespace
{

bool MayBeDropped(const ExistingIndex &index, const TableInfo &table)
{
    return index.valid && !index.constraint && !index.replica_identity && !index.attached && !index.clustered &&
           !table.partitioned && !table.catalog && !table.temporary;
}

/* UNIQUE NULLS NOT DISTINCT is another promise than UNIQUE. */
bool SamePromise(const ExistingIndex &left, const ExistingIndex &right)
{
    constexpr std::string_view clause = "NULLS NOT DISTINCT";
    return (left.definition.find(clause) == String::npos) == (right.definition.find(clause) == String::npos);
}

/* Of two that can stand in for each other the one to keep: what cannot be dropped, what is unique, the older. */
bool Outranks(const ExistingIndex &left, const ExistingIndex &right, const TableInfo &table)
{
    const auto rank = [&](const ExistingIndex &index) {
        return std::make_tuple(MayBeDropped(index, table), !index.spec.unique, index.oid);
    };
    return rank(left) < rank(right);
}

class Dropper
{
  public:
    Dropper(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
            const Vector<IndexId> &created, Deadline &deadline, Advice *advice)
        : evaluator_(evaluator), model_(evaluator.Model()), writes_(workload, catalog), deadline_(deadline),
          advice_(advice), creations_(created.size())
    {
        now_.created = created;
        std::sort(now_.created.begin(), now_.created.end());
    }

    void Run(const TableInfo &table)
    {
        Vector<const ExistingIndex *> indexes;
        for (const ExistingIndex &index : table.indexes)
            indexes.push_back(&index);
        /* the largest first: of three in a chain each is compared with what is left */
        std::sort(indexes.begin(), indexes.end(), [](const ExistingIndex *left, const ExistingIndex *right) {
            return left->bytes != right->bytes ? left->bytes > right->bytes : left->name < right->name;
        });
        for (const ExistingIndex *index : indexes)
            if (MayBeDropped(*index, table))
                Try(*index, table);
    }

  private:
    bool Gone(const ExistingIndex &index) const
    {
        return std::binary_search(now_.hidden.begin(), now_.hidden.end(), index.oid);
    }

    bool FindReplacement(const ExistingIndex &index, const TableInfo &table, Replacement *found) const
    {
        found->dropped = &index;
        for (const ExistingIndex &other : table.indexes)
        {
            if (&other == &index || !other.valid || Gone(other) || !IsPrefixOf(index.spec, other.spec))
                continue;
            if (index.spec.unique && !SamePromise(index, other))
                continue;
            IndexSpec plain = other.spec;
            plain.unique = index.spec.unique;
            found->same = Equivalent(index.spec, plain);
            if (IsPrefixOf(other.spec, index.spec) && !Outranks(other, index, table))
                continue;
            found->by = other.name;
            return true;
        }
        for (std::size_t i = 0; i < creations_ && !index.spec.unique; i++)
            if (IsPrefixOf(index.spec, advice_->suggestions[i].index))
            {
                found->suggestion = i;
                found->same = Equivalent(index.spec, advice_->suggestions[i].index);
                return true;
            }
        return false;
    }

    /* By how much the workload gets dearer; nothing if one of its queries does by more than the guard allows, or
     * fails, or if the time is up. */
    std::optional<double> Rise(const Configuration &with, double *dearest_rise)
    {
        double sum = 0;
        for (const Slot &slot : evaluator_.Slots())
        {
            if (!slot.alive)
                continue;
            if (deadline_.Passed())
                return std::nullopt;
            try
            {
                const double before = model_.Cost(slot.query, now_).cost;
                const double after = model_.Cost(slot.query, with).cost;
                if (after > before * thresholds::kGuardFactor + thresholds::kGuardUnits)
                    return std::nullopt;
                sum += slot.weight * (after - before);
                if (before > 0)
                    *dearest_rise = std::max(*dearest_rise, after / before - 1);
            }
            catch (const Failure &)
            {
                return std::nullopt;
            }
        }
        return sum;
    }

    void Try(const ExistingIndex &index, const TableInfo &table)
    {
        Suggestion suggestion;
        if (!FindReplacement(index, table, &suggestion.replacement))
            return;
        Configuration without = now_;
        without.hidden.insert(std::lower_bound(without.hidden.begin(), without.hidden.end(), index.oid), index.oid);
        const std::optional<double> rise = Rise(without, &suggestion.replacement.dearest_rise);
        if (!rise)
            return;
        suggestion.index = index.spec;
        suggestion.bytes = index.bytes;
        suggestion.cost_before = advice_->cost_after;
        suggestion.cost_after = advice_->cost_after = suggestion.cost_before + *rise;
        if (advice_->cost_before > 0)
            suggestion.improvement = -*rise / advice_->cost_before;
        suggestion.write_overhead = -writes_.Of(index.spec, GuessedSize(index.bytes));
        advice_->suggestions.push_back(std::move(suggestion));
        now_ = std::move(without);
    }

    const Evaluator &evaluator_;
    CostModel &model_;
    const WriteCosts writes_;
    Deadline &deadline_;
    Advice *advice_;
    const std::size_t creations_;
    Configuration now_;
};

} // namespace

void SuggestDrops(const Vector<StatementInfo> &workload, const Catalog &catalog, Evaluator &evaluator,
                  const Vector<IndexId> &created, Deadline &deadline, Advice *advice)
{
    Dropper dropper(workload, catalog, evaluator, created, deadline, advice);
    Map<std::pair<String, String>, const TableInfo *> tables; /* by name: the order does not depend on OIDs */
    for (const auto &[oid, table] : catalog)
        tables.emplace(std::make_pair(table.schema, table.name), &table);
    for (const auto &[name, table] : tables)
        dropper.Run(*table);
}

} // namespace pg_advisor
