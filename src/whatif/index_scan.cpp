/*
 * Reads the indexes of a table for the catalog reader: definitions with defaults left out, and sizes.
 */
#include "whatif/nodes.hpp"
#include "whatif/table_scan.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* A text of nodes (pg_index.indexprs, indpred) as a tree, or nullptr. */
Node *TreeOf(HeapTuple tuple, AttrNumber attribute)
{
    bool is_null;
    Datum value = SysCacheGetAttr(INDEXRELID, tuple, attribute, &is_null);
    return is_null ? nullptr : static_cast<Node *>(stringToNode(TextDatumGetCString(value)));
}

/*
 * Folded as the planner does with both sides before it compares them. That may call functions, which then run as
 * the owner of the table, who chose them, and not as whoever reads it; the sandbox restores the user after an error.
 */
Node *Fold(Relation table, Node *node)
{
    Oid user;
    int security;
    GetUserIdAndSecContext(&user, &security);
    SetUserIdAndSecContext(table->rd_rel->relowner,
                           security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_RESTRICTED_OPERATION);
    Node *folded = eval_const_expressions(nullptr, node);
    SetUserIdAndSecContext(user, security);
    return folded;
}

/* Main fork; of an index whose lock is taken, what was known at the last VACUUM or ANALYZE. */
double BytesOf(Oid index)
{
    if (!ConditionalLockRelationOid(index, AccessShareLock))
    {
        HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
        if (!HeapTupleIsValid(tuple))
            return 0;
        const double pages = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relpages;
        ReleaseSysCache(tuple);
        return pages * BLCKSZ;
    }
    Relation relation = try_relation_open(index, NoLock);
    if (relation == nullptr)
        return 0;
    const double bytes =
        RELKIND_HAS_STORAGE(relation->rd_rel->relkind) ? RelationGetNumberOfBlocks(relation) * double{BLCKSZ} : 0;
    relation_close(relation, NoLock);
    return bytes;
}

double BytesOfTree(Oid index, bool partitioned)
{
    if (!partitioned)
        return BytesOf(index);
    double bytes = 0;
    ListCell *cell;
    List *parts = find_all_inheritors(index, NoLock, nullptr);
    foreach (cell, parts)
        bytes += BytesOf(lfirst_oid(cell));
    return bytes;
}

void ScanKey(Relation table, const RawIndex *index, AttrNumber attribute, Oid opclass, Oid collation, int16 option,
             ListCell **next_expression, List *expressions, RawKey *key)
{
    Oid type, own_collation;
    key->column = attribute;
    if (attribute == 0)
    {
        Node *raw = static_cast<Node *>(lfirst(*next_expression));
        *next_expression = lnext(expressions, *next_expression);
        type = exprType(raw);
        own_collation = exprCollation(raw);
        key->expression = KeyText(RelationGetRelid(table), raw);
        key->node = NodeText(Fold(table, raw), 1);
    }
    else if (attribute < 0)
    {
        type = InvalidOid;
        own_collation = InvalidOid;
    }
    else
    {
        const FormData_pg_attribute *column = TupleDescAttr(RelationGetDescr(table), attribute - 1);
        type = column->atttypid;
        own_collation = column->attcollation;
    }
    const Oid method = get_am_oid(index->method, true);
    key->opclass = OidIsValid(type) && GetDefaultOpClass(type, method) == opclass ? InvalidOid : opclass;
    key->collation = collation == own_collation ? InvalidOid : collation;
    key->descending = (option & INDOPTION_DESC) != 0;
    key->nulls_first = (option & INDOPTION_NULLS_FIRST) != 0;
}

void ScanKeys(Relation table, HeapTuple tuple, RawIndex *index)
{
    const FormData_pg_index *form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    bool is_null;
    const oidvector *opclasses = reinterpret_cast<oidvector *>(
        DatumGetPointer(SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indclass, &is_null)));
    const oidvector *collations = reinterpret_cast<oidvector *>(
        DatumGetPointer(SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indcollation, &is_null)));
    const int2vector *options = reinterpret_cast<int2vector *>(
        DatumGetPointer(SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indoption, &is_null)));
    List *expressions = reinterpret_cast<List *>(TreeOf(tuple, Anum_pg_index_indexprs));
    ListCell *next_expression = list_head(expressions);

    index->keys = form->indnkeyatts;
    index->key = static_cast<RawKey *>(palloc0(sizeof(RawKey) * (form->indnkeyatts + 1)));
    for (int i = 0; i < form->indnkeyatts; i++)
        ScanKey(table, index, form->indkey.values[i], opclasses->values[i], collations->values[i], options->values[i],
                &next_expression, expressions, &index->key[i]);

    index->includes = form->indnatts - form->indnkeyatts;
    index->include = static_cast<AttrNumber *>(palloc0(sizeof(AttrNumber) * (index->includes + 1)));
    for (int i = 0; i < index->includes; i++)
        index->include[i] = form->indkey.values[form->indnkeyatts + i];
}

/* What creating it again would lose. */
char *SettingsOf(Oid oid, int columns)
{
    StringInfoData text;
    const char *name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(oid)), get_rel_name(oid));
    initStringInfo(&text);
    for (AttrNumber number = 1; number <= columns; number++)
    {
        HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(oid), Int16GetDatum(number));
        if (!HeapTupleIsValid(tuple))
            continue;
        if (const int target = compat::StatisticsTarget(tuple); target >= 0)
            appendStringInfo(&text, ";\nALTER INDEX %s ALTER COLUMN %d SET STATISTICS %d", name, number, target);
        ReleaseSysCache(tuple);
    }
    if (const char *comment = GetComment(oid, RelationRelationId, 0))
        appendStringInfo(&text, ";\nCOMMENT ON INDEX %s IS %s", name, quote_literal_cstr(comment));
    return text.data;
}

bool ScanIndex(Relation table, Oid oid, RawIndex *index)
{
    HeapTuple class_tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(class_tuple))
        return false;
    const FormData_pg_class *class_form = reinterpret_cast<Form_pg_class>(GETSTRUCT(class_tuple));
    index->oid = oid;
    index->name = pstrdup(NameStr(class_form->relname));
    index->method = get_am_name(class_form->relam);
    const bool partitioned = class_form->relkind == RELKIND_PARTITIONED_INDEX;
    ReleaseSysCache(class_tuple);

    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(tuple) || index->method == nullptr)
        return false;
    const FormData_pg_index *form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    index->unique = form->indisunique;
    index->valid = form->indisvalid && form->indisready && form->indislive;
    index->replica_identity = form->indisreplident;
    index->clustered = form->indisclustered;
    index->deferrable = !form->indimmediate;
    index->attached = get_rel_relispartition(oid);
    if (!index->attached)
    {
        index->definition = pg_get_indexdef_string(oid);
        index->settings = SettingsOf(oid, form->indnatts);
    }
    /* a plain unique index that a foreign key points to cannot be dropped either */
    index->constraint = OidIsValid(get_index_constraint(oid)) || get_index_ref_constraints(oid) != NIL;
    ScanKeys(table, tuple, index);
    if (Node *predicate = TreeOf(tuple, Anum_pg_index_indpred))
    {
        index->predicate = ConditionText(RelationGetRelid(table), predicate);
        Expr *folded = reinterpret_cast<Expr *>(Fold(table, predicate));
        index->predicate_node = NodeText(reinterpret_cast<Node *>(canonicalize_qual(folded, false)), 1);
    }
    ReleaseSysCache(tuple);
    index->bytes = BytesOfTree(oid, partitioned);
    if (const PgStat_StatTabEntry *counters = pgstat_fetch_stat_tabentry(oid))
    {
        index->scans = static_cast<double>(counters->numscans);
        if (const TimestampTz last = compat::LastScan(counters))
            index->idle_seconds = static_cast<double>(GetCurrentTimestamp() - last) / 1e6;
    }
    return true;
}

} // namespace

void ScanIndexes(Relation relation, RawTable *table)
{
    List *oids = RelationGetIndexList(relation);
    table->index = static_cast<RawIndex *>(palloc0(sizeof(RawIndex) * (list_length(oids) + 1)));
    ListCell *cell;
    foreach (cell, oids)
        if (ScanIndex(relation, lfirst_oid(cell), &table->index[table->indexes]))
            table->reads += table->index[table->indexes++].scans;
}

} // namespace pg_advisor::whatif
