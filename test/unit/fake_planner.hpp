/*
 * A cost model without a server: a small planner over QueryFacts, near enough to PostgreSQL's figures.
 *
 * Knows sequential scans with sort, B-tree scans (equalities, one range, filters inside the index, order,
 * LIMIT, index-only, partial), bitmap scans and bitmap OR. Joins are inner sides: one lookup per outer row.
 */
#pragma once

#include "advise/advisor.hpp"
#include "base/failure.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor::testing
{

struct FakeQuery
{
    QueryFacts facts;
    double limit = 0;       /* rows; 0: none */
    double outer_rows = 1;  /* executions of an inner side */
    double counted = 1;     /* as many times more were counted: multiplies what a plan with an index costs */
    double counted_without = 1; /* and one without */
    double joins_tried = 0;
};

class FakePlanner : public CostModel
{
  public:
    explicit FakePlanner(const Catalog &catalog) : catalog_(catalog) {}

    QueryId AddQuery(FakeQuery query)
    {
        queries_.push_back(std::move(query));
        return queries_.size() - 1;
    }
    std::size_t Queries() const override { return queries_.size(); }
    IndexId Add(const IndexSpec &index) override
    {
        indexes_.push_back(index);
        return indexes_.size() - 1;
    }
    IndexSize Size(IndexId id) override
    {
        const IndexSpec &index = indexes_[id];
        const TableInfo &table = catalog_.at(index.relation);
        double width = 16, rows = table.rows * PredicateShare(index);
        for (const KeyPart &key : index.keys)
            width += Width(table, key.column);
        for (std::int16_t column : index.include)
            width += Width(table, column);
        if (index.keys.size() == 1 && index.include.empty())
            if (const ColumnInfo *column = table.Column(index.keys[0].column); column && column->distinct > 0)
                if (rows / column->distinct > 2)
                    width = 7; /* deduplication */
        const double bytes = std::max(16384.0, rows * width / 0.9);
        return {bytes, bytes > 2e6 ? 2.0 : 1.0};
    }
    PlanCost Cost(QueryId id, const Configuration &configuration) override
    {
        calls++;
        calls_of[id]++;
        const FakeQuery &query = queries_.at(id);
        PlanCost plan;
        plan.joins_tried = query.joins_tried;
        for (const RelationFacts &relation : query.facts.relations)
            AddScan(query, relation, configuration, plan);
        Ascending(plan.used);
        Ascending(plan.used_existing);
        const double times = plan.used.empty() ? query.counted_without : query.counted;
        plan.correction = plan.cost * (times - 1);
        plan.doubt.counted_rows = times;
        return plan;
    }
    template <class Ids> static void Ascending(Ids &ids)
    {
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    }
    void CheckInterrupts() override { interrupts++; }
    void Report(const SearchProgress &progress) override { reports.push_back(progress); }

    void TriesJoins(QueryId id, double joins) { queries_.at(id).joins_tried = joins; }

    std::size_t calls = 0, interrupts = 0;
    Map<QueryId, std::size_t> calls_of;
    Vector<IndexSpec> indexes_;
    Vector<SearchProgress> reports;

  private:
    static double Width(const TableInfo &table, std::int16_t number)
    {
        const ColumnInfo *column = table.Column(number);
        return column == nullptr ? 8 : std::ceil(column->average_width / 4) * 4;
    }
    double PredicateShare(const IndexSpec &index) const
    {
        if (index.predicate.empty())
            return 1;
        for (const FakeQuery &query : queries_)
            for (const RelationFacts &relation : query.facts.relations)
                for (const ClauseFact &clause : relation.clauses)
                    if (relation.relation == index.relation && clause.constant_predicate == index.predicate)
                        return clause.selectivity;
        return 0.5;
    }
    /* `implied`: the column of the predicate, which the query only filters by */
    static bool Covers(const IndexSpec &index, const Vector<std::int16_t> &needed, std::int16_t implied)
    {
        return std::all_of(needed.begin(), needed.end(), [&](std::int16_t column) {
            return column > 0 &&
                   (column == implied ||
                    std::find(index.include.begin(), index.include.end(), column) != index.include.end() ||
                    std::any_of(index.keys.begin(), index.keys.end(),
                                [column](const KeyPart &key) { return key.column == column; }));
        });
    }

    /* Whether the keys from `from` on give the order, reading forwards or backwards. */
    static bool GivesOrder(const Vector<KeyPart> &keys, std::size_t from, const Set<std::int16_t> &constant,
                           const Vector<KeyPart> &order)
    {
        for (const bool backward : {false, true})
        {
            std::size_t i = from;
            bool good = true;
            for (const KeyPart &wanted : order)
            {
                if (constant.contains(wanted.column))
                    continue;
                good = good && i < keys.size() && keys[i].SameColumn(wanted) &&
                       keys[i].descending == (wanted.descending != backward) &&
                       keys[i].nulls_first == (wanted.nulls_first != backward);
                i++;
            }
            if (good)
                return true;
        }
        return false;
    }

    struct Path
    {
        double cost = 1e300, fetches = 0;
        Vector<IndexId> used;
        Vector<Oid32> existing;
    };

    Path IndexPath(const FakeQuery &query, const RelationFacts &relation, const TableInfo &table,
                   const IndexSpec &index) const
    {
        Path best;
        double share = 1;
        std::int16_t implied = -1;
        if (!index.predicate.empty())
        {
            const auto match = std::find_if(
                relation.clauses.begin(), relation.clauses.end(),
                [&](const ClauseFact &clause) { return clause.constant_predicate == index.predicate; });
            if (match == relation.clauses.end())
                return best;
            share = match->selectivity;
            implied = match->key.column;
        }
        double scanned = share, fetched = share, result = 1;
        Set<std::int16_t> constant;
        std::size_t equal = 0;
        bool open = true;
        for (const ClauseFact &clause : relation.clauses)
            if (!clause.in_or)
                result *= clause.selectivity;
        for (const KeyPart &key : index.keys)
        {
            double equality = 2, range = 1;
            for (const ClauseFact &clause : relation.clauses)
            {
                if (clause.in_or || !clause.key.SameColumn(key))
                    continue;
                if (!index.predicate.empty() && clause.constant_predicate == index.predicate)
                    equality = 1;
                else if (clause.kind != ClauseKind::Range)
                    equality = std::min(equality, clause.selectivity);
                else
                    range *= clause.selectivity;
            }
            if (equality <= 1)
                fetched *= equality;
            fetched *= range;
            if (open && equality <= 1)
            {
                scanned *= equality;
                constant.insert(key.column);
                equal++;
                continue;
            }
            if (open)
                scanned *= range;
            open = false;
        }
        const bool ordered = !relation.orders.empty() && GivesOrder(index.keys, equal, constant, relation.orders[0]);
        const double bytes = std::max(16384.0, table.rows * share * 24);
        const double entries = std::max(1.0, scanned * table.rows), rows = std::max(1.0, fetched * table.rows);
        const double leaf = std::max(1.0, scanned / share * bytes / 8192);
        const double wanted = std::max(1.0, result * table.rows);
        const bool only = Covers(index, relation.needed, implied) && table.all_visible > 0.9;
        const double heap_plain = only ? 0 : std::min(rows, 2 * table.pages * rows / (2 * table.pages + rows)) * 4;
        const double heap_bitmap = std::min(table.pages, rows) * 2;
        const double per_row = entries * 0.0075 + rows * 0.01;
        double plain = 4 + leaf * 2 + per_row + heap_plain, fetches = only ? 0 : rows;
        double bitmap = 4 + leaf * 2 + per_row + rows * 0.005 + heap_bitmap;
        const double sort = relation.orders.empty() ? 0 : SortCost(wanted);
        if (ordered && query.limit > 0 && wanted > query.limit)
        {
            plain = 4 + (plain - 4) * query.limit / wanted;
            fetches *= query.limit / wanted;
        }
        plain += ordered ? 0 : sort;
        bitmap += sort;
        best.cost = std::min(plain, bitmap) * query.outer_rows;
        best.fetches = (plain <= bitmap ? fetches : 0) * query.outer_rows;
        return best;
    }

    static double SortCost(double rows)
    {
        const double cpu = 0.005 * rows * std::log2(std::max(2.0, rows));
        return rows > 40000 ? cpu * 2.5 : cpu; /* spills */
    }

    void AddScan(const FakeQuery &query, const RelationFacts &relation, const Configuration &configuration,
                 PlanCost &plan) const
    {
        const TableInfo &table = catalog_.at(relation.relation);
        double result = 1;
        for (const ClauseFact &clause : relation.clauses)
            if (!clause.in_or)
                result *= clause.selectivity;
        Path best;
        const double sort = relation.orders.empty() ? 0 : SortCost(std::max(1.0, result * table.rows));
        best.cost = table.pages + table.rows * 0.0125 + sort;
        if (query.outer_rows > 1)
            best.cost += table.rows * 0.015; /* hash join */
        const auto consider = [&](Path path) {
            if (path.cost < best.cost)
                best = std::move(path);
        };
        for (IndexId id : configuration.created)
            if (indexes_[id].relation == relation.relation)
            {
                Path path = IndexPath(query, relation, table, indexes_[id]);
                path.used = {id};
                consider(std::move(path));
            }
        for (const ExistingIndex &existing : table.indexes)
        {
            if (std::binary_search(configuration.hidden.begin(), configuration.hidden.end(), existing.oid))
                continue;
            Path path = IndexPath(query, relation, table, existing.spec);
            path.existing = {existing.oid};
            consider(std::move(path));
        }
        Path bitmap_or{4, 0, {}, {}};
        bool any = false, all = true;
        for (const ClauseFact &clause : relation.clauses)
        {
            if (!clause.in_or)
                continue;
            any = true;
            const auto arm = std::find_if(configuration.created.begin(), configuration.created.end(), [&](IndexId id) {
                return indexes_[id].relation == relation.relation && indexes_[id].keys[0].SameColumn(clause.key) &&
                       indexes_[id].predicate.empty();
            });
            if (arm == configuration.created.end())
            {
                all = false;
                continue;
            }
            bitmap_or.cost += 4 + clause.selectivity * table.rows * 2;
            bitmap_or.used.push_back(*arm);
        }
        if (any && all)
            consider(std::move(bitmap_or));
        plan.cost += best.cost;
        plan.heap_fetches += best.fetches;
        plan.used.insert(plan.used.end(), best.used.begin(), best.used.end());
        plan.used_existing.insert(plan.used_existing.end(), best.existing.begin(), best.existing.end());
    }

    const Catalog &catalog_;
    Vector<FakeQuery> queries_;
};

/* --- short-hands for building workloads --- */

inline KeyPart Key(std::int16_t column, bool descending = false)
{
    KeyPart key;
    key.column = column;
    key.descending = key.nulls_first = descending;
    return key;
}

inline ClauseFact Equal(std::int16_t column, double selectivity, std::uint64_t outer = 0)
{
    ClauseFact clause;
    clause.key = Key(column);
    clause.selectivity = selectivity;
    clause.outer = outer;
    return clause;
}

inline ClauseFact Range(std::int16_t column, double selectivity)
{
    ClauseFact clause = Equal(column, selectivity);
    clause.kind = ClauseKind::Range;
    return clause;
}

inline ClauseFact Constant(std::int16_t column, double selectivity, std::string_view text)
{
    ClauseFact clause = Equal(column, selectivity);
    clause.constant_predicate = text;
    clause.constant_predicate_node = String("{") + String(text) + "}";
    return clause;
}

inline ClauseFact Arm(std::int16_t column, double selectivity)
{
    ClauseFact clause = Equal(column, selectivity);
    clause.in_or = true;
    return clause;
}

inline TableInfo Table(Oid32 oid, std::string_view name, double rows, double pages)
{
    TableInfo table;
    table.oid = oid;
    table.schema = "public";
    table.name = name;
    table.rows = rows;
    table.pages = pages;
    table.all_visible = 1;
    table.analyzed = table.ordinary = true;
    return table;
}

inline void Column(TableInfo &table, std::string_view name, double width, double distinct, double correlation = 0)
{
    ColumnInfo column;
    column.number = static_cast<std::int16_t>(table.columns.size() + 1);
    column.name = name;
    column.average_width = width;
    column.distinct = distinct;
    column.correlation = correlation;
    column.indexable = true;
    table.columns.push_back(column);
}

/* A workload under construction. */
struct Scenario
{
    Catalog catalog;
    FakePlanner planner{catalog};
    Vector<StatementInfo> workload;
    AdvisorOptions options;

    TableInfo &Add(TableInfo table) { return catalog[table.oid] = std::move(table); }

    StatementInfo &Statement(double calls)
    {
        StatementInfo statement;
        statement.queryid = static_cast<std::int64_t>(workload.size() + 1) * 1000;
        statement.text = "query text";
        statement.calls = calls;
        statement.total_time = calls * 10;
        workload.push_back(std::move(statement));
        return workload.back();
    }

    void Sample(StatementInfo &statement, double weight, RelationFacts relation, double limit = 0,
                double outer_rows = 1, double counted = 1, double counted_without = 1)
    {
        FakeQuery query;
        query.limit = limit;
        query.outer_rows = outer_rows;
        query.counted = counted;
        query.counted_without = counted_without;
        relation.limited = limit > 0;
        query.facts.relations.push_back(std::move(relation));
        statement.facts.push_back(query.facts);
        statement.weights.push_back(weight);
        statement.queries.push_back(planner.AddQuery(std::move(query)));
    }

    Advice Run() { return SuggestIndexes(workload, catalog, planner, options, nullptr); }
};

inline RelationFacts Facts(Oid32 relation, Vector<ClauseFact> clauses, Vector<Vector<KeyPart>> orders = {},
                           Vector<std::int16_t> needed = {0})
{
    RelationFacts facts;
    facts.relation = relation;
    facts.range_table_index = 1;
    facts.clauses = std::move(clauses);
    facts.orders = std::move(orders);
    facts.needed = std::move(needed);
    return facts;
}

/* "1(2,3d)+4?pred" */
inline String Short(const IndexSpec &index)
{
    String out = String(std::to_string(index.relation)) + "(";
    for (std::size_t i = 0; i < index.keys.size(); i++)
        out += String(i ? "," : "") + String(std::to_string(index.keys[i].column)) +
               (index.keys[i].descending ? "d" : "");
    out += ")";
    for (std::int16_t column : index.include)
        out += "+" + String(std::to_string(column));
    if (!index.predicate.empty())
        out += "?" + index.predicate;
    return out;
}

inline Vector<String> Shorts(const Advice &advice)
{
    Vector<String> names;
    for (const Suggestion &suggestion : advice.suggestions)
        names.push_back(Short(suggestion.index));
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace pg_advisor::testing
