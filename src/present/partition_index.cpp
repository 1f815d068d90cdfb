/*
 * Compares indexes of two tables, parent and partition, by column names: see partition_index.hpp.
 */
#include "present/partition_index.hpp"

#include "present/quote.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

String NameOf(const TableInfo &table, std::int16_t column)
{
    const ColumnInfo *info = table.Column(column);
    return info == nullptr ? String() : info->name;
}

bool SameKey(const KeyPart &left, const TableInfo &left_table, const KeyPart &right, const TableInfo &right_table,
             Directions directions)
{
    if ((left.column == 0) != (right.column == 0) || left.opclass != right.opclass || left.collation != right.collation)
        return false;
    if (directions == Directions::Same &&
        (left.descending != right.descending || left.nulls_first != right.nulls_first))
        return false;
    return left.column == 0 ? left.expression == right.expression
                            : NameOf(left_table, left.column) == NameOf(right_table, right.column);
}

/* The server compares included columns one by one, too. */
bool SameDefinition(const IndexSpec &left, const TableInfo &left_table, const IndexSpec &right,
                    const TableInfo &right_table, Directions directions)
{
    if (left.access_method != right.access_method || left.unique != right.unique ||
        left.predicate != right.predicate || left.keys.size() != right.keys.size() ||
        left.include.size() != right.include.size())
        return false;
    for (std::size_t i = 0; i < left.keys.size(); i++)
        if (!SameKey(left.keys[i], left_table, right.keys[i], right_table, directions))
            return false;
    for (std::size_t i = 0; i < left.include.size(); i++)
        if (NameOf(left_table, left.include[i]) != NameOf(right_table, right.include[i]))
            return false;
    return true;
}

/* Puts `with` in the place of `part` in what comes after the name of the index, which can be anything. */
void ReplaceAfterName(String &text, const String &name, std::string_view part, std::string_view with)
{
    const String quoted = QuoteIdentifier(name);
    const std::size_t end = text.find(quoted);
    if (const std::size_t at = text.find(part, end == String::npos ? 0 : end + quoted.size()); at != String::npos)
        text.replace(at, part.size(), with);
}

} // namespace

const ExistingIndex *MatchingIndex(const IndexSpec &index, const TableInfo &parent, const PartitionNode &partition,
                                   Directions directions)
{
    if (partition.table == nullptr)
        return nullptr;
    for (const ExistingIndex &existing : partition.table->indexes)
        if (existing.valid && !existing.attached && !existing.constraint && !existing.definition.empty() &&
            SameDefinition(index, parent, existing.spec, *partition.table, directions))
            return &existing;
    return nullptr;
}

bool HasForeign(const Vector<PartitionNode> &partitions)
{
    return std::any_of(partitions.begin(), partitions.end(),
                       [](const PartitionNode &node) { return node.foreign || HasForeign(node.children); });
}

String Recreation(const ExistingIndex &index, bool partitioned)
{
    String text = index.definition;
    constexpr std::string_view create = "INDEX ";
    if (partitioned)
        ReplaceAfterName(text, index.name, " ON ONLY ", " ON ");
    else if (const std::size_t at = text.find(create); at != String::npos)
        text.insert(at + create.size(), "CONCURRENTLY ");
    return text + index.settings;
}

} // namespace pg_advisor
