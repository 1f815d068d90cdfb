/*
 * The inside of PlannerCost, shared by planner_cost.cpp (queries, indexes), planner_calls.cpp (costs) and
 * explain.cpp (EXPLAIN, usage of an index).
 */
#pragma once

#include "boundary/sandbox.hpp"
#include "whatif/expression_statistics.hpp"
#include "whatif/path_signature.hpp"
#include "whatif/plan_reader.hpp"
#include "whatif/planner_cost.hpp"
#include "whatif/row_sample.hpp"

namespace pg_advisor::whatif
{

/* What is known of a query whose base relations have these paths. */
struct KnownPlan
{
    PathSignature paths;
    std::size_t plan; /* in QueryState::plans */

    bool operator<(const KnownPlan &other) const { return paths < other.paths; }
};

/* What the hooks of one planner call look at: plain memory. */
struct CallWorld : CarryingWorld
{
    HypotheticalIndex **indexes = nullptr;
    int index_count = 0;
    const Oid *hidden = nullptr;
    int hidden_count = 0;
    List *index_paths = NIL;
    List *tables = NIL; /* TablePages */
    List *lookups = NIL; /* see lookup_price.hpp */
    bool corrects = false; /* these two are wanted */

    /* Costs alone are wanted: planning ends where the rest of it is known. */
    const KnownPlan *known = nullptr; /* sorted */
    int known_count = 0;
    const KnownPlan *recognised = nullptr; /* the planner was left for it */
    bool to_the_end = false; /* even then */
    bool paths_only = false; /* planning ends there in any case */
    PathSignature paths;
    bool joins = false; /* `paths` are those of the whole query */
};

enum class Explanation
{
    Lines, /* EXPLAIN as text */
    Usage, /* what ReadUsage makes of it */
};

/* An existing index that may be hidden: itself and, if partitioned, its parts. */
struct HiddenIndex
{
    Vector<Oid> parts;
    Vector<Oid> tables;
};

struct QueryState
{
    PlannableQuery query;
    Vector<Oid32> relations;
    Set<Oid> expanded;              /* with all children: the tables an index on which can matter */
    bool without_stable_calls = false;
    Map<Configuration, PlanCost> costs;
    Vector<PlanCost> plans;
    Vector<KnownPlan> known;        /* sorted */

    void ForgetCosts()
    {
        costs.clear();
        plans.clear();
        known.clear();
    }
};

/* An error of a query may come from a stable function that the planner called with constants: then they are taken
 * out of its tree. False if the error has another reason. */
bool DropStableCallsAfter(const PgError &error, QueryState &query, MemoryContext context);

struct PlannerCost::State
{
    explicit State(Catalog &tables);
    ~State();

    QueryState &Query(QueryId id) { return queries.at(id); }
    /* The part of the configuration that can matter to the query: the cache key. */
    Configuration Relevant(const QueryState &query, const Configuration &configuration);
    const HiddenIndex &Hidden(Oid index);
    /* Prepares a world; its arrays live in the two vectors. */
    void Open(CallWorld *world, const Configuration &relevant, Vector<HypotheticalIndex *> *indexes,
              Vector<Oid> *hidden);
    Oid NextOid();
    /* Of the key, if it is an expression that was not asked for before; where there are none to be had, TableInfo is told
     * so. */
    void ObtainStatistics(Oid relation, const KeyPart &key, const Role &user);
    /* Of all that the query may be indexed by. True if there are new ones. */
    bool ObtainStatistics(const QueryFacts &facts);
    QueryFacts Collect(QueryState &query);
    /* By key, null where there are none. */
    Vector<HeapTuple> StatisticsOf(const IndexSpec &spec);
    Carriers CarriersNow() const { return {carriers.data(), static_cast<int>(carriers.size())}; }
    void CountPlannerCall();
    /* By a planner call. Throws PgError, and Failure where a hidden index is needed. */
    PlanCost Ask(QueryState &query, const Configuration &relevant);
    /* What is in the cache: see settings::debug_cost_cache. */
    const PlanCost &Cached(const QueryState &query, const PlanCost &known, const Configuration &whole);
    void Compare(const PlanCost &known, const PlanCost &planned);
    /* The text is in the work context, until the next planner call. */
    const char *Explain(const QueryState &query, CallWorld *world, Explanation what);
    PlanCost Recognised(const QueryState &query, const KnownPlan &known, const PlanCost *planned);

    Catalog &catalog;
    MemoryContext keep;             /* templates of hypothetical indexes */
    MemoryContext work;             /* one planner call */
    RowSamples samples{};
    Vector<QueryState> queries;
    Vector<HypotheticalIndex *> indexes;
    Map<Oid, IndexId> by_oid;
    Map<std::pair<Oid, String>, HypotheticalIndex *> expressions; /* asked for, by relation and node string */
    Vector<HypotheticalIndex *> carriers;                         /* those that there are */
    Map<Oid, HiddenIndex> hidden;
    Map<Oid, Oid> topmost;          /* indexes of partitions: that of the partitioned table */
    Oid last_oid = 0xFFFFFF00;
    store::Progress *progress = nullptr;
    std::size_t planner_calls = 0;  /* those that ended early included */
    std::size_t recognised = 0;     /* those that ended early, or would have */
    std::size_t cached = 0;         /* answers without a planner call */
    std::size_t recomputed = 0, mismatches = 0; /* see settings::debug_cost_cache */
};

} // namespace pg_advisor::whatif
