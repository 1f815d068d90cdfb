/*
 * Quoting of identifiers and literals, as quote_identifier() and quote_literal() do it.
 *
 * The keywords are those of src/include/parser/kwlist.h of PostgreSQL 15 to 18 that are not UNRESERVED:
 * reserved, type or function names, and column names. Quoting one too many does no harm.
 */
#include "present/quote.hpp"

#include <algorithm>
#include <iterator>

namespace pg_advisor
{
namespace
{

/* sorted: searched by bisection */
constexpr std::string_view kKeywords[] = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
    "between", "bigint", "binary", "bit", "boolean", "both", "case", "cast", "char", "character",
    "check", "coalesce", "collate", "collation", "column", "concurrently", "constraint", "create", "cross", "current_catalog",
    "current_date", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal", "default", "deferrable",
    "desc", "distinct", "do", "else", "end", "except", "exists", "extract", "false", "fetch",
    "float", "for", "foreign", "freeze", "from", "full", "grant", "greatest", "group", "grouping",
    "having", "ilike", "in", "initially", "inner", "inout", "int", "integer", "intersect", "interval",
    "into", "is", "isnull", "join", "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg",
    "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading", "least", "left", "like",
    "limit", "localtime", "localtimestamp", "merge_action", "national", "natural", "nchar", "none", "normalize", "not",
    "notnull", "null", "nullif", "numeric", "offset", "on", "only", "or", "order", "out",
    "outer", "overlaps", "overlay", "placing", "position", "precision", "primary", "real", "references", "returning",
    "right", "row", "select", "session_user", "setof", "similar", "smallint", "some", "substring", "symmetric",
    "system_user", "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat", "trim",
    "true", "union", "unique", "user", "using", "values", "varchar", "variadic", "verbose", "when",
    "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse",
    "xmlpi", "xmlroot", "xmlserialize", "xmltable",
};
static_assert(std::is_sorted(std::begin(kKeywords), std::end(kKeywords)));

bool IsPlain(std::string_view name)
{
    if (name.empty() || !((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_'))
        return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
    });
}

} // namespace

String QuoteIdentifier(std::string_view name)
{
    if (IsPlain(name) && !std::binary_search(std::begin(kKeywords), std::end(kKeywords), name))
        return String(name);
    String quoted = "\"";
    for (char c : name)
    {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    quoted += '"';
    return quoted;
}

String QuoteQualified(std::string_view schema, std::string_view name)
{
    if (schema.empty())
        return QuoteIdentifier(name);
    String qualified = QuoteIdentifier(schema);
    qualified += '.';
    qualified += QuoteIdentifier(name);
    return qualified;
}

String QuoteLiteral(std::string_view text)
{
    String quoted;
    if (text.find('\\') != std::string_view::npos)
        quoted += 'E';
    quoted += '\'';
    for (char c : text)
    {
        if (c == '\'' || c == '\\')
            quoted += c;
        quoted += c;
    }
    quoted += '\'';
    return quoted;
}

} // namespace pg_advisor
