/*
 * Reads a sample of rows and evaluates an expression on them: see expression_sample.hpp.
 *
 * Bounded on every side: blocks read, rows looked at, bytes put in and bytes kept. Rows come from many blocks and few
 * of each: neighbours tend to have the same values, and would make a column look poorer than it is.
 */
#include "whatif/expression_sample.hpp"

#include "whatif/block_rows.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr double kBlocks = 2000;
constexpr double kRows = 10000;
constexpr int kMostRows = 20000; /* should the table have more of them than is known */
constexpr int kTables = 32;      /* of a partitioned table */
constexpr Size kBytesIn = 4 * 1024 * 1024, kBytesKept = 16 * 1024 * 1024;
constexpr double kUnknownDensity = 100;
constexpr uint32 kSeed = 1; /* the same question has the same answer */

struct Budget
{
    double pages; /* of all tables that are looked at */
    Size in, kept;
    bool spent;
};

struct Reader
{
    ExpressionSample *sample;
    Budget *budget;
    TupleTableSlot *slot;
    ExprContext *context;
    ExprState *expression;
    List *columns; /* of the expression */
    int16 length;
    bool by_value;
};

/* What evaluation may have to read: values that are stored out of line count with their full size. */
Size BytesIn(const Reader &reader)
{
    Size bytes = 0;
    ListCell *cell;
    foreach (cell, reader.columns)
    {
        bool null;
        const auto *var = static_cast<Var *>(lfirst(cell));
        const Datum value = slot_getattr(reader.slot, var->varattno, &null);
        if (!null && get_typlen(var->vartype) == -1)
            bytes += toast_raw_datum_size(value);
    }
    return bytes;
}

void AddRow(Reader *reader)
{
    ExpressionSample *sample = reader->sample;
    Budget *budget = reader->budget;
    budget->in += BytesIn(*reader);
    if (sample->count >= kMostRows || budget->in > kBytesIn)
    {
        budget->spent = true;
        return;
    }
    reader->context->ecxt_scantuple = reader->slot;
    bool null;
    Datum value = ExecEvalExprSwitchContext(reader->expression, reader->context, &null);
    if (!null && !reader->by_value)
    {
        if (reader->length == -1)
            value = PointerGetDatum(PG_DETOAST_DATUM(value));
        value = datumCopy(value, false, reader->length);
        const Size size = datumGetSize(value, false, reader->length);
        sample->longest = std::max(sample->longest, size);
        budget->kept += size;
        budget->spent = budget->kept > kBytesKept;
    }
    sample->values[sample->count] = null ? 0 : value;
    sample->nulls[sample->count++] = null;
    ResetExprContext(reader->context);
}

/* Returns the number of rows that are in the sampled blocks. */
double ReadBlocks(Relation relation, Reader *reader, BlockSampler blocks, double chance)
{
    pg_prng_state random;
    double seen = 0;
    if (reader->budget->spent)
        return 0;
    sampler_random_init_state(kSeed, &random);
    ForEachRow(relation, blocks, reader->slot, [&] {
        seen++;
        if (sampler_random_fract(&random) <= chance) /* every nth would fall in step with the data */
            AddRow(reader);
        return !reader->budget->spent;
    });
    return seen;
}

void SampleTable(Relation relation, List *expressions, ExpressionSample *sample, Budget *budget)
{
    const double pages = RelationGetNumberOfBlocks(relation);
    if (pages == 0)
        return;
    Node *expression = static_cast<Node *>(linitial(expressions));
    const FormData_pg_class *form = relation->rd_rel;
    const double density = form->reltuples > 0 && form->relpages > 0
                               ? std::max(1.0, static_cast<double>(form->reltuples) / form->relpages)
                               : kUnknownDensity;
    const double share = pages / std::max(pages, budget->pages);
    const double wanted = std::clamp(std::ceil(kBlocks * share), 1.0, pages);
    const double chance = kRows * share / (wanted * density);
    BlockSamplerData blocks;
    BlockSampler_Init(&blocks, static_cast<BlockNumber>(pages), static_cast<int>(wanted), kSeed);

    EState *state = CreateExecutorState();
    Reader reader{};
    reader.sample = sample;
    reader.budget = budget;
    reader.slot = table_slot_create(relation, nullptr);
    reader.context = GetPerTupleExprContext(state);
    reader.expression = ExecPrepareExpr(reinterpret_cast<Expr *>(expression), state);
    reader.columns = pull_var_clause(expression, 0);
    get_typlenbyval(exprType(expression), &reader.length, &reader.by_value);
    const double seen = ReadBlocks(relation, &reader, &blocks, chance);
    sample->rows += seen * pages / std::max(1, blocks.m);
    ExecDropSingleTupleTableSlot(reader.slot);
    FreeExecutorState(state);
}

/* nullptr: it is locked, or has no blocks that could be picked. */
Relation OpenForSample(Oid oid)
{
    if (!ConditionalLockRelationOid(oid, AccessShareLock))
        return nullptr;
    Relation relation = try_relation_open(oid, NoLock);
    if (relation == nullptr)
        return nullptr;
    if (HasBlocksToPick(relation))
        return relation;
    relation_close(relation, NoLock);
    return nullptr;
}

} // namespace

ExpressionSample SampleExpression(const HypotheticalIndex *index)
{
    ExpressionSample sample{};
    Budget budget{};
    Relation relations[kTables];
    const int count = std::min(index->table_count, kTables);
    auto number = [&](int i) { return static_cast<int>(static_cast<int64>(i) * index->table_count / count); };

    sample.values = static_cast<Datum *>(palloc(sizeof(Datum) * kMostRows));
    sample.nulls = static_cast<bool *>(palloc(sizeof(bool) * kMostRows));
    for (int i = 0; i < count; ++i)
    {
        relations[i] = OpenForSample(index->tables[number(i)].relation);
        if (relations[i] != nullptr)
            budget.pages += RelationGetNumberOfBlocks(relations[i]);
    }
    for (int i = 0; i < count; ++i)
    {
        if (relations[i] == nullptr)
            continue;
        SampleTable(relations[i], index->tables[number(i)].expressions, &sample, &budget);
        relation_close(relations[i], NoLock);
    }
    sample.rows = std::max<double>(sample.rows * index->table_count / std::max(1, count), sample.count);
    return sample;
}

} // namespace pg_advisor::whatif
