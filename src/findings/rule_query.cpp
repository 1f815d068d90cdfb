/*
 * See rule_query.hpp. Inputs are tuplestores that the parser finds by name (ephemeral named relations), so that what
 * many rules need is read from the catalogs once.
 */
#include "findings/rule_query.hpp"

#include "boundary/sandbox.hpp"

namespace pg_advisor::findings
{

namespace
{

struct Setting
{
    const char *name, *value;
};

/* Texts must not depend on the session; what rules ask for runs quickly or not at all. */
constexpr Setting kSettings[] = {
    {"lock_timeout", "100ms"},
    {"client_min_messages", "warning"},
    {"DateStyle", "ISO"},
    {"IntervalStyle", "postgres"},
    {"extra_float_digits", "1"},
    {"quote_all_identifiers", "off"},
    {"xmlbinary", "base64"},
};
/* Inputs have no statistics: a filter is taken to leave next to nothing, and a nested loop over what it really leaves is
 * quadratic in the number of tables. A hash join costs at worst one pass over a catalog. */
constexpr Setting kPlannerSettings[] = {
    {"jit", "off"},
    {"max_parallel_workers_per_gather", "0"},
    {"enable_nestloop", "off"},
    {"enable_hashjoin", "on"},
    {"enable_hashagg", "on"},
    {"enable_sort", "on"},
    {"enable_seqscan", "on"},
    {"enable_indexscan", "on"},
};
constexpr SandboxOptions kOptions{InvalidOid, "pg_catalog, pg_temp"};

void Set(const Setting &setting)
{
    (void)set_config_option(setting.name, setting.value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

void Connect(const InputTable *const *inputs, std::size_t count)
{
    for (const Setting &setting : kSettings)
        Set(setting);
    if (SPI_connect() != SPI_OK_CONNECT)
        elog(ERROR, "SPI_connect failed");
    for (std::size_t i = 0; i < count; i++)
        inputs[i]->Register();
}

/* Planned here, because the planner's settings must hold for this query alone: some of its functions ask the planner
 * about other queries, as they would run. */
void Plan(SPIPlanPtr prepared)
{
    const int level = NewGUCNestLevel();
    for (const Setting &setting : kPlannerSettings)
        Set(setting);
    CachedPlan *plan = SPI_plan_get_cached_plan(prepared);
    if (plan == nullptr)
        elog(ERROR, "a rule has to be one query");
    ReleaseCachedPlan(plan, nullptr);
    AtEOXact_GUC(false, level);
}

SPIPlanPtr Prepare(const char *query)
{
    SPIPlanPtr plan = SPI_prepare(query, 0, nullptr);
    if (plan == nullptr)
        elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
    Plan(plan);
    return plan;
}

TupleDesc ResultOf(SPIPlanPtr plan)
{
    TupleDesc desc = static_cast<CachedPlanSource *>(linitial(SPI_plan_get_plan_sources(plan)))->resultDesc;
    if (desc == nullptr)
        elog(ERROR, "the query of a rule returns no rows");
    return desc;
}

/* Values of all rows in `memory`, row after row; null pointers for null. */
struct RawRows
{
    MemoryContext memory;
    int columns, rows, object;
    char **names;
    char **values;
};

char *Copy(const RawRows *raw, const char *text)
{
    return text == nullptr ? nullptr : MemoryContextStrdup(raw->memory, text);
}

/* Number of the column, or 0. */
int Column(TupleDesc desc, const char *name)
{
    return std::max(0, SPI_fnumber(desc, name));
}

Datum Required(HeapTuple row, TupleDesc desc, int column, bool *missing)
{
    bool null = true;
    const Datum value = column > 0 ? SPI_getbinval(row, desc, column, &null) : 0;
    *missing = *missing || null;
    return value;
}

char *Identity(HeapTuple row, TupleDesc desc)
{
    bool missing = false;
    ObjectAddress address;
    address.classId = DatumGetObjectId(Required(row, desc, Column(desc, "classid"), &missing));
    address.objectId = DatumGetObjectId(Required(row, desc, Column(desc, "objid"), &missing));
    address.objectSubId = DatumGetInt32(Required(row, desc, Column(desc, "objsubid"), &missing));
    return missing ? nullptr : getObjectIdentity(&address, true);
}

void Fetch(RawRows *raw)
{
    SPITupleTable *table = SPI_tuptable;
    TupleDesc desc = table->tupdesc;
    raw->rows = static_cast<int>(table->numvals);
    raw->object = Column(desc, "object");
    raw->columns = desc->natts + (raw->object > 0 ? 0 : 1);
    raw->names = static_cast<char **>(MemoryContextAlloc(raw->memory, sizeof(char *) * raw->columns));
    raw->values = static_cast<char **>(MemoryContextAllocHuge(
        raw->memory, std::max<Size>(1, sizeof(char *) * raw->columns * static_cast<Size>(raw->rows))));
    for (int column = 0; column < desc->natts; column++)
        raw->names[column] = Copy(raw, NameStr(TupleDescAttr(desc, column)->attname));
    if (raw->object == 0)
        raw->names[desc->natts] = Copy(raw, "object");

    char **to = raw->values;
    for (int row = 0; row < raw->rows; row++)
    {
        for (int column = 1; column <= desc->natts; column++)
            *to++ = Copy(raw, SPI_getvalue(table->vals[row], desc, column));
        if (raw->object == 0)
            *to++ = Copy(raw, Identity(table->vals[row], desc));
    }
}

TextRows ToText(const RawRows &raw)
{
    TextRows text;
    for (int column = 0; column < raw.columns; column++)
        text.columns.emplace_back(raw.names[column]);
    char **from = raw.values;
    for (int row = 0; row < raw.rows; row++)
    {
        Vector<std::optional<String>> values;
        for (int column = 0; column < raw.columns; column++, from++)
            values.push_back(*from == nullptr ? std::nullopt : std::optional<String>(*from));
        text.rows.push_back(std::move(values));
    }
    return text;
}

} // namespace

std::optional<String> TextRows::Value(std::size_t row, std::string_view column) const
{
    for (std::size_t i = 0; i < columns.size(); i++)
        if (columns[i] == column)
            return rows[row][i];
    return std::nullopt;
}

TextRows RunRuleQuery(const String &query, const Vector<const InputTable *> &inputs)
{
    const char *text = query.c_str();
    const InputTable *const *tables = inputs.data();
    const std::size_t count = inputs.size();
    RawRows raw{CurrentMemoryContext, 0, 0, 0, nullptr, nullptr};
    Sandbox(kOptions, [&] {
        Connect(tables, count);
        const int result = SPI_execute_plan(Prepare(text), nullptr, nullptr, true, 0);
        if (result != SPI_OK_SELECT)
            elog(ERROR, "the query of a rule is no SELECT: %s", SPI_result_code_string(result));
        Fetch(&raw);
        SPI_finish();
    });
    return ToText(raw);
}

InputTable::InputTable(std::string_view name, const String &query, const Vector<const InputTable *> &inputs)
    : relation_{}
{
    const char *text = query.c_str();
    const InputTable *const *tables = inputs.data();
    const std::size_t count = inputs.size();
    MemoryContext memory = CurrentMemoryContext;
    char *name_copy = CallPg([&] { return pnstrdup(name.data(), name.size()); });
    /* Outside the sandbox: temporary files of a subtransaction are closed with it. */
    Tuplestorestate *store = CallPg([] { return tuplestore_begin_heap(true, false, work_mem); });
    relation_.md.name = name_copy;
    relation_.md.enrtype = ENR_NAMED_TUPLESTORE;
    relation_.reldata = store;
    TupleDesc desc = nullptr;
    try
    {
        Sandbox(kOptions, [&] {
            Connect(tables, count);
            SPIPlanPtr plan = Prepare(text);
            MemoryContext previous = MemoryContextSwitchTo(memory);
            desc = CreateTupleDescCopy(ResultOf(plan));
            MemoryContextSwitchTo(previous);
            SPIExecuteOptions options{};
            options.read_only = true;
            options.dest = CreateDestReceiver(DestTuplestore);
            SetTuplestoreDestReceiverParams(options.dest, store, memory, true, nullptr, nullptr);
            const int result = SPI_execute_plan_extended(plan, &options);
            if (result != SPI_OK_SELECT)
                elog(ERROR, "the query of an input is no SELECT: %s", SPI_result_code_string(result));
            SPI_finish();
        });
    }
    catch (...)
    {
        tuplestore_end(store);
        throw;
    }
    relation_.md.tupdesc = desc;
    relation_.md.enrtuples = static_cast<double>(tuplestore_tuple_count(store));
}

InputTable::~InputTable()
{
    tuplestore_end(static_cast<Tuplestorestate *>(relation_.reldata));
}

void InputTable::Register() const
{
    if (SPI_register_relation(const_cast<EphemeralNamedRelation>(&relation_)) != SPI_OK_REL_REGISTER)
        elog(ERROR, "SPI_register_relation failed");
}

} // namespace pg_advisor::findings
