/*
 * Candidates of a workload: per query and table, then merged across queries.
 *
 * The partial orders are those of AIM and of docs on B-tree use: any permutation of the equalities, then the
 * requested order or the best range. Which of them the planner likes is for the what-if calls to find out.
 */
#include "advise/candidates.hpp"

#include "advise/candidate_shapes.hpp"
#include "advise/other_candidates.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kMaxMerges = 200; /* per table */
constexpr std::size_t kMaxOrders = 6;   /* per table and query */
constexpr std::size_t kMaxRanges = 3;

using Cover = CandidateShapes::Cover;

/* One column that a query compares, all its clauses taken together. */
struct Part
{
    KeyPart key;
    double selectivity = 1;
};

using Sharing = Map<std::pair<Oid32, String>, double>;

String KeyName(const KeyPart &key)
{
    IndexSpec one;
    one.keys.push_back(key);
    one.keys.front().descending = one.keys.front().nulls_first = false;
    return CanonicalKey(one);
}

bool SameKey(const KeyPart &left, const KeyPart &right)
{
    return left.SameColumn(right) && left.opclass == right.opclass && left.collation == right.collation;
}

/* The others are predicates only. */
bool CanBeKey(const ClauseFact &clause)
{
    return IsEquality(clause) || clause.kind == ClauseKind::Range;
}

void AddPart(Vector<Part> &parts, const ClauseFact &clause)
{
    for (Part &part : parts)
        if (SameKey(part.key, clause.key))
        {
            part.selectivity *= clause.selectivity;
            return;
        }
    parts.push_back({clause.key, clause.selectivity});
}

bool BySelectivity(const Part &left, const Part &right)
{
    return left.selectivity != right.selectivity ? left.selectivity < right.selectivity
                                                 : KeyName(left.key) < KeyName(right.key);
}

/* All that is emitted for one table of one query. */
class QueryShapes
{
  public:
    QueryShapes(const RelationFacts &facts, const TableInfo &table, const Sharing &sharing, CandidateShapes &out)
        : facts_(facts), table_(table), sharing_(sharing), out_(out)
    {
        orders_ = UsableOrders();
    }

    void Emit()
    {
        EmitSets(nullptr);
        EmitOrArms();
        EmitOtherMethods(facts_, table_, nullptr, out_);
        EmitBrin(facts_, table_, out_);
        EmitHash(facts_, table_, out_);
    }

    /* Only the remaining clauses become keys of an index WHERE `predicate`. */
    void EmitPartial(const ClauseFact &predicate)
    {
        bool any = EmitSets(&predicate);
        any = EmitOtherMethods(facts_, table_, &predicate, out_) || any;
        if (!any)
            out_.Emit({predicate.key}, 1, &predicate, {&facts_.needed});
    }

  private:
    bool EmitSets(const ClauseFact *predicate)
    {
        Set<std::uint64_t> outers{0};
        std::uint64_t all = 0;
        for (const ClauseFact &clause : facts_.clauses)
            if (clause.outer != 0 && !clause.in_or)
            {
                outers.insert(clause.outer);
                all |= clause.outer;
            }
        outers.insert(all);
        bool any = false;
        for (std::uint64_t outer : outers)
            any = EmitFor(outer, predicate) || any;
        return any;
    }

    /* Restrictions plus the join clauses to a subset of `outer`. */
    bool EmitFor(std::uint64_t outer, const ClauseFact *predicate)
    {
        Vector<Part> equalities, ranges;
        for (const ClauseFact &clause : facts_.clauses)
        {
            if (clause.in_or || (clause.outer & ~outer) != 0 || !CanBeKey(clause) || !out_.UsableKey(clause.key))
                continue;
            if (HoldsConstant(predicate, clause.key))
                continue; /* the predicate has it */
            AddPart(IsEquality(clause) ? equalities : ranges, clause);
        }
        equalities = ReducingParts(std::move(equalities));
        std::stable_sort(ranges.begin(), ranges.end(), BySelectivity);
        std::erase_if(ranges, [&](const Part &range) {
            return std::any_of(equalities.begin(), equalities.end(),
                               [&](const Part &part) { return part.key.SameColumn(range.key); });
        });
        if (ranges.size() > kMaxRanges)
            ranges.resize(kMaxRanges);

        const std::size_t count = std::min(equalities.size(), thresholds::kMaxBlock);
        for (unsigned subset = 1; subset < (1U << count); subset++)
        {
            Vector<Part> block;
            for (std::size_t i = 0; i < count; i++)
                if (subset & (1U << i))
                    block.push_back(equalities[i]);
            EmitBlock(block, ranges, predicate);
        }
        if (equalities.size() == thresholds::kMaxKeys)
            EmitBlock(equalities, ranges, predicate);
        EmitWithoutEquality(equalities, ranges, predicate);
        return !equalities.empty() || !ranges.empty() || !orders_.empty();
    }

    /* The most selective first; further ones only while they still exclude rows worth excluding. */
    Vector<Part> ReducingParts(Vector<Part> parts) const
    {
        std::stable_sort(parts.begin(), parts.end(), BySelectivity);
        Vector<Part> kept;
        double rows = table_.rows;
        for (Part &part : parts)
        {
            if (!kept.empty() && (part.selectivity > 1 - thresholds::kMinRowReduction || rows <= 1.5))
                break; /* sorted: the rest reduces even less */
            rows *= part.selectivity;
            kept.push_back(std::move(part));
        }
        return kept;
    }

    double SharingOf(const KeyPart &key) const
    {
        const auto found = sharing_.find({table_.oid, KeyName(key)});
        return found == sharing_.end() ? 0 : found->second;
    }

    /* Two orders of the same equalities: shared with other queries first, and most selective first. A
     * column of two values never leads when there is another. */
    void EmitBlock(Vector<Part> block, const Vector<Part> &ranges, const ClauseFact *predicate)
    {
        const auto low = [this](const Part &part) {
            const double distinct = out_.DistinctOf(part.key);
            return distinct > 0 && distinct <= thresholds::kLowDistinct;
        };
        std::stable_sort(block.begin(), block.end(), BySelectivity);
        std::stable_partition(block.begin(), block.end(), [&](const Part &part) { return !low(part); });
        EmitOrdered(block, ranges, predicate);
        std::stable_sort(block.begin(), block.end(), [&](const Part &left, const Part &right) {
            return std::make_pair(low(left), -SharingOf(left.key)) <
                   std::make_pair(low(right), -SharingOf(right.key));
        });
        EmitOrdered(block, ranges, predicate);
    }

    void EmitOrdered(const Vector<Part> &block, const Vector<Part> &ranges, const ClauseFact *predicate)
    {
        Vector<KeyPart> keys;
        double selectivity = 1;
        for (const Part &part : block)
        {
            keys.push_back(part.key);
            selectivity *= part.selectivity;
        }
        const std::size_t equalities = keys.size();
        if (selectivity <= thresholds::kMaxSelectivity || predicate != nullptr)
            out_.Emit(keys, equalities, predicate, {&facts_.needed});
        for (const Part &range : ranges)
        {
            keys.push_back(range.key);
            out_.Emit(keys, equalities, predicate, {&facts_.needed});
            keys.pop_back();
        }
        for (const Vector<KeyPart> &order : orders_)
            EmitWithOrder(keys, order, ranges, predicate);
    }

    /* `keys` = equalities, then every prefix of the order; then one range as a filter inside the index. */
    void EmitWithOrder(const Vector<KeyPart> &keys, const Vector<KeyPart> &order, const Vector<Part> &ranges,
                       const ClauseFact *predicate)
    {
        Vector<KeyPart> ordered = keys;
        for (const KeyPart &key : order)
        {
            if (ordered.size() >= thresholds::kMaxKeys)
                break;
            if (std::any_of(keys.begin(), keys.end(), [&](const KeyPart &k) { return k.SameColumn(key); }))
                continue; /* constant within the equalities */
            if (HoldsConstant(predicate, key))
                continue; /* constant within the predicate */
            ordered.push_back(key);
            const Cover cover{facts_.limited || !keys.empty() ? &facts_.needed : nullptr};
            out_.Emit(ordered, keys.size(), predicate, cover);
        }
        if (!facts_.limited || ordered.size() >= thresholds::kMaxKeys)
            return;
        for (const Part &range : ranges)
        {
            ordered.push_back(range.key);
            out_.Emit(ordered, keys.size(), predicate, {&facts_.needed});
            ordered.pop_back();
        }
    }

    void EmitWithoutEquality(const Vector<Part> &equalities, const Vector<Part> &ranges,
                             const ClauseFact *predicate)
    {
        for (const Part &range : ranges)
            out_.Emit({range.key}, 0, predicate, {&facts_.needed});
        double passed = 1;
        for (const Part &part : equalities)
            passed *= part.selectivity;
        if (facts_.limited && passed < thresholds::kMinPassedByOrder)
            return; /* with unlucky constants it would read the whole table in order */
        for (const Vector<KeyPart> &order : orders_)
            EmitWithOrder({}, order, ranges, predicate);
    }

    /* Each arm needs an index of its own; a bitmap OR joins them. */
    void EmitOrArms()
    {
        for (const ClauseFact &arm : facts_.clauses)
        {
            if (!arm.in_or || !CanBeKey(arm) || !out_.UsableKey(arm.key))
                continue;
            const std::size_t equalities = IsEquality(arm) ? 1 : 0;
            out_.Emit({arm.key}, equalities, nullptr, {});
            for (const ClauseFact &other : facts_.clauses)
            {
                if (other.outer != 0 || !IsEquality(other) || !out_.UsableKey(other.key) ||
                    other.key.SameColumn(arm.key))
                    continue;
                /* an AND inside the arm, as of pairs of values: one order is enough; or a condition outside the OR */
                const bool inside = equalities == 1 && std::tuple(other.selectivity, KeyName(other.key)) <
                                                           std::tuple(arm.selectivity, KeyName(arm.key));
                if (other.selectivity <= 1 - thresholds::kMinRowReduction && (!other.in_or || inside))
                    out_.Emit({other.key, arm.key}, 1 + equalities, nullptr, {});
            }
        }
    }

    Vector<Vector<KeyPart>> UsableOrders() const
    {
        Vector<Vector<KeyPart>> orders;
        for (const Vector<KeyPart> &order : facts_.orders)
        {
            Vector<KeyPart> usable;
            for (const KeyPart &key : order)
            {
                if (!out_.UsableKey(key))
                    break;
                usable.push_back(key);
            }
            if (!usable.empty() && std::find(orders.begin(), orders.end(), usable) == orders.end())
                orders.push_back(std::move(usable));
            if (orders.size() >= kMaxOrders)
                break;
        }
        return orders;
    }

    const RelationFacts &facts_;
    const TableInfo &table_;
    const Sharing &sharing_;
    CandidateShapes &out_;
    Vector<Vector<KeyPart>> orders_;
};

/* In how many statements a column is compared for equality. */
Sharing CountSharing(const Vector<StatementInfo> &workload)
{
    Sharing sharing;
    for (const StatementInfo &statement : workload)
    {
        Set<std::pair<Oid32, String>> seen;
        for (const QueryFacts &facts : statement.facts)
            for (const RelationFacts &relation : facts.relations)
                for (const ClauseFact &clause : relation.clauses)
                    if (IsEquality(clause) && !clause.in_or)
                        seen.insert({relation.relation, KeyName(clause.key)});
        for (const auto &key : seen)
            sharing[key] += 1;
    }
    return sharing;
}

/* Predicates that every sample of the statement has, with the same constant. A parameter never shows up
 * here: its clause has no constant predicate, because a generic plan could not use the index. */
Vector<ClauseFact> ConstantPredicates(const StatementInfo &statement, const Catalog &catalog)
{
    const bool several = statement.facts.size() >= 2 || statement.calls >= 2 || statement.queryid == 0;
    if (!several || statement.facts.empty())
        return {};
    struct Seen
    {
        ClauseFact clause;
        std::size_t samples = 0;
    };
    Map<std::pair<Oid32, String>, Seen> seen;
    for (const QueryFacts &facts : statement.facts)
    {
        Set<std::pair<Oid32, String>> here;
        for (const RelationFacts &relation : facts.relations)
            for (const ClauseFact &clause : relation.clauses)
            {
                if (clause.constant_predicate.empty() || clause.outer != 0 || clause.in_or ||
                    clause.kind == ClauseKind::Range)
                    continue;
                const std::pair<Oid32, String> name{relation.relation, clause.constant_predicate_node.empty()
                                                                           ? clause.constant_predicate
                                                                           : clause.constant_predicate_node};
                Seen &entry = seen[name];
                if (entry.samples == 0 || clause.selectivity > entry.clause.selectivity)
                    entry.clause = clause;
                if (here.insert(name).second)
                    entry.samples++;
            }
    }
    Vector<ClauseFact> predicates;
    for (const auto &[name, entry] : seen)
    {
        if (entry.samples != statement.facts.size() ||
            entry.clause.selectivity > thresholds::kMaxPartialSelectivity)
            continue;
        const auto table = catalog.find(name.first);
        const ColumnInfo *column =
            table == catalog.end() ? nullptr : table->second.Column(entry.clause.key.column);
        const bool compares =
            entry.clause.kind == ClauseKind::Equality || entry.clause.kind == ClauseKind::NotEqual;
        if (column != nullptr && compares &&
            (column->distinct == 0 || column->distinct > thresholds::kMaxPartialDistinct))
            continue;
        predicates.push_back(entry.clause);
    }
    return predicates;
}

bool HasPredicate(const RelationFacts &relation, const ClauseFact &predicate)
{
    return std::any_of(relation.clauses.begin(), relation.clauses.end(), [&](const ClauseFact &clause) {
        return !clause.in_or && clause.outer == 0 && clause.constant_predicate == predicate.constant_predicate &&
               clause.constant_predicate_node == predicate.constant_predicate_node &&
               clause.key.SameColumn(predicate.key);
    });
}

} // namespace

double EffectiveDistinct(const ColumnInfo &column)
{
    return column.distinct == 0 ? 0 : column.distinct + (column.null_fraction > 0 ? 1 : 0);
}

bool TableEligible(const TableInfo &table)
{
    return table.ordinary && !table.temporary && !table.catalog && table.analyzed &&
           table.pages >= thresholds::kMinPages && table.rows >= thresholds::kMinRows;
}

bool MayUse(const QueryFacts &facts, const IndexSpec &index)
{
    for (const RelationFacts &relation : facts.relations)
    {
        if (relation.relation != index.relation)
            continue;
        for (const ClauseFact &clause : relation.clauses)
            for (const KeyPart &key : index.keys)
                if (key.SameColumn(clause.key))
                    return true;
        for (const Vector<KeyPart> &order : relation.orders)
            if (!order.empty() && order.front().SameColumn(index.keys.front()))
                return true;
        const bool covers = std::all_of(relation.needed.begin(), relation.needed.end(), [&](std::int16_t column) {
            return std::find(index.include.begin(), index.include.end(), column) != index.include.end() ||
                   std::any_of(index.keys.begin(), index.keys.end(),
                               [column](const KeyPart &key) { return key.column == column && column != 0; });
        });
        if (covers)
            return true;
    }
    return false;
}

namespace
{

bool Asks(const RelationFacts &relation, const KeyPart &key)
{
    return std::any_of(relation.clauses.begin(), relation.clauses.end(),
                       [&](const ClauseFact &clause) { return clause.key.SameColumn(key); }) ||
           std::any_of(relation.orders.begin(), relation.orders.end(), [&](const Vector<KeyPart> &order) {
               return std::any_of(order.begin(), order.end(),
                                  [&](const KeyPart &part) { return part.SameColumn(key); });
           });
}

bool Needs(const RelationFacts &relation, std::int16_t column)
{
    return std::find(relation.needed.begin(), relation.needed.end(), column) != relation.needed.end();
}

} // namespace

bool MadeFor(const QueryFacts &facts, const IndexSpec &index)
{
    return std::any_of(facts.relations.begin(), facts.relations.end(), [&](const RelationFacts &relation) {
        return relation.relation == index.relation &&
               std::all_of(index.keys.begin(), index.keys.end(),
                           [&](const KeyPart &key) { return Asks(relation, key) || Needs(relation, key.column); }) &&
               std::all_of(index.include.begin(), index.include.end(),
                           [&](std::int16_t column) { return Needs(relation, column); });
    });
}

Vector<IndexSpec> GenerateCandidates(const Vector<StatementInfo> &workload, const Catalog &catalog)
{
    const Sharing sharing = CountSharing(workload);
    Map<Oid32, CandidateShapes> shapes;
    for (const StatementInfo &statement : workload)
    {
        const Vector<ClauseFact> predicates = ConstantPredicates(statement, catalog);
        for (const QueryFacts &facts : statement.facts)
            for (const RelationFacts &relation : facts.relations)
            {
                const auto table = catalog.find(relation.relation);
                if (table == catalog.end() || !TableEligible(table->second))
                    continue;
                CandidateShapes &out = shapes.try_emplace(relation.relation, table->second).first->second;
                out.SetUser(facts.user);
                QueryShapes query(relation, table->second, sharing, out);
                query.Emit();
                for (const ClauseFact &predicate : predicates)
                    if (HasPredicate(relation, predicate))
                        query.EmitPartial(predicate);
            }
    }
    Map<String, IndexSpec> sorted;
    for (auto &[relation, table_shapes] : shapes)
    {
        table_shapes.AddMerges(kMaxMerges);
        for (const auto &[name, shape] : table_shapes.All())
            sorted.emplace(name, shape.index);
    }
    Vector<IndexSpec> candidates;
    for (auto &[name, index] : sorted)
        candidates.push_back(std::move(index));
    return candidates;
}

} // namespace pg_advisor
