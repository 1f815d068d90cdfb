/*
 * Coverage of candidates by existing indexes and by each other; which columns an index depends on.
 *
 * Pure comparisons of definitions; nothing here asks the planner.
 */
#include "advise/redundancy.hpp"

#include <algorithm>

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

} // namespace

const ExistingIndex *ServedBy(const IndexSpec &candidate, const TableInfo &table)
{
    for (const ExistingIndex &existing : table.indexes)
        if (existing.valid && IsPrefixOf(candidate, existing.spec))
            return &existing;
    return nullptr;
}

bool MayBeDropped(const ExistingIndex &index, const TableInfo &table)
{
    return index.valid && !index.constraint && !index.replica_identity && !index.attached && !index.clustered &&
           !table.partitioned && !table.catalog && !table.temporary;
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
