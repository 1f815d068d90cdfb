/*
 * See compress.hpp.
 */
#include "advise/compress.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace pg_advisor
{
namespace
{

using Features = Vector<std::size_t>; /* numbers, ascending */

/* What an index could serve in a query: a condition on a key, or the first key of an order. */
struct Feature
{
    Oid32 relation = 0;
    std::int16_t column = 0;
    String expression;
    int use = 0;

    bool operator<(const Feature &other) const
    {
        return std::tie(relation, column, expression, use) <
               std::tie(other.relation, other.column, other.expression, other.use);
    }
};

class FeatureNumbers
{
  public:
    Features Of(const StatementInfo &statement)
    {
        Set<std::size_t> numbers;
        for (const QueryFacts &facts : statement.facts)
            for (const RelationFacts &relation : facts.relations)
            {
                numbers.insert(Number({relation.relation, 0, {}, kTable}));
                for (const ClauseFact &clause : relation.clauses)
                    numbers.insert(Number(FeatureOf(relation.relation, clause)));
                for (const Vector<KeyPart> &order : relation.orders)
                    numbers.insert(Number(
                        {relation.relation, order.front().column, order.front().expression_node, kOrder}));
            }
        return Features(numbers.begin(), numbers.end());
    }

  private:
    static constexpr int kTable = -1, kOrder = -2;

    static Feature FeatureOf(Oid32 relation, const ClauseFact &clause)
    {
        const int kind = static_cast<int>(clause.kind);
        const bool joins = clause.outer != 0;
        return {relation, clause.key.column, clause.key.expression_node, kind * 4 + joins * 2 + clause.in_or};
    }
    std::size_t Number(Feature feature)
    {
        return numbers_.try_emplace(std::move(feature), numbers_.size()).first->second;
    }

    Map<Feature, std::size_t> numbers_;
};

/* Statements of the same features. */
struct Group
{
    Features features;
    std::size_t dearest = 0; /* statement */
    double cost = 0, time = 0;
    bool chosen = false;
    double likeness = 0;     /* to the chosen group that it is most like */
    std::size_t like = 0;    /* that one */
};

double Likeness(const Features &left, const Features &right)
{
    std::size_t common = 0;
    for (auto a = left.begin(), b = right.begin(); a != left.end() && b != right.end();)
    {
        common += *a == *b;
        const bool next_left = *a <= *b, next_right = *b <= *a;
        a += next_left;
        b += next_right;
    }
    return static_cast<double>(common) / static_cast<double>(left.size() + right.size() - common);
}

class Compressor
{
  public:
    Compressor(const Vector<StatementInfo> &workload, const Vector<double> &costs, Deadline &deadline)
        : workload_(workload), costs_(costs), deadline_(deadline)
    {
    }

    Compressed Run(std::size_t most)
    {
        MakeGroups();
        if (groups_.size() <= most)
            for (Group &group : groups_)
                group.chosen = true;
        else
            Choose(most);
        for (const Group &group : groups_)
            if (!group.chosen && group.likeness > 0)
            {
                groups_[group.like].cost += group.cost;
                groups_[group.like].time += group.time;
            }
        Compressed result;
        for (const Group &group : groups_)
            if (group.chosen)
            {
                result.statements.push_back(Representative(group));
                result.origins.push_back(group.dearest);
            }
        return result;
    }

  private:
    /* In an order that does not depend on that of the workload. */
    Vector<std::size_t> DearestFirst() const
    {
        Vector<std::size_t> order(workload_.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
            const StatementInfo &a = workload_[left], &b = workload_[right];
            return std::tie(costs_[right], a.queryid, a.text) < std::tie(costs_[left], b.queryid, b.text);
        });
        return order;
    }

    void MakeGroups()
    {
        FeatureNumbers numbers;
        Map<Features, std::size_t> known;
        for (std::size_t statement : DearestFirst())
        {
            Features features = numbers.Of(workload_[statement]);
            if (features.empty())
                continue; /* no index could do anything for it */
            const auto [place, is_new] = known.try_emplace(features, groups_.size());
            if (is_new)
                groups_.push_back({std::move(features), statement, 0, 0, false, 0, 0});
            groups_[place->second].cost += costs_[statement];
            groups_[place->second].time += workload_[statement].total_time;
        }
        for (std::size_t group = 0; group < groups_.size(); group++)
            for (std::size_t feature : groups_[group].features)
            {
                having_.resize(std::max(having_.size(), feature + 1));
                having_[feature].push_back(group);
            }
    }

    void Choose(std::size_t most)
    {
        for (std::size_t count = 0; count < most; count++)
        {
            const Group *best = nullptr;
            for (const Group &group : groups_)
                if (!group.chosen && (best == nullptr || Worth(group) > Worth(*best)))
                    best = &group;
            if (best == nullptr || deadline_.Passed())
                return;
            Take(static_cast<std::size_t>(best - groups_.data()));
        }
    }

    static double Worth(const Group &group) { return group.cost * (1 - group.likeness); }

    void Take(std::size_t number)
    {
        groups_[number].chosen = true;
        Set<std::size_t> related;
        for (std::size_t feature : groups_[number].features)
            related.insert(having_[feature].begin(), having_[feature].end());
        for (std::size_t other : related)
        {
            Group &group = groups_[other];
            const double likeness = Likeness(group.features, groups_[number].features);
            if (group.chosen || likeness <= group.likeness)
                continue;
            group.likeness = likeness;
            group.like = number;
        }
    }

    /* The dearest of the group, run so often that it costs what the group does. */
    StatementInfo Representative(const Group &group) const
    {
        StatementInfo statement = workload_[group.dearest];
        const double own = costs_[group.dearest];
        const double factor = own > 0 ? group.cost / own : 1;
        statement.calls *= factor;
        for (double &weight : statement.weights)
            weight *= factor;
        statement.total_time = group.time;
        return statement;
    }

    const Vector<StatementInfo> &workload_;
    const Vector<double> &costs_;
    Deadline &deadline_;
    Vector<Group> groups_; /* the one of the dearest statement first */
    Vector<Vector<std::size_t>> having_; /* groups by feature */
};

} // namespace

Compressed Compress(const Vector<StatementInfo> &workload, const Vector<double> &costs, std::size_t most, Deadline &deadline)
{
    return Compressor(workload, costs, deadline).Run(most);
}

} // namespace pg_advisor
