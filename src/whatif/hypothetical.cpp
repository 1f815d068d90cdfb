/*
 * IndexSpec -> IndexOptInfo: see hypothetical.hpp.
 */
#include "whatif/hypothetical.hpp"

#include "advise/other_sizes.hpp"
#include "boundary/sandbox.hpp"
#include "whatif/index_shape.hpp"
#include "whatif/server_error.hpp"

namespace pg_advisor::whatif
{

namespace
{

constexpr double kMostTupleBytes = 2704; /* of nbtree, for 8 kB pages */

/* The IndexSpec in plain memory, for frames that must not hold C++ objects. */
struct PlainSpec
{
    Oid relation;
    const char *method;
    int key_count;
    int column_count;
    const int *columns;
    const Oid *opclasses;
    const Oid *collations;
    const bool *descending;
    const bool *nulls_first;
    const char *const *expressions;
    const char *predicate;
    bool unique;
};

template <class T> T *NewArray(int count)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): T may be a pointer. */
    return static_cast<T *>(palloc0(sizeof(T) * std::max(count, 1)));
}

[[noreturn]] void NoSuchColumn(Oid relation, int column)
{
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                    errmsg("column number %d of relation %u does not exist", column, relation)));
    pg_unreachable();
}

/* nbtree's own condition for posting lists: equal values of every key are interchangeable. */
bool EqualImage(Oid family, Oid type, Oid collation)
{
    const Oid procedure = get_opfamily_proc(family, type, type, BTEQUALIMAGE_PROC);
    return OidIsValid(procedure) &&
           DatumGetBool(OidFunctionCall1Coll(procedure, collation, ObjectIdGetDatum(type)));
}

/* As gistcanreturn: what is stored is the value, or can be turned back into it. */
bool ReturnsValues(Oid family, Oid type)
{
    return OidIsValid(get_opfamily_proc(family, type, type, GIST_FETCH_PROC)) ||
           !OidIsValid(get_opfamily_proc(family, type, type, GIST_COMPRESS_PROC));
}

void ResolveKey(const PlainSpec &spec, int i, Node *expression, HypotheticalIndex *index)
{
    Oid type, column_collation;
    int32 typmod;
    if (expression != nullptr)
    {
        type = exprType(expression);
        column_collation = exprCollation(expression);
    }
    else
        get_atttypetypmodcoll(spec.relation, spec.columns[i], &type, &typmod, &column_collation);

    Oid opclass = spec.opclasses[i];
    if (!OidIsValid(opclass))
        opclass = GetDefaultOpClass(type, index->method);
    if (!OidIsValid(opclass))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                        errmsg("data type %s has no default operator class for access method \"%s\"",
                               format_type_be(type), spec.method)));
    index->families[i] = get_opclass_family(opclass);
    index->types[i] = get_opclass_input_type(opclass);
    index->collations[i] = OidIsValid(spec.collations[i]) ? spec.collations[i] : column_collation;
    index->descending[i] = spec.descending[i];
    index->nulls_first[i] = spec.nulls_first[i];
    index->returned[i] = index->method == BTREE_AM_OID ||
                         (index->method == GIST_AM_OID && ReturnsValues(index->families[i], index->types[i]));
    index->deduplicate =
        index->deduplicate && EqualImage(index->families[i], index->types[i], index->collations[i]);
}

/* Expressions and predicate as the relation cache would hand them to the planner. */
Node *Preprocess(Node *node)
{
    node = eval_const_expressions(nullptr, node);
    fix_opfuncids(node);
    return node;
}

/* Attribute numbers and expressions of the index on one of its tables. */
void FillTable(const HypotheticalIndex *index, const PlainSpec &spec, List *expressions, List *predicate,
               HypotheticalTable *table)
{
    table->columns = NewArray<int>(spec.column_count);
    if (table->relation == spec.relation)
    {
        std::copy_n(spec.columns, spec.column_count, table->columns);
        table->expressions = expressions;
        table->predicate = predicate;
        return;
    }

    Relation from = table_open(index->relation, NoLock);
    Relation to = table_open(table->relation, NoLock);
    AttrMap *map = make_attrmap(RelationGetDescr(from)->natts);
    bool whole_row;
    for (int i = 0; i < map->maplen; ++i)
    {
        const Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(from), i);
        if (!attribute->attisdropped)
            map->attnums[i] = get_attnum(table->relation, NameStr(attribute->attname));
    }
    for (int i = 0; i < spec.column_count; ++i)
        table->columns[i] = spec.columns[i] == 0 ? 0 : map->attnums[spec.columns[i] - 1];
    table->expressions = reinterpret_cast<List *>(map_variable_attnos(
        reinterpret_cast<Node *>(expressions), 1, 0, map, to->rd_rel->reltype, &whole_row));
    table->predicate = reinterpret_cast<List *>(map_variable_attnos(reinterpret_cast<Node *>(predicate), 1, 0, map,
                                                                    to->rd_rel->reltype, &whole_row));
    table_close(to, NoLock);
    table_close(from, NoLock);
}

/* The tables the index would really be on, by OID. A partition that is locked by DDL is left out. */
void FindTables(HypotheticalIndex *index)
{
    List *relations = get_rel_relkind(index->relation) == RELKIND_PARTITIONED_TABLE
                          ? find_all_inheritors(index->relation, NoLock, nullptr)
                          : list_make1_oid(index->relation);
    ListCell *cell;

    list_sort(relations, list_oid_cmp);
    index->tables = NewArray<HypotheticalTable>(list_length(relations));
    foreach (cell, relations)
    {
        const Oid relation = lfirst_oid(cell);
        const char kind = get_rel_relkind(relation);
        if (kind != RELKIND_RELATION && kind != RELKIND_MATVIEW)
            continue;
        if (ConditionalLockRelationOid(relation, AccessShareLock) && get_rel_relkind(relation) == kind)
            index->tables[index->table_count++].relation = relation;
    }
}

/* Everything but sizes. Runs in the sandbox; results go to `context`. */
HypotheticalIndex *Resolve(const PlainSpec &spec, Oid oid)
{
    auto *index = NewArray<HypotheticalIndex>(1);
    List *expressions = NIL;
    List *predicate = NIL;

    if (!ConditionalLockRelationOid(spec.relation, AccessShareLock))
        ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
                        errmsg("could not obtain lock on relation %u", spec.relation)));
    if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(spec.relation)))
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation %u does not exist", spec.relation)));

    index->oid = oid;
    index->method = get_index_am_oid(spec.method, false);
    index->relation = spec.relation;
    index->key_count = spec.key_count;
    index->column_count = spec.column_count;
    index->unique = spec.unique;
    index->deduplicate = index->method == BTREE_AM_OID && !spec.unique && spec.key_count == spec.column_count;
    index->entries = 1;
    index->returned = NewArray<bool>(spec.column_count);
    std::fill_n(index->returned, spec.column_count, true);
    index->families = NewArray<Oid>(spec.key_count);
    index->types = NewArray<Oid>(spec.key_count);
    index->collations = NewArray<Oid>(spec.key_count);
    index->descending = NewArray<bool>(spec.key_count);
    index->nulls_first = NewArray<bool>(spec.key_count);

    StringInfoData name;
    initStringInfo(&name);
    appendStringInfo(&name, "<hypothetical> %s", get_rel_name(spec.relation));
    for (int i = 0; i < spec.column_count; ++i)
    {
        Node *expression = nullptr;
        if (spec.columns[i] == 0)
        {
            expression = Preprocess(static_cast<Node *>(stringToNode(spec.expressions[i])));
            expressions = lappend(expressions, expression);
        }
        const char *column = expression ? "expr" : get_attname(spec.relation, spec.columns[i], true);
        if (column == nullptr || spec.columns[i] < 0)
            NoSuchColumn(spec.relation, spec.columns[i]);
        appendStringInfo(&name, "_%s", column);
        if (i < spec.key_count)
            ResolveKey(spec, i, expression, index);
    }
    appendStringInfoString(&name, "_idx");
    index->name = name.data;

    if (spec.predicate != nullptr)
        predicate = ReadPredicate(spec.predicate);
    index->expressions = expressions;
    FindTables(index);
    for (int i = 0; i < index->table_count; ++i)
        FillTable(index, spec, expressions, predicate, &index->tables[i]);
    return index;
}

void SizeOther(const char *method, HypotheticalIndex *index, HypotheticalTable *table,
               const IndexStatistics &statistics)
{
    const OtherSize size = EstimateOther(method, ToShape(index, table, statistics), statistics.pages);
    table->rows = statistics.rows;
    table->pages = size.pages;
    table->height = -1; /* the planner guesses it from the pages */
    index->bytes += size.pages * BLCKSZ;
    index->entries = size.entries;
}

void SizeTable(HypotheticalIndex *index, HypotheticalTable *table, const IndexStatistics &statistics)
{
    const BtreeSize size = EstimateBtree(ToShape(index, table, statistics));
    if (size.tuple > kMostTupleBytes)
        throw Failure("54000", "index row would be too large",
                      "An average row of the index exceeds what fits in a third of a page.",
                      "Index a hash of the value, or a part of it.");
    table->rows = statistics.rows;
    table->pages = size.pages;
    table->height = size.height;
    index->bytes += size.Bytes();
    index->height = std::max(index->height, size.height);
}

} // namespace

List *ReadPredicate(const char *node_string)
{
    auto *node = static_cast<Node *>(stringToNode(node_string));
    if (node != nullptr && IsA(node, List))
        node = reinterpret_cast<Node *>(make_ands_explicit(reinterpret_cast<List *>(node)));
    node = eval_const_expressions(nullptr, node);
    node = reinterpret_cast<Node *>(canonicalize_qual(reinterpret_cast<Expr *>(node), false));
    List *list = make_ands_implicit(reinterpret_cast<Expr *>(node));
    fix_opfuncids(reinterpret_cast<Node *>(list));
    return list;
}

bool CanBeHypothetical(std::string_view method)
{
    constexpr std::string_view known[] = {"btree", "hash", "gist", "spgist", "gin", "brin"};
    return std::find(std::begin(known), std::end(known), method) != std::end(known);
}

HypotheticalIndex *BuildHypothetical(const IndexSpec &spec, Oid oid, MemoryContext context,
                                     const Vector<HeapTuple> &known, RowSamples *samples)
{
    if (!CanBeHypothetical(spec.access_method))
        throw Failure("0A000", "access method cannot be estimated",
                      "Hypothetical indexes are of the methods btree, hash, gist, spgist, gin and brin.");
    if (spec.keys.empty())
        throw Failure("22023", "an index needs at least one key");

    Vector<int> columns;
    Vector<Oid> opclasses, collations;
    Vector<const char *> expressions;
    const std::size_t keys = spec.keys.size();
    std::unique_ptr<bool[]> descending(new bool[keys]), nulls_first(new bool[keys]);
    for (std::size_t i = 0; i < keys; ++i)
    {
        const KeyPart &key = spec.keys[i];
        columns.push_back(key.column);
        opclasses.push_back(key.opclass);
        collations.push_back(key.collation);
        expressions.push_back(key.expression_node.c_str());
        descending[i] = key.descending;
        nulls_first[i] = key.nulls_first;
    }
    for (std::int16_t column : spec.include)
        columns.push_back(column);
    const PlainSpec plain{spec.relation,
                          spec.access_method.c_str(),
                          static_cast<int>(keys),
                          static_cast<int>(columns.size()),
                          columns.data(),
                          opclasses.data(),
                          collations.data(),
                          descending.get(),
                          nulls_first.get(),
                          expressions.data(),
                          spec.predicate_node.empty() ? nullptr : spec.predicate_node.c_str(),
                          spec.unique};

    HypotheticalIndex *index = nullptr;
    IndexStatistics *statistics = nullptr;
    try
    {
        Sandbox({spec.user.oid, nullptr}, [&] {
            MemoryContext caller = MemoryContextSwitchTo(context);
            index = Resolve(plain, oid);
            index->statistics = NewArray<HeapTuple>(index->key_count);
            MemoryContextSwitchTo(caller);
            std::copy(known.begin(), known.end(), index->statistics);
            statistics = NewArray<IndexStatistics>(index->table_count);
            for (int i = 0; i < index->table_count; ++i)
            {
                HypotheticalTable *table = &index->tables[i];
                ReadIndexStatistics(index, table, &statistics[i]);
                table->fraction = table->predicate == NIL
                                      ? 1
                                      : PredicateFraction(table->relation, table->predicate, statistics[i].rows);
            }
            SampleDistinct(index, samples, statistics);
        });
    }
    catch (const PgError &error)
    {
        ThrowAsFailure(error);
    }
    for (int i = 0; i < index->table_count; ++i)
        if (index->method == BTREE_AM_OID)
            SizeTable(index, &index->tables[i], statistics[i]);
        else
            SizeOther(plain.method, index, &index->tables[i], statistics[i]);
    return index;
}

} // namespace pg_advisor::whatif
