/*
 * Obtains and hands out the statistics of expressions: see expression_statistics.hpp.
 */
#include "whatif/expression_statistics.hpp"

#include "whatif/expression_sample.hpp"
#include "whatif/overlong_values.hpp"
#include "whatif/planner_state.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr std::size_t kMostCarriers = 50; /* of one run: each costs a sample */

void Carry(World *world, Oid relation, RelOptInfo *rel)
{
    const Carriers &carriers = static_cast<CarryingWorld *>(world)->carriers;
    for (int i = 0; i < carriers.count; ++i)
        InjectStatistics(carriers.index[i], relation, rel);
}

IndexSpec CarrierOf(Oid relation, const KeyPart &key)
{
    IndexSpec spec;
    KeyPart only;
    only.expression = key.expression;
    only.expression_node = key.expression_node;
    spec.relation = relation;
    spec.keys.push_back(only);
    return spec;
}

enum class Obtained
{
    Nothing,
    Sample,
    Present, /* the planner has them */
};

/* What else a sample tells of an expression. */
struct Warnings
{
    bool failing;  /* while it is evaluated, and after an error: there is a row for which it fails */
    bool overlong; /* it has a value that no B-tree takes */
};

/* In the sandbox. The tuple is in `keep`. */
Obtained Obtain(HypotheticalIndex *carrier, MemoryContext keep, Warnings *warnings)
{
    Node *node = static_cast<Node *>(linitial(carrier->expressions));
    if (!ConditionalLockRelationOid(carrier->relation, AccessShareLock))
        return Obtained::Nothing;
    if (HasStatistics(carrier->relation, node))
        return Obtained::Present;
    /* a serializable transaction would take part in conflicts by what it only counts */
    if (!IsHarmless(node) || !MayRead(carrier->relation, node) || IsolationIsSerializable())
        return Obtained::Nothing;
    warnings->failing = true;
    ExpressionSample sample = SampleExpression(carrier);
    warnings->failing = false;
    warnings->overlong = sample.longest > kLongestKey;
    HeapTuple tuple = DescribeSample(carrier, node, &sample);
    if (tuple == nullptr)
        return Obtained::Nothing;
    MemoryContext caller = MemoryContextSwitchTo(keep);
    carrier->statistics[0] = heap_copytuple(tuple);
    MemoryContextSwitchTo(caller);
    return Obtained::Sample;
}

} // namespace

void SetCarriers(CarryingWorld *world, const Carriers &carriers)
{
    world->carriers = carriers;
    world->carry = Carry;
    world->statistics = CarriedStatistics;
}

HeapTuple CarriedStatistics(World *world, Oid index, AttrNumber column)
{
    const Carriers &carriers = static_cast<CarryingWorld *>(world)->carriers;
    for (int i = 0; i < carriers.count; ++i)
        if (carriers.index[i]->oid == index && column == 1)
            return carriers.index[i]->statistics[0];
    return nullptr;
}

void PlannerCost::State::ObtainStatistics(Oid relation, const KeyPart &key, const Role &user)
{
    if (key.column != 0 || expressions.contains({relation, key.expression_node}) || carriers.size() >= kMostCarriers)
        return;
    HypotheticalIndex *&entry = expressions[{relation, key.expression_node}];
    Obtained obtained = Obtained::Nothing;
    HypotheticalIndex *carrier = nullptr;
    Warnings warnings{};
    try
    {
        IndexSpec spec = CarrierOf(relation, key);
        spec.user = user;
        carrier = BuildHypothetical(spec, NextOid(), keep);
        CallPg([&] { MemoryContextReset(work); });
        Sandbox({}, [&] {
            MemoryContext caller = MemoryContextSwitchTo(work);
            obtained = Obtain(carrier, keep, &warnings);
            MemoryContextSwitchTo(caller);
        });
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
    }
    catch (const Failure &)
    {
        /* not to be indexed as it is: there is nothing to be told of it */
    }
    const auto table = catalog.find(relation);
    if (obtained == Obtained::Nothing && table != catalog.end())
        table->second.guessed.push_back(key.expression_node);
    if (warnings.failing && table != catalog.end())
        table->second.failing.push_back(key.expression_node);
    if (warnings.overlong && table != catalog.end())
        table->second.overlong.push_back(key.expression_node);
    if (obtained != Obtained::Sample)
        return;
    entry = carrier;
    carriers.push_back(carrier);
    for (QueryState &query : queries)
        query.ForgetCosts();
}

bool PlannerCost::State::ObtainStatistics(const QueryFacts &facts)
{
    const std::size_t before = carriers.size();
    for (const RelationFacts &relation : facts.relations)
    {
        for (const ClauseFact &clause : relation.clauses)
            ObtainStatistics(relation.relation, clause.key, facts.user);
        for (const Vector<KeyPart> &order : relation.orders)
            for (const KeyPart &key : order)
                ObtainStatistics(relation.relation, key, facts.user);
    }
    return carriers.size() > before;
}

Vector<HeapTuple> PlannerCost::State::StatisticsOf(const IndexSpec &spec)
{
    Vector<HeapTuple> tuples;
    for (const KeyPart &key : spec.keys)
    {
        ObtainStatistics(spec.relation, key, spec.user);
        const auto found = expressions.find({spec.relation, key.expression_node});
        const bool has = key.column == 0 && found != expressions.end() && found->second != nullptr;
        tuples.push_back(has ? found->second->statistics[0] : nullptr);
    }
    return tuples;
}

} // namespace pg_advisor::whatif
