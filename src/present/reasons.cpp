/*
 * Sentences of a suggestion: which queries, from what cost to what, why these columns, size and upkeep.
 *
 * The role of a column is looked up in the facts of the queries that the index helps.
 */
#include "present/reasons.hpp"

#include "present/ddl.hpp"
#include "present/format.hpp"
#include "present/quote.hpp"
#include "present/units.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor
{
namespace
{

constexpr std::size_t kNamedQueries = 3;
constexpr std::size_t kTextBytes = 60;

String HelpedText(const Suggestion &suggestion, double workload_cost, const Vector<StatementInfo> &workload)
{
    String out;
    for (std::size_t i = 0; i < suggestion.helped.size() && i < kNamedQueries; i++)
    {
        const HelpedStatement &helped = suggestion.helped[i];
        const StatementInfo &statement = workload[helped.statement];
        const double share = workload_cost > 0 ? statement.calls * helped.cost_before / workload_cost : 0;
        AppendFormat(out, "{}{} ({}, {} of the workload) costs {} instead of {} a call", i == 0 ? "" : "; ",
                     QueryName(statement), Counted(statement.calls, "call"),
                     HumanShare(std::min(1.0, share)), HumanCost(helped.cost_after), HumanCost(helped.cost_before));
        if (helped.doubt)
            AppendFormat(out, " (corrected: {} instead of {})", HumanCost(helped.corrected_after),
                         HumanCost(helped.corrected_before));
    }
    if (suggestion.helped.size() > kNamedQueries)
        AppendFormat(out, "; {} more get{} cheaper", suggestion.helped.size() - kNamedQueries,
                     suggestion.helped.size() == kNamedQueries + 1 ? "s" : "");
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
        out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
}

/* What a drop brings. */
String FreedText(const Suggestion &suggestion)
{
    String out = Format(" Dropping it frees {}", HumanBytes(suggestion.bytes));
    if (suggestion.write_overhead < 0)
        AppendFormat(out, " and spares the recorded writes {} of cost", HumanCost(-suggestion.write_overhead));
    out += '.';
    return out;
}

/* Whole days once there are some. */
String Age(double seconds)
{
    constexpr double day = 86400;
    return seconds < 2 * day ? HumanMilliseconds(seconds * 1000) : Counted(std::floor(seconds / day), "day");
}

String DoubtText(const Doubt &doubt)
{
    if (doubt.lookups > 0)
        return Format("Corrected costs are those of {}; the planner shares the pages they read among more. ",
                      Counted(std::round(doubt.lookups), "lookup"));
    return Format("Corrected costs are those of the rows of recorded executions, where a step gave {} and the "
                  "planner expects {}. ",
                  Counted(doubt.counted_rows, "row"), HumanNumber(doubt.expected_rows));
}

/* Where the planner was not believed: the first example of each kind. */
String DoubtsText(const Suggestion &suggestion)
{
    String out;
    bool by_lookups = false, by_rows = false;
    for (std::size_t i = 0; i < suggestion.helped.size() && i < kNamedQueries; i++)
    {
        const HelpedStatement &helped = suggestion.helped[i];
        if (!helped.doubt)
            continue;
        bool &said = helped.doubt->lookups > 0 ? by_lookups : by_rows;
        if (!said)
            out += DoubtText(*helped.doubt);
        said = true;
    }
    return out;
}

enum class Role
{
    None,
    Equality,
    Join,
    Order,
    Range,
    Beginning, /* of a text */
    Search,
    Nearest,
};

Role RoleOf(const KeyPart &key, const Suggestion &suggestion, const Vector<StatementInfo> &workload)
{
    bool equality = false, join = false, order = false, range = false, search = false, nearest = false;
    for (const HelpedStatement &helped : suggestion.helped)
        for (const QueryFacts &facts : workload[helped.statement].facts)
            for (const RelationFacts &relation : facts.relations)
            {
                if (relation.relation != suggestion.index.relation)
                    continue;
                for (const ClauseFact &clause : relation.clauses)
                {
                    if (!clause.key.SameColumn(key) || clause.key.opclass != key.opclass)
                        continue;
                    const bool equal =
                        clause.kind == ClauseKind::Equality || clause.kind == ClauseKind::IsNull;
                    range = range || clause.kind == ClauseKind::Range;
                    search = search || clause.kind == ClauseKind::Search;
                    nearest = nearest || clause.kind == ClauseKind::Nearest;
                    join = join || (equal && clause.outer != 0);
                    equality = equality || (equal && clause.outer == 0);
                }
                for (const Vector<KeyPart> &keys : relation.orders)
                    for (const KeyPart &ordered : keys)
                        order = order || ordered.SameColumn(key);
            }
    if (search && suggestion.index.access_method != "btree")
        return Role::Search;
    if (nearest && suggestion.index.access_method != "btree")
        return Role::Nearest;
    if (equality || join)
        return equality ? Role::Equality : Role::Join;
    if (order)
        return Role::Order;
    if (range) /* a B-tree of another than the default class is there for patterns */
        return key.opclass != 0 ? Role::Beginning : Role::Range;
    return Role::None;
}

bool Limited(const Suggestion &suggestion, const Vector<StatementInfo> &workload)
{
    for (const HelpedStatement &helped : suggestion.helped)
        for (const QueryFacts &facts : workload[helped.statement].facts)
            for (const RelationFacts &relation : facts.relations)
                if (relation.relation == suggestion.index.relation && relation.limited)
                    return true;
    return false;
}

String KeyName(const KeyPart &key, const TableInfo &table)
{
    if (key.column == 0)
        return key.expression;
    const ColumnInfo *column = table.Column(key.column);
    return column == nullptr ? String("?") : QuoteIdentifier(column->name);
}

const char *RoleText(Role role, bool one, bool limited)
{
    switch (role)
    {
    case Role::Equality:
        return one ? "is compared for equality" : "are compared for equality";
    case Role::Join:
        return one ? "joins" : "join";
    case Role::Order:
        if (limited)
            return one ? "gives the order, so that a LIMIT stops early" : "give the order, so that a LIMIT stops early";
        return one ? "gives the order" : "give the order";
    case Role::Range:
        return one ? "is searched by range" : "are searched by range";
    case Role::Beginning:
        return one ? "is searched by its beginning" : "are searched by their beginnings";
    case Role::Search:
        return one ? "is searched by operators that a B-tree does not know"
                   : "are searched by operators that a B-tree does not know";
    case Role::Nearest:
        return "gives the nearest first, so that a LIMIT stops early";
    case Role::None:
        break;
    }
    return one ? "is filtered inside the index" : "are filtered inside the index";
}

/* "a, b are compared for equality, then c gives the order" */
String ColumnsText(const Suggestion &suggestion, const Vector<StatementInfo> &workload, const TableInfo &table)
{
    const bool limited = Limited(suggestion, workload);
    String out;
    const Vector<KeyPart> &keys = suggestion.index.keys;
    for (std::size_t i = 0; i < keys.size();)
    {
        const Role role = RoleOf(keys[i], suggestion, workload);
        out += i == 0 ? "" : ", then ";
        const std::size_t first = i;
        for (; i < keys.size() && (i == first || RoleOf(keys[i], suggestion, workload) == role); i++)
            AppendFormat(out, "{}{}", i == first ? "" : ", ", KeyName(keys[i], table));
        AppendFormat(out, " {}", RoleText(role, i - first == 1, limited));
    }
    return out;
}

/* What an expression in the index asks for: its statistics come with the index, but not before ANALYZE. */
String ExpressionText(const IndexSpec &index, const TableInfo &table)
{
    const auto is_expression = [](const KeyPart &key) { return key.column == 0; };
    const auto is_guessed = [&](const KeyPart &key) {
        return is_expression(key) && std::find(table.guessed.begin(), table.guessed.end(), key.expression_node) != table.guessed.end();
    };
    const String name = QuoteQualified(table.schema, table.name);
    const auto guessed = std::find_if(index.keys.begin(), index.keys.end(), is_guessed);
    if (guessed != index.keys.end())
        return Format(" There are no statistics for {}, so that the costs rest on the planner's guess of how many rows "
                      "it finds. To be sure, run CREATE STATISTICS {} ON {} FROM {} and ANALYZE {}, and ask again.",
                      guessed->expression, QuoteQualified(table.schema, ObjectName(table.name, "expr", "stat")),
                      guessed->expression, name, name);
    const auto expression = std::find_if(index.keys.begin(), index.keys.end(), is_expression);
    if (expression == index.keys.end())
        return {};
    return Format(" Run ANALYZE {} after creating it: the planner learns the values of {} from that.", name,
                  expression->expression);
}

String HashText(const ColumnInfo *column)
{
    return Format("; {}, and a hash of them is enough for equality",
                  column != nullptr && column->overlong ? "some of its values are too long for a B-tree"
                                                        : "its values are wide");
}

} // namespace

String QueryName(const StatementInfo &statement)
{
    String text;
    for (char c : statement.text)
        text += c == '\n' || c == '\t' ? ' ' : c;
    const std::string_view clipped = ClipUtf8(text, kTextBytes);
    const String quoted = Format("\"{}{}\"", clipped, clipped.size() < text.size() ? "..." : "");
    if (statement.queryid == 0)
        return quoted;
    return text.empty() ? Format("query {}", statement.queryid) : Format("query {} {}", statement.queryid, quoted);
}

String SuggestionReason(const Suggestion &suggestion, double workload_cost,
                        const Vector<StatementInfo> &workload, const TableInfo &table)
{
    String out = HelpedText(suggestion, workload_cost, workload);
    if (!out.empty())
        out += ". ";
    if (suggestion.improvement <= 0 && !suggestion.helped.empty())
        out += "It pays together with the other suggested indexes. ";
    out += DoubtsText(suggestion);
    String columns = ColumnsText(suggestion, workload, table);
    AppendFormat(out, "In the index {}", columns);
    for (std::size_t i = 0; i < suggestion.index.include.size(); i++)
    {
        const ColumnInfo *column = table.Column(suggestion.index.include[i]);
        AppendFormat(out, "{}{}", i == 0 ? "; INCLUDE spares the table visits for " : ", ",
                     column == nullptr ? String("?") : QuoteIdentifier(column->name));
    }
    if (!suggestion.index.predicate.empty())
        AppendFormat(out, "; only rows with {} are indexed, because every call asks for them",
                     suggestion.index.predicate);
    if (suggestion.index.access_method == "brin")
        out += "; the rows lie in its order, so that a summary of every 128 pages is enough";
    if (suggestion.index.access_method == "hash")
        out += HashText(table.Column(suggestion.index.keys.front().column));
    AppendFormat(out, "; {} {}", suggestion.index.access_method == "btree" ? "about" : "roughly",
                 HumanBytes(suggestion.bytes));
    if (suggestion.write_overhead > 0)
        AppendFormat(out, ", and keeping it up to date adds {} to the cost of the recorded writes",
                     HumanCost(suggestion.write_overhead));
    out += '.';
    out += ExpressionText(suggestion.index, table);
    return out;
}

String WithheldMessage(const Withheld &withheld, const String &definitions)
{
    return Format("an index was withheld, because {}: {}",
                  withheld.doubt.lookups > 0 ? "the planner takes lookups in it to cost too little"
                                             : "recorded executions contradict the planner",
                  definitions);
}

String WithheldDetail(const Withheld &withheld, const Vector<StatementInfo> &workload)
{
    String name = QueryName(workload[withheld.statement]);
    if (name[0] == 'q')
        name[0] = 'Q';
    const Doubt &doubt = withheld.doubt;
    const String why =
        doubt.lookups > 0
            ? Format("shares the pages that lookups read among more of them than the {} of its plan. By what so many "
                     "read themselves",
                     HumanNumber(std::round(doubt.lookups)))
            : Format("expects {} of a step that gave {} when it ran. By the counted rows",
                     Counted(doubt.expected_rows, "row"), HumanNumber(doubt.counted_rows));
    return Format("{} would cost {} instead of {} a call by the planner, which {} it would cost {} instead of {}.", name,
                  HumanCost(withheld.planner_after), HumanCost(withheld.planner_before), why,
                  HumanCost(withheld.corrected_after), HumanCost(withheld.corrected_before));
}

String DropReason(const Suggestion &suggestion, const String &instead)
{
    const Replacement &replacement = suggestion.replacement;
    const String name = QuoteIdentifier(instead);
    String out = replacement.same ? Format("It repeats {}, which can do all it does", name)
                                  : Format("Its columns are the first of {}, which can do all it does", name);
    if (replacement.by.empty())
        out += " once that is created";
    if (replacement.dearest_rise <= 0.0005)
        out += ": no recorded query gets dearer without it.";
    else
        AppendFormat(out, ": without it no recorded query gets dearer by more than {}.",
                     HumanShare(replacement.dearest_rise));
    return out + FreedText(suggestion);
}

String DisuseReason(const Suggestion &suggestion, const TableInfo &table)
{
    const Disuse &disuse = *suggestion.disuse;
    const String table_name = QuoteIdentifier(table.name);
    const String reads = Counted(disuse.table_reads, "scan");
    String out = Format("No scan of it was counted on this server for {}", Age(disuse.seconds));
    if (disuse.seconds < disuse.observed)
        AppendFormat(out, "; {} was read by {} in {}", table_name, reads, Age(disuse.observed));
    else
        AppendFormat(out, ", in which {} was read by {}", table_name, reads);
    out += ", and no recorded query would use it.";
    if (disuse.updates > 0)
        AppendFormat(out,
                     " Because of it {} had to be entered in all indexes of {}, which takes {} of what the workload "
                     "costs. That is the reason, not the time: if something seldom run needs it, keep it.",
                     Counted(disuse.updates, "recorded update"), table_name, HumanShare(disuse.upkeep_share));
    if (disuse.replicas)
        out += " Check the replicas first: what they read is not counted here.";
    return out + FreedText(suggestion);
}

} // namespace pg_advisor
