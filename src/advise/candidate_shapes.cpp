/*
 * Rules on keys, INCLUDE variants and merges of the candidates of one table.
 *
 * The rules are the false-positive guards of the research: constant columns, hardly distinct leading
 * columns, keys too wide for a B-tree page, INCLUDE of wide columns or of a table that is not all-visible.
 */
#include "advise/candidate_shapes.hpp"

#include "advise/candidates.hpp"
#include "advise/redundancy.hpp"
#include "advise/thresholds.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

bool Contains(const Vector<KeyPart> &keys, const KeyPart &key)
{
    return std::any_of(keys.begin(), keys.end(), [&key](const KeyPart &other) { return other.SameColumn(key); });
}

/* The first `count` keys of both are the same set. */
bool SameBlock(const Vector<KeyPart> &left, const Vector<KeyPart> &right, std::size_t count)
{
    if (left.size() < count || right.size() < count)
        return false;
    const Vector<KeyPart> block(right.begin(), right.begin() + static_cast<std::ptrdiff_t>(count));
    return std::all_of(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count),
                       [&block](const KeyPart &key) { return Contains(block, key); });
}

/* Whoever has expressions in the merged index; false if two different users have. */
bool MergeUsers(const IndexSpec &second, IndexSpec &merged)
{
    if (!second.HasExpressions())
        return true;
    if (merged.HasExpressions())
        return merged.user.oid == second.user.oid;
    merged.user = second.user;
    return true;
}

/* INCLUDE columns apart. */
bool SameKeys(IndexSpec left, IndexSpec right)
{
    left.include.clear();
    right.include.clear();
    return Equivalent(left, right);
}

void SetPredicate(IndexSpec &index, const ClauseFact *predicate)
{
    if (predicate == nullptr)
        return;
    index.predicate = predicate->constant_predicate;
    index.predicate_node = predicate->constant_predicate_node;
}

} // namespace

void NormaliseDirection(Vector<KeyPart> &keys, std::size_t from)
{
    if (from >= keys.size())
        return;
    std::size_t descending = 0;
    for (std::size_t i = from; i < keys.size(); i++)
        descending += keys[i].descending;
    const std::size_t ascending = keys.size() - from - descending;
    if (descending < ascending || (descending == ascending && !keys[from].descending))
        return;
    for (std::size_t i = from; i < keys.size(); i++)
        keys[i] = Reversed(keys[i]);
}

double CandidateShapes::DistinctOf(const KeyPart &key) const
{
    const ColumnInfo *column = key.column == 0 ? nullptr : table_.Column(key.column);
    return column == nullptr ? 0 : EffectiveDistinct(*column);
}

bool CandidateShapes::UsableKey(const KeyPart &key) const
{
    if (key.column == 0)
        return !key.expression.empty() &&
               std::find(table_.overlong.begin(), table_.overlong.end(), key.expression_node) == table_.overlong.end();
    const ColumnInfo *column = table_.Column(key.column);
    if (column == nullptr || !(column->indexable || key.opclass != 0))
        return false;
    if (column->average_width > thresholds::kMaxKeyWidth || column->overlong)
        return false;
    const double distinct = EffectiveDistinct(*column);
    return distinct == 0 || distinct > 1;
}

bool CandidateShapes::KeysAllowed(const Vector<KeyPart> &keys, std::size_t equalities, bool partial) const
{
    if (keys.empty() || keys.size() > thresholds::kMaxKeys)
        return false;
    double width = 0;
    for (const KeyPart &key : keys)
    {
        const ColumnInfo *column = table_.Column(key.column);
        width += column == nullptr ? 0 : column->average_width;
        /* the key of a partial index may well be the one column its predicate holds constant */
        if (!UsableKey(key) && !(partial && keys.size() == 1))
            return false;
    }
    if (width > thresholds::kMaxKeyWidth)
        return false;
    const double leading = DistinctOf(keys.front());
    const bool hardly_distinct = leading > 0 && leading <= thresholds::kLowDistinct;
    return partial || !hardly_distinct || (equalities > 0 && keys.size() > 1);
}

void SortInclude(Vector<std::int16_t> &include)
{
    std::sort(include.begin(), include.end());
    include.erase(std::unique(include.begin(), include.end()), include.end());
}

bool IncludeAllowed(const TableInfo &table, const Vector<std::int16_t> &include)
{
    if (include.size() > thresholds::kMaxInclude)
        return false;
    double total = 0;
    for (std::int16_t number : include)
    {
        const ColumnInfo *column = table.Column(number);
        if (column == nullptr || column->average_width > thresholds::kMaxIncludeColumn || column->overlong)
            return false;
        total += column->average_width;
    }
    return total <= thresholds::kMaxIncludeWidth;
}

Vector<std::int16_t> CandidateShapes::IncludeFor(const Vector<KeyPart> &keys,
                                                 const Vector<std::int16_t> &needed) const
{
    Vector<std::int16_t> include;
    for (std::int16_t column : needed)
    {
        if (column <= 0)
            return {}; /* whole rows and system columns come from the heap */
        if (std::none_of(keys.begin(), keys.end(), [column](const KeyPart &key) { return key.column == column; }))
            include.push_back(column);
    }
    SortInclude(include);
    if (!IncludeAllowed(table_, include))
        include.clear();
    return include;
}

/* Behind the keys of a unique index others are nothing but columns to be read without a visit to the table. */
bool CandidateShapes::LeaveUniqueKeys(Shape &shape) const
{
    Vector<KeyPart> &keys = shape.index.keys;
    const std::size_t unique = shape.index.access_method == "btree" ? UniqueKeys(shape.index, table_) : 0;
    if (unique == 0 || unique == keys.size())
        return true;
    for (std::size_t i = unique; i < keys.size(); i++)
    {
        if (keys[i].column <= 0)
            return false;
        shape.index.include.push_back(keys[i].column);
    }
    SortInclude(shape.index.include);
    keys.resize(unique);
    shape.equalities = std::min(shape.equalities, unique);
    return table_.all_visible > thresholds::kMinAllVisible && IncludeAllowed(table_, shape.index.include);
}

/* What takes the place of an existing index has all of its columns. */
bool CandidateShapes::TakeOverIncludes(Shape &shape) const
{
    Vector<std::int16_t> &include = shape.index.include;
    if (include.empty())
        return true;
    const std::size_t own = include.size();
    for (const ExistingIndex &existing : table_.indexes)
        if (existing.valid && !existing.spec.include.empty() && SameKeys(existing.spec, shape.index))
            include.insert(include.end(), existing.spec.include.begin(), existing.spec.include.end());
    if (include.size() == own)
        return true;
    SortInclude(include);
    return IncludeAllowed(table_, include);
}

/* Queries filter the rows out for which the expression fails; to build an index is to evaluate it for all. */
bool CandidateShapes::Fails(const KeyPart &key) const
{
    return key.column == 0 &&
           std::find(table_.failing.begin(), table_.failing.end(), key.expression_node) != table_.failing.end();
}

bool CandidateShapes::CanBeBuilt(const Vector<KeyPart> &keys, const ClauseFact *predicate) const
{
    return (predicate == nullptr || !Fails(predicate->key)) &&
           std::none_of(keys.begin(), keys.end(), [&](const KeyPart &key) { return Fails(key); });
}

void CandidateShapes::Insert(Shape shape)
{
    if (!LeaveUniqueKeys(shape) || !TakeOverIncludes(shape))
        return;
    /* An INCLUDE twin may take the place of an existing index, or stand beside a unique one; the cleanup of the search
     * asks whether it is worth it. Beside a wider index it is not tried. */
    IndexSpec keys_only = shape.index;
    keys_only.include.clear();
    if (const ExistingIndex *served = ServedBy(keys_only, table_))
        if (shape.index.include.empty() || ServedBy(shape.index, table_) != nullptr ||
            NarrowTwin(shape.index, table_) == nullptr || served->spec.keys.size() > shape.index.keys.size())
            return;
    String key = CanonicalKey(shape.index);
    const auto found = shapes_.find(key);
    if (found == shapes_.end())
        shapes_.emplace(std::move(key), std::move(shape));
    else
        found->second.equalities = std::max(found->second.equalities, shape.equalities);
}

void CandidateShapes::Emit(const Vector<KeyPart> &keys, std::size_t equalities, const ClauseFact *predicate,
                           Cover cover)
{
    if (!CanBeBuilt(keys, predicate))
        return;
    Shape shape;
    shape.index.relation = table_.oid;
    shape.index.user = user_;
    for (const KeyPart &key : keys)
        if (!Contains(shape.index.keys, key))
            shape.index.keys.push_back(key);
    /* equalities do not care about direction */
    for (std::size_t i = 0; i < equalities && i < shape.index.keys.size(); i++)
        shape.index.keys[i].descending = shape.index.keys[i].nulls_first = false;
    shape.equalities = equalities;
    NormaliseDirection(shape.index.keys, equalities);
    SetPredicate(shape.index, predicate);
    if (!KeysAllowed(shape.index.keys, equalities, predicate != nullptr))
        return;
    Insert(shape);
    if (cover.needed == nullptr || table_.all_visible <= thresholds::kMinAllVisible)
        return;
    /* Of an expression nothing is known before it is indexed: the planner takes half a percent of the rows for equal,
     * and visits that are spared would be counted that nobody makes. */
    if (std::any_of(shape.index.keys.begin(), shape.index.keys.end(),
                    [](const KeyPart &key) { return key.column == 0; }))
        return;
    shape.index.include = IncludeFor(shape.index.keys, *cover.needed);
    if (shape.index.include.empty())
        return;
    Insert(shape);
    /* a condition that the predicate implies is not checked again: its column is often not needed at all */
    if (predicate != nullptr && std::erase(shape.index.include, predicate->key.column) != 0 &&
        !shape.index.include.empty())
        Insert(std::move(shape));
}

void CandidateShapes::EmitOther(const String &method, const Vector<KeyPart> &keys, const ClauseFact *predicate)
{
    if (!CanBeBuilt(keys, predicate))
        return;
    Shape shape;
    shape.index.relation = table_.oid;
    shape.index.user = user_;
    shape.index.access_method = method;
    shape.index.keys = keys;
    for (KeyPart &key : shape.index.keys)
        key.descending = key.nulls_first = false;
    SetPredicate(shape.index, predicate);
    Insert(std::move(shape));
}

void CandidateShapes::AddMerges(std::size_t limit)
{
    Vector<Shape> shapes;
    for (const auto &[name, shape] : shapes_)
        if (shape.index.access_method == "btree")
            shapes.push_back(shape);
    Vector<Shape> merged;
    for (const Shape &first : shapes)
        for (const Shape &second : shapes)
        {
            if (&first == &second || first.index.predicate_node != second.index.predicate_node)
                continue;
            Shape both = first;
            if (!MergeUsers(second.index, both.index))
                continue;
            for (const KeyPart &key : second.index.keys)
                if (!Contains(both.index.keys, key))
                    both.index.keys.push_back(key);
            if (both.index.keys.size() > thresholds::kMaxKeys)
                continue;
            /* the second query still finds all its equalities in front and its tail behind them */
            const std::size_t block = second.equalities;
            if (block == 0 || !SameBlock(both.index.keys, second.index.keys, block))
                continue;
            bool tail_follows = true;
            for (std::size_t i = block; i < second.index.keys.size(); i++)
                tail_follows = tail_follows && both.index.keys[i] == second.index.keys[i];
            if (!tail_follows)
                continue;
            Vector<std::int16_t> include;
            for (const Vector<std::int16_t> *list : {&first.index.include, &second.index.include})
                for (std::int16_t column : *list)
                    if (std::none_of(both.index.keys.begin(), both.index.keys.end(),
                                     [column](const KeyPart &key) { return key.column == column; }))
                        include.push_back(column);
            SortInclude(include);
            both.index.include = IncludeAllowed(table_, include) ? include : Vector<std::int16_t>();
            both.equalities = std::min(first.equalities, block);
            if (shapes_.contains(CanonicalKey(both.index)))
                continue;
            merged.push_back(std::move(both));
            if (merged.size() >= limit)
                break;
        }
    for (Shape &shape : merged)
        if (KeysAllowed(shape.index.keys, shape.equalities, !shape.index.predicate.empty()))
            Insert(std::move(shape));
}

} // namespace pg_advisor
