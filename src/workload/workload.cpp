/*
 * Statements of the store -> WorkItems: which trees, which parameter values, and how much each counts.
 *
 * The extremes among the samples (slowest, fewest rows, ...) are single executions; together with the usual
 * ones they stand for all calls, so that advice serves the unlucky value without being ruled by it.
 */
#include "workload/workload.hpp"

#include "boundary/sandbox.hpp"
#include "workload/snapshot.hpp"

#include <tuple>

namespace pg_advisor
{

namespace
{

/* An extreme stands for this share of the calls, or for one call if that is more. */
constexpr double kExtremeShare = 0.03;

bool IsUsual(const SampleCopy &sample)
{
    return sample.slot < store::kUsualSamples;
}

/*
 * The user the statement is planned as: always the one who ran it. Planning runs the immutable functions and
 * the operators of the statement, and whoever asks for advice must not run another user's code as himself.
 */
Oid PlanningUser(Oid recorded)
{
    if (!CallPg([&] { return SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(recorded)); }))
        throw Failure("42704", "the role that ran it was dropped");
    return recorded;
}

Query *RestoreTree(const String &tree)
{
    const char *text = tree.c_str();
    return CallPg([&] { return static_cast<Query *>(stringToNode(text)); });
}

ParamListInfo RestoreParameters(const String &bytes)
{
    const char *data = bytes.data();
    return CallPg([&] {
        auto *start = const_cast<char *>(data);
        return RestoreParamList(&start);
    });
}

char *PallocText(const String &text)
{
    const char *data = text.data();
    const auto size = text.size();
    return CallPg([&] { return pnstrdup(data, size); });
}

/* Counts of fewer executions are believed only where there were no more. */
constexpr double kEnoughExecutions = 3;
/* Below this the planner is as good as it can be expected to be. */
constexpr double kFarOff = 4;

/* What was counted of the statement, for the queries that stand for it. */
void AddCounts(WorkItem *item, const StatementSnapshot &statement)
{
    Vector<whatif::RowCount> counts;
    for (const store::RowFact &fact : statement.rows)
    {
        if (fact.executions < std::min(kEnoughExecutions, item->calls))
            continue;
        const double factor = fact.actual / fact.expected;
        counts.push_back({fact.rows, factor < kFarOff ? 1 : factor, fact.most});
    }
    if (std::none_of(counts.begin(), counts.end(), [](const whatif::RowCount &count) { return count.factor > 1; }))
        return;
    std::sort(counts.begin(), counts.end(),
              [](const whatif::RowCount &a, const whatif::RowCount &b) { return a.rows < b.rows; });
    auto *copy = CallPg(
        [&] { return static_cast<whatif::RowCount *>(palloc(sizeof(whatif::RowCount) * counts.size())); });
    std::copy(counts.begin(), counts.end(), copy);
    for (whatif::PlannableQuery &query : item->queries)
    {
        query.counts = copy;
        query.count_of_counts = static_cast<int>(counts.size());
    }
}

void AddQuery(WorkItem *item, whatif::PlannableQuery query, double weight)
{
    item->queries.push_back(query);
    item->weights.push_back(weight);
}

/* A sample is planned from its own text, or from the statement's tree with its parameters. */
void AddSample(WorkItem *item, const StatementSnapshot &statement, const SampleCopy &sample, Query *tree, Oid user,
               double weight)
{
    if (sample.text.empty())
    {
        if (tree != nullptr)
            AddQuery(item, {tree, RestoreParameters(sample.parameters), user, PallocText(statement.query)}, weight);
        return;
    }
    try
    {
        AddQuery(item, whatif::ParseQuery(sample.text.c_str(), user, sample.search_path.c_str()), weight);
    }
    catch (const Failure &failure)
    {
        item->problem = failure.what(); /* counts only if no other sample can be planned */
    }
}

bool HasParameters(const StatementSnapshot &statement)
{
    return statement.entry.example.highest_parameter > 0 ||
           std::any_of(statement.samples.begin(), statement.samples.end(),
                       [](const SampleCopy &sample) { return !sample.parameters.empty(); });
}

/* The text as something that can be analysed again; inside a function it has variables in it. */
bool HasOwnText(const StatementSnapshot &statement)
{
    return !statement.example.empty() && statement.entry.key.toplevel != 0;
}

/* What the parameters of samples go into: the tree that was kept, or the one its text gives today. nullptr if
 * there is neither, or nothing that needs it: texts with constants are planned one by one. */
Query *TreeOf(WorkItem *item, const StatementSnapshot &statement, Oid user)
{
    if (!statement.tree.empty())
        return RestoreTree(statement.tree);
    if (!HasOwnText(statement) || !HasParameters(statement))
        return nullptr;
    ParamListInfo types = nullptr;
    for (const SampleCopy &sample : statement.samples)
        if (types == nullptr && !sample.parameters.empty())
            types = RestoreParameters(sample.parameters);
    try
    {
        return whatif::ParseQuery(statement.example.c_str(), user, statement.example_path.c_str(), types).tree;
    }
    catch (const Failure &failure)
    {
        item->problem = failure.what();
        return nullptr;
    }
}

/* One of several samples with the same constants is enough: it takes the weight of the others. */
Vector<const SampleCopy *> Distinct(const StatementSnapshot &statement)
{
    Vector<const SampleCopy *> result;
    for (const SampleCopy &sample : statement.samples)
    {
        const bool known = std::any_of(result.begin(), result.end(), [&](const SampleCopy *other) {
            return other->text == sample.text && other->parameters == sample.parameters;
        });
        if (!known)
            result.push_back(&sample);
    }
    return result;
}

/* The first execution, as one of the usual ones, where its constants are in its text. */
SampleCopy ExampleOf(const StatementSnapshot &statement)
{
    SampleCopy result;
    const store::Example &example = statement.entry.example;
    if (example.ms < 0 || !HasOwnText(statement) || HasParameters(statement))
        return result;
    result.text = statement.example;
    result.search_path = statement.example_path;
    result.ms = example.ms;
    result.rows = example.rows;
    return result;
}

void AddQueries(WorkItem *item, const StatementSnapshot &statement)
{
    const Oid user = PlanningUser(statement.entry.key.userid);
    Query *tree = TreeOf(item, statement, user);
    const SampleCopy example = ExampleOf(statement);
    Vector<const SampleCopy *> samples = Distinct(statement);
    if (!example.text.empty() && std::none_of(samples.begin(), samples.end(), [&](const SampleCopy *other) {
            return other->text == example.text;
        }))
        samples.push_back(&example);
    const auto usual = static_cast<double>(std::count_if(samples.begin(), samples.end(),
                                                         [](const SampleCopy *s) { return IsUsual(*s); }));
    const double extreme = std::max(1.0, item->calls * kExtremeShare);
    const double left = item->calls - extreme * (static_cast<double>(samples.size()) - usual);

    for (const SampleCopy *sample : samples)
        AddSample(item, statement, *sample, tree, user,
                  IsUsual(*sample) ? std::max(1.0, left / usual) : extreme);
    if (item->queries.empty() && tree != nullptr)
        AddQuery(item, {tree, nullptr, user, PallocText(statement.query)}, item->calls);

    /* The weights of the samples that could be planned add up to the calls. */
    double sum = 0;
    for (double weight : item->weights)
        sum += weight;
    for (double &weight : item->weights)
        weight *= item->calls / sum;
}

} // namespace

WorkItem MakeWorkItem(const StatementSnapshot &statement)
{
    const store::Counters &counters = statement.entry.counters;
    WorkItem item;
    item.queryid = static_cast<std::int64_t>(statement.entry.key.queryid);
    item.text = statement.query;
    item.calls = static_cast<double>(counters.calls);
    item.total_time = static_cast<double>(counters.total_ns) / 1e6;
    item.rows = static_cast<double>(counters.rows);
    item.wal_records = static_cast<double>(counters.usage.wal_records);
    item.check_privileges = false;
    try
    {
        AddQueries(&item, statement);
        for (whatif::PlannableQuery &query : item.queries)
            query.recorded = true;
        AddCounts(&item, statement);
    }
    catch (const Failure &failure)
    {
        item.problem = failure.what();
    }
    catch (const PgError &error)
    {
        if (error.IsInterrupt())
            throw;
        item.problem = error.what();
    }
    if (item.queries.empty() && item.problem.empty())
        item.problem = "its query tree is not known: it was planned before the last reset, or samples were dropped "
                       "(advisor.info)";
    return item;
}

bool IsPlannable(const StatementSnapshot &statement)
{
    /* Utility statements have neither tree nor samples; EXPLAINed ones did not run. */
    const bool known = !statement.tree.empty() || !statement.samples.empty() ||
                       (!statement.example.empty() && statement.entry.example.ms >= 0);
    return statement.visible && known && statement.entry.counters.calls > 0;
}

namespace
{

class Recorded final : public WorkloadSource
{
  public:
    explicit Recorded(const Vector<StatementSnapshot> &statements) { AddAll(statements); }
    explicit Recorded(Vector<StatementSnapshot> &&statements) : own_(std::move(statements)) { AddAll(own_); }
    std::size_t Size() const override { return statements_.size(); }
    WorkItem Item(std::size_t number) override { return MakeWorkItem(*statements_[number]); }

  private:
    void AddAll(const Vector<StatementSnapshot> &statements)
    {
        for (const StatementSnapshot &statement : statements)
            if (IsPlannable(statement))
                statements_.push_back(&statement);
        std::sort(statements_.begin(), statements_.end(), [](const StatementSnapshot *a, const StatementSnapshot *b) {
            const auto order = [](const StatementSnapshot &statement) {
                return std::make_tuple(-static_cast<double>(statement.entry.counters.total_ns),
                                       static_cast<std::int64_t>(statement.entry.key.queryid));
            };
            return order(*a) < order(*b);
        });
    }

    const Vector<StatementSnapshot> own_;
    Vector<const StatementSnapshot *> statements_;
};

class Texts final : public WorkloadSource
{
  public:
    explicit Texts(Vector<String> texts) : texts_(std::move(texts)) {}
    std::size_t Size() const override { return texts_.size(); }
    WorkItem Item(std::size_t number) override
    {
        WorkItem item;
        item.text = texts_[number];
        try
        {
            item.queries.push_back(whatif::ParseQuery(item.text.c_str()));
        }
        catch (const Failure &failure)
        {
            item.problem = failure.what();
        }
        return item;
    }

  private:
    Vector<String> texts_;
};

Vector<WorkItem> All(WorkloadSource &source)
{
    Vector<WorkItem> items;
    for (std::size_t i = 0; i < source.Size(); i++)
    {
        CheckInterrupts();
        items.push_back(source.Item(i));
    }
    return items;
}

} // namespace

std::unique_ptr<WorkloadSource> RecordedWorkload()
{
    return std::make_unique<Recorded>(ReadStore(MyDatabaseId, kTexts | kPlanning));
}

std::unique_ptr<WorkloadSource> RecordedWorkload(const Vector<StatementSnapshot> &statements)
{
    return std::make_unique<Recorded>(statements);
}

std::unique_ptr<WorkloadSource> TextWorkload(Vector<String> texts)
{
    return std::make_unique<Texts>(std::move(texts));
}

Vector<WorkItem> LoadWorkload()
{
    return All(*RecordedWorkload());
}

Vector<WorkItem> WorkloadOf(const Vector<String> &texts)
{
    return All(*TextWorkload(texts));
}

} // namespace pg_advisor
