/*
 * Coverage of candidates by existing indexes and by each other; which columns an index depends on.
 *
 * Pure comparisons of definitions; nothing here asks the planner.
 */
#include "advise/redundancy.hpp"

#include <algorithm>
#include <tuple>

namespace pg_advisor
{
namespace
{

bool IsWordByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || byte == '_' || byte == '$' || (byte >= '0' && byte <= '9') ||
           (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* The definition from the access method on: what IndexSpec leaves out (operator class and storage options) too. */
std::string_view Body(const ExistingIndex &index)
{
    const std::string_view definition = index.definition;
    String method(" USING ");
    method.append(index.spec.access_method).append(" (");
    const std::size_t at = definition.find(method);
    return at == std::string_view::npos ? definition : definition.substr(at);
}

/* What the specification does not tell: UNIQUE NULLS NOT DISTINCT is another promise than UNIQUE, one that is kept
 * later serves nothing that needs it at once, and options decide what some methods find, and how fast. */
bool SamePromise(const ExistingIndex &index, const ExistingIndex &other)
{
    constexpr std::string_view clause = "NULLS NOT DISTINCT";
    const String &method = index.spec.access_method;
    if (index.spec.unique && other.deferrable && !index.deferrable)
        return false;
    if (method != "btree" && method != "hash")
        return Body(index) == Body(other);
    return !index.spec.unique ||
           (index.definition.find(clause) == String::npos) == (other.definition.find(clause) == String::npos);
}

/* Of two that can stand in for each other the one to keep: what cannot be dropped, what is unique, the older. */
bool Outranks(const ExistingIndex &left, const ExistingIndex &right)
{
    const auto rank = [](const ExistingIndex &index) {
        return std::make_tuple(NeededFor(index).empty(), !index.spec.unique, index.oid);
    };
    return rank(left) < rank(right);
}

} // namespace

std::string_view NeededFor(const ExistingIndex &index)
{
    if (index.constraint)
        return "constraint";
    if (index.replica_identity)
        return "replica identity";
    if (index.attached)
        return "partitioned index";
    if (index.clustered)
        return "CLUSTER";
    return {};
}

Cover FindCover(const ExistingIndex &index, const TableInfo &table, const Vector<Oid32> &gone)
{
    for (const ExistingIndex &other : table.indexes)
    {
        if (&other == &index || !other.valid || std::binary_search(gone.begin(), gone.end(), other.oid) ||
            !IsPrefixOf(index.spec, other.spec) || !SamePromise(index, other))
            continue;
        if (IsPrefixOf(other.spec, index.spec) && !Outranks(other, index))
            continue;
        return {&other, Equivalent(index.spec, other.spec)};
    }
    return {};
}

Vector<const ExistingIndex *> LargestFirst(const TableInfo &table)
{
    Vector<const ExistingIndex *> indexes;
    for (const ExistingIndex &index : table.indexes)
        indexes.push_back(&index);
    std::sort(indexes.begin(), indexes.end(), [](const ExistingIndex *left, const ExistingIndex *right) {
        return left->bytes != right->bytes ? left->bytes > right->bytes : left->name < right->name;
    });
    return indexes;
}

Vector<RedundantIndex> FindRedundant(const TableInfo &table)
{
    Vector<RedundantIndex> found;
    Vector<Oid32> gone;
    for (const ExistingIndex *index : LargestFirst(table))
    {
        if (!index->valid || !(NeededFor(*index).empty() || index->constraint))
            continue;
        const Cover cover = FindCover(*index, table, gone);
        if (cover.index == nullptr)
            continue;
        found.push_back({index, cover});
        gone.insert(std::lower_bound(gone.begin(), gone.end(), index->oid), index->oid);
    }
    return found;
}

const ExistingIndex *ServedBy(const IndexSpec &candidate, const TableInfo &table)
{
    for (const ExistingIndex &existing : table.indexes)
        if (existing.valid && IsPrefixOf(candidate, existing.spec))
            return &existing;
    return nullptr;
}

bool MayBeDropped(const ExistingIndex &index, const TableInfo &table)
{
    return index.valid && NeededFor(index).empty() && !table.partitioned && !table.catalog && !table.temporary;
}

namespace
{

/* The same index without what only constraints care for. */
IndexSpec Plain(const ExistingIndex &existing)
{
    IndexSpec plain = existing.spec;
    plain.unique = false;
    return plain;
}

} // namespace

bool BeginsWith(const IndexSpec &candidate, const ExistingIndex &existing)
{
    return existing.valid && IsPrefixOf(Plain(existing), candidate);
}

const ExistingIndex *NarrowTwin(const IndexSpec &candidate, const TableInfo &table)
{
    for (const ExistingIndex &existing : table.indexes)
        if (existing.spec.keys.size() == candidate.keys.size() && BeginsWith(candidate, existing))
            return &existing;
    return nullptr;
}

std::size_t UniqueKeys(const IndexSpec &candidate, const TableInfo &table)
{
    std::size_t least = 0;
    for (const ExistingIndex &existing : table.indexes)
    {
        IndexSpec keys = Plain(existing);
        keys.include.clear();
        if (existing.valid && existing.spec.unique && existing.spec.predicate.empty() &&
            IsPrefixOf(keys, candidate) && (least == 0 || keys.keys.size() < least))
            least = keys.keys.size();
    }
    return least;
}

Overlap Compare(const IndexSpec &first, const IndexSpec &second)
{
    if (Equivalent(first, second))
        return Overlap::Same;
    if (IsPrefixOf(first, second))
        return Overlap::Narrower;
    if (IsPrefixOf(second, first))
        return Overlap::Wider;
    return Overlap::None;
}

bool MentionsIdentifier(std::string_view sql, std::string_view name)
{
    for (std::size_t i = 0; i < sql.size();)
    {
        if (sql[i] == '\'' || sql[i] == '"')
        {
            const char quote = sql[i++];
            String body;
            while (i < sql.size() && (sql[i] != quote || (i + 1 < sql.size() && sql[i + 1] == quote)))
            {
                if (sql[i] == quote)
                    i++;
                body += sql[i++];
            }
            i++;
            if (quote == '"' && body == name)
                return true;
            continue;
        }
        if (!IsWordByte(sql[i]))
        {
            i++;
            continue;
        }
        const std::size_t start = i;
        while (i < sql.size() && IsWordByte(sql[i]))
            i++;
        if (sql.substr(start, i - start) == name)
            return true;
    }
    return false;
}

bool DependsOn(const IndexSpec &index, const ColumnInfo &column)
{
    if (std::find(index.include.begin(), index.include.end(), column.number) != index.include.end())
        return true;
    for (const KeyPart &key : index.keys)
        if (key.column == column.number || (key.column == 0 && MentionsIdentifier(key.expression, column.name)))
            return true;
    return !index.predicate.empty() && MentionsIdentifier(index.predicate, column.name);
}

} // namespace pg_advisor
