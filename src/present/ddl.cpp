/*
 * DDL text of one index.
 *
 * A partitioned table cannot be indexed CONCURRENTLY as a whole: its index is created ON ONLY the parent,
 * which takes no time, each leaf's CONCURRENTLY, and attaching the last one makes the parent's valid.
 * Dropping the parent's index takes the attached ones with it, so that the undo is one statement, and one more for each
 * index that was there before and was attached. With foreign tables among the partitions the parent's index would never
 * become valid in this way: it comes last then, as a plain CREATE INDEX, which takes the leaves' indexes and leaves the
 * foreign tables out.
 */
#include "present/ddl.hpp"

#include "present/partition_index.hpp"

#include "base/failure.hpp"
#include "present/format.hpp"
#include "present/quote.hpp"

#include <algorithm>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kNameBytes = 63; /* NAMEDATALEN - 1 */

const ColumnInfo &ColumnOf(const TableInfo &table, std::int16_t number)
{
    const ColumnInfo *column = table.Column(number);
    if (column == nullptr)
        throw Failure("42703", Format("column number {} of \"{}\" does not exist", number, table.name));
    return *column;
}

/* What the server calls it: the function of a call, else "expr". */
String ExpressionName(const String &expression)
{
    std::size_t start = 0, end = 0;
    while (end < expression.size() && expression[end] != '(')
    {
        if (expression[end] == '.')
            start = end + 1;
        else if (!((expression[end] >= 'a' && expression[end] <= 'z') ||
                   (expression[end] >= '0' && expression[end] <= '9') || expression[end] == '_'))
            return "expr";
        end++;
    }
    return end == start || end == expression.size() ? String("expr") : expression.substr(start, end - start);
}

String ColumnsPart(const IndexSpec &index, const TableInfo &table)
{
    String columns;
    for (const KeyPart &key : index.keys)
    {
        if (!columns.empty())
            columns += '_';
        columns += key.column == 0 ? ExpressionName(key.expression) : ColumnOf(table, key.column).name;
    }
    return columns;
}

} // namespace

std::string_view ClipUtf8(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
        bytes--; /* text[bytes] continues a character */
    return text.substr(0, bytes);
}

String ObjectName(std::string_view table, std::string_view columns, std::string_view label)
{
    const std::size_t room = kNameBytes - label.size() - 2; /* two underscores */
    std::size_t table_bytes = table.size(), column_bytes = columns.size();
    while (table_bytes + column_bytes > room)
        (table_bytes > column_bytes ? table_bytes : column_bytes)--;
    return Format("{}_{}_{}", ClipUtf8(table, table_bytes), ClipUtf8(columns, column_bytes), label);
}

IndexDdl DropDdl(const ExistingIndex &index, const TableInfo &table)
{
    IndexDdl out;
    out.name = index.name;
    out.ddl = Format("DROP INDEX CONCURRENTLY {}", QuoteQualified(table.schema, index.name));
    out.undo = Recreation(index, false);
    return out;
}

String DdlWriter::FreeName(std::string_view schema, std::string_view table_name, const String &columns)
{
    for (int attempt = 0;; attempt++)
    {
        const String label = attempt == 0 ? String("idx") : Format("idx{}", attempt);
        String name = ObjectName(table_name, columns, label);
        if (given_.contains({String(schema), name}) || (names_.taken && names_.taken(schema, name)))
            continue;
        given_.insert({String(schema), name});
        return name;
    }
}

String DdlWriter::KeyText(const KeyPart &key, const TableInfo &table) const
{
    String text = key.column == 0 ? key.expression : QuoteIdentifier(ColumnOf(table, key.column).name);
    if (key.collation != 0)
    {
        if (!names_.collation)
            throw Failure("XX000", "no name for a collation of an index key");
        AppendFormat(text, " COLLATE {}", names_.collation(key.collation));
    }
    if (key.opclass != 0)
    {
        if (!names_.opclass)
            throw Failure("XX000", "no name for an operator class of an index key");
        AppendFormat(text, " {}", names_.opclass(key.opclass));
    }
    if (key.descending)
        text += " DESC";
    if (key.nulls_first != key.descending)
        text += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    return text;
}

String DdlWriter::Definition(const IndexSpec &index, const TableInfo &table) const
{
    String text = Format("USING {} (", QuoteIdentifier(index.access_method));
    for (std::size_t i = 0; i < index.keys.size(); i++)
        AppendFormat(text, "{}{}", i == 0 ? "" : ", ", KeyText(index.keys[i], table));
    text += ')';
    for (std::size_t i = 0; i < index.include.size(); i++)
        AppendFormat(text, "{}{}", i == 0 ? " INCLUDE (" : ", ",
                     QuoteIdentifier(ColumnOf(table, index.include[i]).name));
    if (!index.include.empty())
        text += ')';
    if (!index.predicate.empty())
        AppendFormat(text, " WHERE {}", index.predicate);
    return text;
}

/* What is being written for a partitioned table. */
struct DdlWriter::Script
{
    const IndexSpec &index;
    const TableInfo &table;
    String columns, definition;
    const char *unique;
    IndexDdl out;
};

/* Takes the index that is there, whose undo is to create it again; else creates one. */
void DdlWriter::WritePartition(const PartitionNode &node, const String &parent_index, Script &script)
{
    String &ddl = script.out.ddl;
    String qualified;
    if (const ExistingIndex *present = MatchingIndex(script.index, script.table, node, Directions::Same))
    {
        qualified = QuoteQualified(node.schema, present->name);
        AppendFormat(script.out.undo, ";\n{}", Recreation(*present, node.partitioned));
    }
    else
    {
        const String name = FreeName(node.schema, node.name, script.columns);
        qualified = QuoteQualified(node.schema, name);
        AppendFormat(ddl, ";\nCREATE {}INDEX {}{} ON {}{} {}", script.unique, node.partitioned ? "" : "CONCURRENTLY ",
                     QuoteIdentifier(name), node.partitioned ? "ONLY " : "", QuoteQualified(node.schema, node.name),
                     script.definition);
        for (const PartitionNode &child : node.children)
            WritePartition(child, qualified, script);
    }
    AppendFormat(ddl, ";\nALTER INDEX {} ATTACH PARTITION {}", parent_index, qualified);
}

/* Leaves alone: what is above them comes with the parent's index. The server takes an index of any directions. */
void DdlWriter::WriteWithForeign(const PartitionNode &node, Script &script)
{
    if (node.foreign)
        return;
    if (const ExistingIndex *present = MatchingIndex(script.index, script.table, node, Directions::Any))
    {
        AppendFormat(script.out.undo, ";\n{}", Recreation(*present, node.partitioned));
        return;
    }
    for (const PartitionNode &child : node.children)
        WriteWithForeign(child, script);
    if (!node.partitioned)
        AppendFormat(script.out.ddl, "CREATE {}INDEX CONCURRENTLY {} ON {} {};\n", script.unique,
                     QuoteIdentifier(FreeName(node.schema, node.name, script.columns)),
                     QuoteQualified(node.schema, node.name), script.definition);
}

IndexDdl DdlWriter::Write(const IndexSpec &index, const TableInfo &table, const Vector<PartitionNode> &partitions)
{
    Script script{index, table, ColumnsPart(index, table), Definition(index, table), index.unique ? "UNIQUE " : "", {}};
    IndexDdl &out = script.out;
    out.name = FreeName(table.schema, table.name, script.columns);
    const String name = QuoteIdentifier(out.name);
    const String qualified = QuoteQualified(table.schema, out.name);
    const String on = QuoteQualified(table.schema, table.name);
    if (!table.partitioned)
    {
        out.ddl = Format("CREATE {}INDEX CONCURRENTLY {} ON {} {}", script.unique, name, on, script.definition);
        out.undo = Format("DROP INDEX CONCURRENTLY {}", qualified);
        return out;
    }
    out.undo = Format("DROP INDEX {}", qualified);
    if (HasForeign(partitions))
    {
        for (const PartitionNode &node : partitions)
            WriteWithForeign(node, script);
        AppendFormat(out.ddl, "CREATE {}INDEX {} ON {} {}", script.unique, name, on, script.definition);
        return out;
    }
    out.ddl = Format("CREATE {}INDEX {} ON ONLY {} {}", script.unique, name, on, script.definition);
    for (const PartitionNode &node : partitions)
        WritePartition(node, qualified, script);
    return out;
}

} // namespace pg_advisor
