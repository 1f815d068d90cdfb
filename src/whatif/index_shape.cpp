/*
 * Reads pg_statistic for the size model: see index_shape.hpp.
 */
#include "whatif/index_shape.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr int kMostWidths = 200;

/* Bytes a varlena takes in an index tuple, where short headers are used. */
double StoredWidth(Datum value, int16 length)
{
    if (length == -2)
        return strlen(DatumGetCString(value)) + 1;
    const auto *bytes = reinterpret_cast<const varlena *>(DatumGetPointer(value));
    const double size = VARSIZE_ANY_EXHDR(bytes);
    return size + (size + 1 <= VARATT_SHORT_MAX ? 1 : VARHDRSZ);
}

void AddWidths(ColumnStatistics *column, const AttStatsSlot *slot, int16 length, double total_share)
{
    for (int i = 0; i < slot->nvalues && column->width_count < kMostWidths; ++i)
    {
        WidthShare *share = &column->widths[column->width_count++];
        share->width = StoredWidth(slot->values[i], length);
        share->share = i < slot->nnumbers ? slot->numbers[i] : total_share / slot->nvalues;
    }
}

/* Values and frequencies of a column or expression. */
void ReadTuple(HeapTuple tuple, int16 length, double rows, ColumnStatistics *column, bool *analyzed)
{
    const auto *form = reinterpret_cast<Form_pg_statistic>(GETSTRUCT(tuple));
    AttStatsSlot slot;
    *analyzed = true;
    column->null_fraction = form->stanullfrac;
    if (form->stadistinct > 0)
        column->distinct = form->stadistinct;
    else if (form->stadistinct < 0)
        column->distinct = -form->stadistinct * rows;
    if (length < 0 && form->stawidth > 0)
        column->width = form->stawidth;

    double common = 0;
    if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_MCV, InvalidOid, ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS))
    {
        column->common = static_cast<double *>(palloc(sizeof(double) * (slot.nnumbers + 1)));
        for (int i = 0; i < slot.nnumbers; ++i)
        {
            column->common[column->common_count++] = slot.numbers[i];
            common += slot.numbers[i];
        }
        if (length < 0)
            AddWidths(column, &slot, length, common);
        free_attstatsslot(&slot);
    }
    if (length < 0 &&
        get_attstatsslot(&slot, tuple, STATISTIC_KIND_HISTOGRAM, InvalidOid, ATTSTATSSLOT_VALUES))
    {
        AddWidths(column, &slot, length, std::max(0.0, 1 - common - column->null_fraction));
        free_attstatsslot(&slot);
    }
}

/* The planner's defaults stay where there is nothing to read. */
void ReadColumn(Oid relation, AttrNumber attribute, int16 length, double rows, ColumnStatistics *column,
                bool *analyzed)
{
    HeapTuple tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(attribute),
                                      BoolGetDatum(false));
    if (!HeapTupleIsValid(tuple))
        return;
    ReadTuple(tuple, length, rows, column, analyzed);
    ReleaseSysCache(tuple);
}

/* The only column that the expression depends on, or an invalid number. */
AttrNumber OnlyColumn(Node *expression)
{
    AttrNumber attribute = InvalidAttrNumber;
    ListCell *cell;
    foreach (cell, pull_var_clause(expression, 0))
    {
        const auto *var = static_cast<Var *>(lfirst(cell));
        if (attribute != InvalidAttrNumber && attribute != var->varattno)
            return InvalidAttrNumber;
        attribute = var->varattno;
    }
    return attribute;
}

/* An expression without statistics of its own borrows what is known of the only column in it. */
void ReadExpression(Oid relation, Node *expression, HeapTuple known, double rows, ColumnStatistics *column,
                    bool *analyzed)
{
    const AttrNumber attribute = OnlyColumn(expression);
    if (known != nullptr)
    {
        column->source = std::max<int>(attribute, 0);
        ReadTuple(known, get_typlen(exprType(expression)), rows, column, analyzed);
        return;
    }
    if (attribute <= 0)
        return;

    const int16 length = get_typlen(get_atttype(relation, attribute));
    ColumnStatistics source = *column;
    source.widths = static_cast<WidthShare *>(palloc(sizeof(WidthShare) * kMostWidths));
    ReadColumn(relation, attribute, length, rows, &source, analyzed);
    column->source = attribute;
    column->null_fraction = source.null_fraction;
    column->distinct = source.distinct;
    if (column->varying && length < 0)
    {
        column->width = source.width;
        column->widths = source.widths;
        column->width_count = source.width_count;
    }
}

/* Mean number of elements of an array column, or 0 where it is not known. */
double ArrayElements(Oid relation, AttrNumber attribute)
{
    AttStatsSlot slot;
    double mean = 0;
    HeapTuple tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(attribute),
                                      BoolGetDatum(false));
    if (!HeapTupleIsValid(tuple))
        return 0;
    if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_DECHIST, InvalidOid, ATTSTATSSLOT_NUMBERS))
    {
        mean = slot.nnumbers > 0 ? slot.numbers[slot.nnumbers - 1] : 0;
        free_attstatsslot(&slot);
    }
    ReleaseSysCache(tuple);
    return mean;
}

/* What GIN makes of a value, guessed from its width: a text has as many trigrams as bytes, a document a word
 * for six bytes of text, jsonb a path for twenty and half as many keys again. */
void ReadElements(Oid relation, Oid class_type, Oid type, double rows, ColumnStatistics *column)
{
    const double width = std::max(1.0, column->width);
    if (type_is_array_domain(type))
    {
        const double counted = column->source > 0 ? ArrayElements(relation, column->source) : 0;
        const int16 length = get_typlen(get_base_element_type(type));
        column->elements = counted > 0 ? counted : 4;
        column->element_width = length > 0 ? length : 8;
        column->distinct_elements = rows / 10;
        return;
    }
    const bool document = class_type == TSVECTOROID;
    const bool json = class_type == JSONBOID;
    column->elements = document ? width / 6 : (json ? width / 20 : width + 1);
    column->element_width = document ? 8 : 4;
    /* words and trigrams come again and again, values of a document in part only */
    column->distinct_elements = json ? rows * column->elements / 3 : std::min(rows * column->elements / 20, 50000.0);
}

/* The predicate may decide whether a column is null in the index. */
void ApplyPredicate(Oid relation, AttrNumber attribute, List *predicate, ColumnStatistics *column)
{
    Oid type, collation;
    int32 typmod;
    NullTest *test = makeNode(NullTest);
    get_atttypetypmodcoll(relation, attribute, &type, &typmod, &collation);
    test->arg = reinterpret_cast<Expr *>(makeVar(1, attribute, type, typmod, collation, 0));
    test->location = -1;
    test->nulltesttype = IS_NOT_NULL;
    if (predicate_implied_by(list_make1(test), predicate, false))
        column->null_fraction = 0;
    test->nulltesttype = IS_NULL;
    if (predicate_implied_by(list_make1(test), predicate, false))
        column->null_fraction = 1;
}

/* Number of distinct combinations of the first `count` keys by extended statistics, or 0. */
double ExtendedDistinct(Relation relation, const HypotheticalTable *table, int count)
{
    ListCell *cell;
    foreach (cell, RelationGetStatExtList(relation))
    {
        const Oid oid = lfirst_oid(cell);
        HeapTuple data = SearchSysCache2(STATEXTDATASTXOID, ObjectIdGetDatum(oid), BoolGetDatum(false));
        if (!HeapTupleIsValid(data))
            continue;
        const bool built = statext_is_kind_built(data, STATS_EXT_NDISTINCT);
        ReleaseSysCache(data);
        if (!built)
            continue;

        const MVNDistinct *distinct = statext_ndistinct_load(oid, false);
        for (uint32 i = 0; i < distinct->nitems; ++i)
        {
            const MVNDistinctItem *item = &distinct->items[i];
            int found = 0;
            for (int key = 0; key < count; ++key)
                for (int j = 0; j < item->nattributes; ++j)
                    found += table->columns[key] > 0 && item->attributes[j] == table->columns[key];
            if (found == count && item->nattributes == count)
                return item->ndistinct;
        }
    }
    return 0;
}

/* By this many rows to a key the size of a posting list is all that counts. */
constexpr double kManyRows = 100;
constexpr double kFewestRows = 10000;
constexpr double kSomeRows = 1.3; /* to a key: less leaves nothing to share */

/* Whether it makes a difference to the size how far the first `count` keys depend on each other. */
bool WantsSample(const HypotheticalIndex *index, const HypotheticalTable *table, const IndexStatistics &statistics,
                 int count)
{
    double product = 1, most = 1;
    for (int i = 0; i < count; ++i)
    {
        if (table->columns[i] <= 0)
            return false;
        const double distinct = std::max(1.0, statistics.columns[i].distinct);
        product *= distinct;
        most = std::max(most, distinct);
    }
    return index->deduplicate && statistics.rows >= kFewestRows && statistics.rows > kSomeRows * most &&
           product > kSomeRows * most && statistics.rows < kManyRows * product;
}

} // namespace

double PredicateFraction(Oid relation, List *predicate, double rows)
{
    Query *query = makeNode(Query);
    RangeTblEntry *entry = makeNode(RangeTblEntry);
    RangeTblRef *reference = makeNode(RangeTblRef);

    entry->rtekind = RTE_RELATION;
    entry->relid = relation;
    entry->relkind = get_rel_relkind(relation);
    entry->rellockmode = AccessShareLock;
    entry->inFromCl = true;
    entry->eref = makeAlias("indexed", NIL);
    reference->rtindex = 1;
    query->commandType = CMD_SELECT;
    query->querySource = QSRC_ORIGINAL;
    query->canSetTag = true;
    query->rtable = list_make1(entry);
    compat::AddPermissionInfo(query, entry);
    query->jointree = makeFromExpr(list_make1(reference),
                                   reinterpret_cast<Node *>(make_ands_explicit(static_cast<List *>(copyObject(predicate)))));
    query->targetList = list_make1(makeTargetEntry(
        reinterpret_cast<Expr *>(makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(1), false, true)), 1,
        pstrdup("one"), false));

    const PlannedStmt *plan = planner(query, "", 0, nullptr);
    return rows > 0 ? std::min(1.0, plan->planTree->plan_rows / rows) : 1;
}

void ReadIndexStatistics(const HypotheticalIndex *index, HypotheticalTable *table, IndexStatistics *statistics)
{
    Relation relation = table_open(table->relation, NoLock);
    BlockNumber pages;
    double visible;
    int expression = 0;

    estimate_rel_size(relation, nullptr, &pages, &statistics->rows, &visible);
    statistics->pages = pages;
    statistics->analyzed = false;
    statistics->columns =
        static_cast<ColumnStatistics *>(palloc0(sizeof(ColumnStatistics) * index->column_count));
    statistics->prefix_distinct = static_cast<double *>(palloc0(sizeof(double) * index->key_count));
    statistics->sampled_distinct = static_cast<double *>(palloc0(sizeof(double) * index->key_count));

    for (int i = 0; i < index->column_count; ++i)
    {
        ColumnStatistics *column = &statistics->columns[i];
        const int attribute = table->columns[i];
        Node *node = attribute == 0 ? static_cast<Node *>(list_nth(table->expressions, expression++)) : nullptr;
        const Oid type = node ? exprType(node) : get_atttype(table->relation, attribute);
        int16 length;
        bool by_value;
        char alignment;

        get_typlenbyvalalign(type, &length, &by_value, &alignment);
        column->alignment = alignment == TYPALIGN_DOUBLE  ? 8
                            : alignment == TYPALIGN_INT   ? 4
                            : alignment == TYPALIGN_SHORT ? 2
                                                          : 1;
        column->varying = length < 0;
        column->distinct = std::max(1.0, statistics->rows);
        column->width = length > 0 ? length : get_typavgwidth(type, node ? exprTypmod(node) : -1);
        column->widths = static_cast<WidthShare *>(palloc(sizeof(WidthShare) * kMostWidths));
        HeapTuple known = node && i < index->key_count ? index->statistics[i] : nullptr;
        if (node)
            ReadExpression(table->relation, node, known, statistics->rows, column, &statistics->analyzed);
        else
        {
            column->source = attribute;
            ReadColumn(table->relation, attribute, length, statistics->rows, column, &statistics->analyzed);
        }
        if (index->method == GIN_AM_OID && i < index->key_count)
            ReadElements(table->relation, index->types[i], type, statistics->rows, column);
        column->present = 1 - column->null_fraction;
        if (column->null_fraction > 0 && table->predicate != NIL && column->source > 0)
            ApplyPredicate(table->relation, column->source, table->predicate, column);
    }
    for (int i = 1; i < index->key_count; ++i)
        statistics->prefix_distinct[i] = ExtendedDistinct(relation, table, i + 1);
    table_close(relation, NoLock);
}

namespace
{

void SampleTable(const HypotheticalIndex *index, const HypotheticalTable *table, RowSamples *samples,
                 IndexStatistics *statistics)
{
    Relation relation = table_open(table->relation, NoLock);
    for (int i = 1; i < index->key_count; ++i)
        if (statistics->prefix_distinct[i] == 0 && WantsSample(index, table, *statistics, i + 1))
            statistics->sampled_distinct[i] =
                SampledDistinct(samples, relation, table->columns, i + 1, statistics->rows);
    table_close(relation, NoLock);
}

} // namespace

void SampleDistinct(const HypotheticalIndex *index, RowSamples *samples, IndexStatistics *statistics)
{
    constexpr int speakers = 8;
    const int step = std::max(1, (index->table_count + speakers - 1) / speakers);
    for (int first = 0; samples != nullptr && first < index->table_count; first += step)
    {
        const int end = std::min(first + step, index->table_count);
        int largest = first;
        for (int i = first; i < end; ++i)
            if (statistics[i].rows > statistics[largest].rows)
                largest = i;
        SampleTable(index, &index->tables[largest], samples, &statistics[largest]);
        for (int i = first; i < end; ++i)
            for (int key = 1; key < index->key_count && i != largest; ++key)
                if (statistics[i].prefix_distinct[key] == 0)
                    statistics[i].sampled_distinct[key] = statistics[largest].sampled_distinct[key] *
                                                          statistics[i].rows / std::max(1.0, statistics[largest].rows);
    }
}

namespace
{

/* How many of `distinct` values among `rows` are left when `kept` of the rows are. */
double Remaining(double distinct, double rows, double kept)
{
    if (kept >= rows || distinct <= 0)
        return distinct;
    const double group = std::max(1.0, rows / distinct);
    return distinct * (1 - std::pow(1 - kept / rows, group));
}

} // namespace

IndexShape ToShape(const HypotheticalIndex *index, const HypotheticalTable *table, const IndexStatistics &statistics)
{
    IndexShape shape;
    const double rows = std::max(1.0, statistics.rows);
    double combinations = 1;
    double most = 1;
    double present = 1;
    Map<int, double> by_source;

    shape.rows = statistics.rows * table->fraction;
    shape.key_columns = index->key_count;
    shape.deduplicate = index->deduplicate;
    for (int i = 0; i < index->column_count; ++i)
    {
        const ColumnStatistics &from = statistics.columns[i];
        IndexColumn column;
        column.width = from.width;
        column.alignment = from.alignment;
        column.varying = from.varying;
        column.null_fraction = from.null_fraction;
        column.elements = from.elements;
        column.distinct_elements = from.distinct_elements;
        column.element_width = from.element_width;
        column.widths.assign(from.widths, from.widths + from.width_count);
        shape.columns.push_back(std::move(column));
        if (i >= index->key_count)
            continue;

        /* Keys made of the same column do not multiply. */
        const double distinct = std::max(1.0, from.distinct) + (i > 0 && from.null_fraction > 0 ? 1 : 0);
        double &known = by_source[from.source > 0 ? from.source : -i - 1];
        combinations = combinations / std::max(1.0, known) * std::max(known, distinct);
        known = std::max(known, distinct);
        most = std::max(most, distinct);
        if (i == 0)
            present = from.present;

        double together = statistics.prefix_distinct[i];
        if (together <= 0)
            together = std::min(statistics.sampled_distinct[i], combinations);
        /* Independent columns: of the possible combinations so many occur in that many rows. */
        if (together <= 0)
            together = by_source.size() == 1 ? combinations : combinations * -std::expm1(-rows / combinations);
        together = std::max(together, most);
        shape.prefix_distinct.push_back(std::clamp(Remaining(together, rows * present, shape.rows), 1.0,
                                                   std::max(1.0, shape.rows)));
    }
    if (index->key_count == 1 && table->fraction >= 1)
        shape.common.assign(statistics.columns[0].common,
                            statistics.columns[0].common + statistics.columns[0].common_count);
    return shape;
}

} // namespace pg_advisor::whatif
