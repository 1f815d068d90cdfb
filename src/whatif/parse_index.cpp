/*
 * CREATE INDEX text -> IndexSpec: see parse_index.hpp.
 *
 * Makes the checks of DefineIndex and ComputeIndexAttrs that do not depend on the rows. IF NOT EXISTS, CONCURRENTLY,
 * TABLESPACE and WITH do not change what the planner sees and are ignored.
 */
#include "whatif/parse_index.hpp"

#include "boundary/sandbox.hpp"
#include "whatif/hypothetical.hpp"
#include "whatif/node_text.hpp"
#include "whatif/server_error.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* What the sandboxed part finds, in plain memory. */
struct ParsedKey
{
    AttrNumber column;
    const char *expression;
    const char *node;
    Oid opclass;
    Oid collation;
    bool descending;
    bool nulls_first;
};

struct ParsedIndex
{
    Oid relation;
    const char *method;
    ParsedKey *keys;
    int key_count;
    AttrNumber *include;
    int include_count;
    const char *predicate;
    const char *predicate_node;
    bool unique;
    const char *name; /* nullptr: none in the text */
};

bool Attaches(Node *statement)
{
    if (!IsA(statement, AlterTableStmt) || reinterpret_cast<AlterTableStmt *>(statement)->objtype != OBJECT_INDEX)
        return false;
    const List *commands = reinterpret_cast<AlterTableStmt *>(statement)->cmds;
    return list_length(commands) == 1 && linitial_node(AlterTableCmd, commands)->subtype == AT_AttachPartition;
}

/* One index, or that of a partitioned table in steps: ON ONLY the parent, then those of its partitions, attached. */
bool MakesOneIndex(const List *statements)
{
    if (statements == NIL || !IsA(linitial_node(RawStmt, statements)->stmt, IndexStmt))
        return false;
    const auto *first = reinterpret_cast<IndexStmt *>(linitial_node(RawStmt, statements)->stmt);
    for (int i = 1; i < list_length(statements); ++i)
    {
        Node *other = list_nth_node(RawStmt, statements, i)->stmt;
        if (first->relation->inh || !(IsA(other, IndexStmt) || Attaches(other)))
            return false;
    }
    return true;
}

bool DropsIndex(const List *statements)
{
    if (statements == NIL || !IsA(linitial_node(RawStmt, statements)->stmt, DropStmt))
        return false;
    return reinterpret_cast<DropStmt *>(linitial_node(RawStmt, statements)->stmt)->removeType == OBJECT_INDEX;
}

IndexStmt *OnlyCreateIndex(const char *ddl)
{
    List *statements = raw_parser(ddl, RAW_PARSE_DEFAULT);
    if (!MakesOneIndex(statements))
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("not a CREATE INDEX statement"),
                        errdetail("The text must hold exactly one CREATE INDEX."),
                        DropsIndex(statements)
                            ? errhint("What a drop changes is shown by advisor.evaluate_indexes, with the index in drop_indexes.")
                            : errhint("For example: CREATE INDEX ON orders (customer_id).")));
    return reinterpret_cast<IndexStmt *>(linitial_node(RawStmt, statements)->stmt);
}

/* Size and selectivity come from the statistics: pg_stats shows them to who may read the columns, no one else. */
void CheckPrivileges(Oid relation, const char *name)
{
    if (pg_class_aclcheck(relation, GetUserId(), ACL_SELECT) != ACLCHECK_OK &&
        pg_attribute_aclcheck_all(relation, GetUserId(), ACL_SELECT, ACLMASK_ALL) != ACLCHECK_OK)
        aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_TABLE, name);
}

/* Finds and locks the table, and refuses what cannot have an index. */
Oid FindRelation(const IndexStmt *statement)
{
    const Oid relation = RangeVarGetRelidExtended(statement->relation, AccessShareLock, 0, nullptr, nullptr);
    const char *name = statement->relation->relname;
    CheckPrivileges(relation, name);
    switch (get_rel_relkind(relation))
    {
    case RELKIND_RELATION:
    case RELKIND_MATVIEW:
    case RELKIND_PARTITIONED_TABLE:
        break;
    default:
        ereport(ERROR,
                (errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("cannot create index on relation \"%s\"", name),
                 errdetail("It is neither a table, nor a partitioned table, nor a materialized view.")));
    }
    if (IsCatalogRelationOid(relation) && !allowSystemTableMods)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("user-defined indexes on system catalog tables are not supported")));
    return relation;
}

[[noreturn]] void NotSupported(const char *method, const char *what)
{
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("access method \"%s\" does not support %s", method, what)));
    pg_unreachable();
}

/* What the method can do: as DefineIndex asks. Returns its name. */
const char *CheckMethod(const IndexStmt *statement)
{
    const char *name = statement->accessMethod ? statement->accessMethod : DEFAULT_INDEX_TYPE;
    if (strcmp(name, "rtree") == 0)
        name = "gist";
    const IndexAmRoutine *method = GetIndexAmRoutineByAmId(get_index_am_oid(name, false), false);
    if (!CanBeHypothetical(name))
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("access method \"%s\" cannot be estimated", name),
                        errdetail("Hypothetical indexes are of the methods btree, hash, gist, spgist, gin and brin.")));
    if (statement->unique && !method->amcanunique)
        NotSupported(name, "unique indexes");
    if (statement->indexIncludingParams != NIL && !method->amcaninclude)
        NotSupported(name, "included columns");
    if (list_length(statement->indexParams) > 1 && !method->amcanmulticol)
        NotSupported(name, "multicolumn indexes");
    ListCell *cell;
    foreach (cell, statement->indexParams)
    {
        const IndexElem *element = lfirst_node(IndexElem, cell);
        if (!method->amcanorder && element->ordering != SORTBY_DEFAULT)
            NotSupported(name, "ASC/DESC options");
        if (!method->amcanorder && element->nulls_ordering != SORTBY_NULLS_DEFAULT)
            NotSupported(name, "NULLS FIRST/LAST options");
    }
    if (statement->excludeOpNames != NIL)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("exclusion constraints cannot be estimated")));
    if (list_length(statement->indexParams) + list_length(statement->indexIncludingParams) > INDEX_MAX_KEYS)
        ereport(ERROR, (errcode(ERRCODE_TOO_MANY_COLUMNS),
                        errmsg("cannot use more than %d columns in an index", INDEX_MAX_KEYS)));
    return name;
}

AttrNumber FindColumn(Oid relation, const char *name)
{
    const AttrNumber column = get_attnum(relation, name);
    if (column == InvalidAttrNumber)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("column \"%s\" does not exist", name)));
    if (column < 0)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("index creation on system columns is not supported")));
    return column;
}

/* As the server asks: after the planner inlined and folded what it can. */
void CheckImmutable(Node *node, const char *what)
{
    auto *copy = static_cast<Expr *>(copyObjectImpl(node));
    Node *planned = reinterpret_cast<Node *>(expression_planner(copy));
    if (contain_mutable_functions(planned))
        ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
                        errmsg("functions in index %s must be marked IMMUTABLE", what)));
    ListCell *cell;
    foreach (cell, pull_var_clause(node, 0))
        if (static_cast<Var *>(lfirst(cell))->varattno < 0)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("index creation on system columns is not supported")));
}

char *Deparse(Oid relation, Node *node)
{
    List *context = deparse_context_for(get_rel_name(relation), relation);
    return deparse_expression(node, context, false, false);
}

/* Whether CREATE INDEX takes the expression without parentheses of its own. */
bool LooksLikeFunction(const Node *node)
{
    if (!IsA(node, FuncExpr))
        return false;
    return reinterpret_cast<const FuncExpr *>(node)->funcformat == COERCE_EXPLICIT_CALL;
}

Oid KeyCollation(const IndexElem *element, Oid type, Oid inherited)
{
    Oid collation = inherited;
    if (element->collation != NIL)
        collation = get_collation_oid(element->collation, false);
    if (!type_is_collatable(type))
    {
        if (OidIsValid(collation) && element->collation != NIL)
            ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                            errmsg("collations are not supported by type %s", format_type_be(type))));
        return InvalidOid;
    }
    if (!OidIsValid(collation))
        ereport(ERROR, (errcode(ERRCODE_INDETERMINATE_COLLATION),
                        errmsg("could not determine which collation to use for index expression"),
                        errhint("Use the COLLATE clause to set the collation explicitly.")));
    return collation;
}

void ParseKey(const ParsedIndex *index, const IndexElem *element, ParsedKey *key)
{
    const Oid relation = index->relation;
    const Oid method = get_index_am_oid(index->method, false);
    Oid type, inherited, natural;
    Node *expression = element->expr;
    while (expression != nullptr && IsA(expression, CollateExpr))
        expression = reinterpret_cast<Node *>(reinterpret_cast<CollateExpr *>(expression)->arg);

    key->column = InvalidAttrNumber;
    if (element->name != nullptr)
        key->column = FindColumn(relation, element->name);
    else if (IsA(expression, Var) && reinterpret_cast<Var *>(expression)->varattno > 0)
        key->column = reinterpret_cast<Var *>(expression)->varattno;

    if (key->column != InvalidAttrNumber)
    {
        int32 typmod;
        get_atttypetypmodcoll(relation, key->column, &type, &typmod, &natural);
        inherited = natural;
        if (element->expr != nullptr)
            inherited = exprCollation(element->expr);
    }
    else
    {
        CheckImmutable(element->expr, "expression");
        type = exprType(element->expr);
        inherited = exprCollation(element->expr);
        natural = exprCollation(expression);
        const char *text = Deparse(relation, expression);
        key->expression = LooksLikeFunction(expression) ? text : psprintf("(%s)", text);
        key->node = NodeText(expression);
    }

    const Oid collation = KeyCollation(element, type, inherited);
    key->collation = collation == natural ? InvalidOid : collation;

    const Oid opclass = ResolveOpClass(element->opclass, type, index->method, method);
    if (element->opclassopts != NIL && method == BTREE_AM_OID)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("operator class has no options")));
    key->opclass = opclass == GetDefaultOpClass(type, method) ? InvalidOid : opclass;
    key->descending = element->ordering == SORTBY_DESC;
    key->nulls_first = element->nulls_ordering == SORTBY_NULLS_DEFAULT ? key->descending
                                                                       : element->nulls_ordering == SORTBY_NULLS_FIRST;
}

AttrNumber ParseInclude(Oid relation, const IndexElem *element)
{
    if (element->expr != nullptr)
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("expressions are not supported in included columns")));
    if (element->collation != NIL || element->opclass != NIL || element->ordering != SORTBY_DEFAULT ||
        element->nulls_ordering != SORTBY_NULLS_DEFAULT)
        ereport(ERROR, (errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
                        errmsg("including column does not support a collation, operator class or order")));
    return FindColumn(relation, element->name);
}

/* A unique index of a partitioned table must tell the partitions apart. */
void CheckPartitionKey(const ParsedIndex *index)
{
    if (!index->unique || get_rel_relkind(index->relation) != RELKIND_PARTITIONED_TABLE)
        return;
    Relation relation = table_open(index->relation, NoLock);
    PartitionKey partition = RelationGetPartitionKey(relation);
    for (int i = 0; i < get_partition_natts(partition); ++i)
    {
        bool found = false;
        for (int key = 0; key < index->key_count; ++key)
            found = found || (index->keys[key].column > 0 &&
                              index->keys[key].column == get_partition_col_attnum(partition, i));
        if (!found)
            ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                            errmsg("unique constraint on partitioned table must include all partitioning columns")));
    }
    table_close(relation, NoLock);
}

void Parse(const char *ddl, ParsedIndex *index)
{
    IndexStmt *statement = OnlyCreateIndex(ddl);
    ListCell *cell;

    index->method = CheckMethod(statement);
    index->relation = FindRelation(statement);
    statement = transformIndexStmt(index->relation, statement, ddl);
    index->unique = statement->unique;
    index->name = statement->idxname;
    index->keys = static_cast<ParsedKey *>(palloc0(sizeof(ParsedKey) * list_length(statement->indexParams)));
    foreach (cell, statement->indexParams)
        ParseKey(index, lfirst_node(IndexElem, cell), &index->keys[index->key_count++]);
    index->include =
        static_cast<AttrNumber *>(palloc0(sizeof(AttrNumber) * (list_length(statement->indexIncludingParams) + 1)));
    foreach (cell, statement->indexIncludingParams)
        index->include[index->include_count++] = ParseInclude(index->relation, lfirst_node(IndexElem, cell));
    CheckPartitionKey(index);
    if (statement->whereClause == nullptr)
        return;
    CheckImmutable(statement->whereClause, "predicate");
    index->predicate = Deparse(index->relation, statement->whereClause);
    index->predicate_node = NodeText(statement->whereClause);
}

IndexSpec ToSpec(const ParsedIndex &parsed)
{
    IndexSpec spec;
    spec.relation = parsed.relation;
    spec.access_method = parsed.method;
    spec.unique = parsed.unique;
    for (int i = 0; i < parsed.key_count; ++i)
    {
        const ParsedKey &from = parsed.keys[i];
        KeyPart key;
        key.column = from.column;
        key.opclass = from.opclass;
        key.collation = from.collation;
        key.descending = from.descending;
        key.nulls_first = from.nulls_first;
        if (from.expression != nullptr)
        {
            key.expression = from.expression;
            key.expression_node = from.node;
        }
        spec.keys.push_back(std::move(key));
    }
    spec.include.assign(parsed.include, parsed.include + parsed.include_count);
    std::sort(spec.include.begin(), spec.include.end());
    spec.include.erase(std::unique(spec.include.begin(), spec.include.end()), spec.include.end());
    if (parsed.predicate != nullptr)
    {
        spec.predicate = parsed.predicate;
        spec.predicate_node = parsed.predicate_node;
    }
    return spec;
}

} // namespace

IndexSpec ParseIndex(const char *ddl, String *name)
{
    ParsedIndex parsed{};
    try
    {
        Sandbox({}, [&] { Parse(ddl, &parsed); }); /* the caller's own text: as the caller, who is spec.user, too */
    }
    catch (const PgError &error)
    {
        ThrowAsFailure(error);
    }
    if (name != nullptr)
        *name = parsed.name != nullptr ? parsed.name : "";
    return ToSpec(parsed);
}

} // namespace pg_advisor::whatif
