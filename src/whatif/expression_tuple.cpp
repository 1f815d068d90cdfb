/*
 * A row of pg_statistic from a sample of values, by the functions of ANALYZE: see expression_sample.hpp.
 */
#include "whatif/expression_sample.hpp"

namespace pg_advisor::whatif
{

namespace
{

Datum FetchValue(VacAttrStatsP column, int row, bool *null)
{
    *null = column->exprnulls[row];
    return column->exprvals[row];
}

VacAttrStats *ColumnOf(const HypotheticalIndex *index, Node *node, ExpressionSample *sample)
{
    auto *column = static_cast<VacAttrStats *>(palloc0(sizeof(VacAttrStats)));
    HeapTuple type = SearchSysCacheCopy1(TYPEOID, ObjectIdGetDatum(exprType(node)));
    if (!HeapTupleIsValid(type))
        elog(ERROR, "cache lookup failed for type %u", exprType(node));
    compat::SetDefaultTarget(column);
    column->attrtypid = exprType(node);
    column->attrtypmod = exprTypmod(node);
    column->attrtype = reinterpret_cast<Form_pg_type>(GETSTRUCT(type));
    column->attrcollid = index->collations[0];
    column->anl_context = CurrentMemoryContext;
    column->exprvals = sample->values;
    column->exprnulls = sample->nulls;
    column->rowstride = 1;
    for (int i = 0; i < STATISTIC_NUM_SLOTS; ++i)
    {
        column->statypid[i] = column->attrtypid;
        column->statyplen[i] = column->attrtype->typlen;
        column->statypbyval[i] = column->attrtype->typbyval;
        column->statypalign[i] = column->attrtype->typalign;
    }
    return column;
}

Datum Numbers(const VacAttrStats *column, int slot)
{
    const int count = column->numnumbers[slot];
    auto *numbers = static_cast<Datum *>(palloc(sizeof(Datum) * count));
    for (int i = 0; i < count; ++i)
        numbers[i] = Float4GetDatum(column->stanumbers[slot][i]);
    return PointerGetDatum(construct_array(numbers, count, FLOAT4OID, sizeof(float4), true, TYPALIGN_INT));
}

Datum Values(const VacAttrStats *column, int slot)
{
    return PointerGetDatum(construct_array(column->stavalues[slot], column->numvalues[slot], column->statypid[slot],
                                           column->statyplen[slot], column->statypbyval[slot],
                                           column->statypalign[slot]));
}

HeapTuple ToTuple(const HypotheticalIndex *index, const VacAttrStats *column)
{
    Datum values[Natts_pg_statistic] = {};
    bool nulls[Natts_pg_statistic] = {};
    values[Anum_pg_statistic_starelid - 1] = ObjectIdGetDatum(index->oid);
    values[Anum_pg_statistic_staattnum - 1] = Int16GetDatum(1);
    values[Anum_pg_statistic_stainherit - 1] = BoolGetDatum(false);
    values[Anum_pg_statistic_stanullfrac - 1] = Float4GetDatum(column->stanullfrac);
    values[Anum_pg_statistic_stawidth - 1] = Int32GetDatum(column->stawidth);
    values[Anum_pg_statistic_stadistinct - 1] = Float4GetDatum(column->stadistinct);
    for (int i = 0; i < STATISTIC_NUM_SLOTS; ++i)
    {
        values[Anum_pg_statistic_stakind1 - 1 + i] = Int16GetDatum(column->stakind[i]);
        values[Anum_pg_statistic_staop1 - 1 + i] = ObjectIdGetDatum(column->staop[i]);
        values[Anum_pg_statistic_stacoll1 - 1 + i] = ObjectIdGetDatum(column->stacoll[i]);
        const int numbers = Anum_pg_statistic_stanumbers1 - 1 + i;
        const int kept = Anum_pg_statistic_stavalues1 - 1 + i;
        nulls[numbers] = column->numnumbers[i] <= 0;
        nulls[kept] = column->numvalues[i] <= 0;
        if (!nulls[numbers])
            values[numbers] = Numbers(column, i);
        if (!nulls[kept])
            values[kept] = Values(column, i);
    }
    Relation catalog = table_open(StatisticRelationId, AccessShareLock);
    HeapTuple tuple = heap_form_tuple(RelationGetDescr(catalog), values, nulls);
    table_close(catalog, AccessShareLock);
    return tuple;
}

} // namespace

HeapTuple DescribeSample(const HypotheticalIndex *index, Node *node, ExpressionSample *sample)
{
    if (sample->count == 0)
        return nullptr;
    VacAttrStats *column = ColumnOf(index, node, sample);
    const Oid own = column->attrtype->typanalyze;
    const bool known = OidIsValid(own) ? DatumGetBool(OidFunctionCall1(own, PointerGetDatum(column)))
                                       : std_typanalyze(column);
    if (!known || column->compute_stats == nullptr)
        return nullptr;
    column->compute_stats(column, FetchValue, sample->count, sample->rows);
    return column->stats_valid ? ToTuple(index, column) : nullptr;
}

} // namespace pg_advisor::whatif
