/*
 * Text of one statement -> the rewritten tree the planner gets. See plannable.hpp.
 *
 * Called by advisor.what_if, evaluate_indexes and suggest_indexes for texts a person gave. Parses without
 * the hooks of other modules, so that those texts are counted nowhere.
 */
#include "boundary/sandbox.hpp"
#include "whatif/plannable.hpp"
#include "whatif/server_error.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Raises with C rules: the frames here hold nothing with a destructor. */
[[noreturn]] void Reject(const char *message, const char *detail, const char *hint)
{
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", message), errdetail("%s", detail),
                    errhint("%s", hint)));
    pg_unreachable();
}

RawStmt *OnlyStatement(const char *text)
{
    List *statements = raw_parser(text, RAW_PARSE_DEFAULT);
    if (list_length(statements) == 0)
        Reject("query is empty", "The text holds no statement.",
               "Give the text of one SELECT, INSERT, UPDATE, DELETE or MERGE.");
    if (list_length(statements) > 1)
        Reject("query holds several statements", psprintf("The text holds %d statements.", list_length(statements)),
               "Give one statement at a time.");
    return linitial_node(RawStmt, statements);
}

/* EXPLAIN, PREPARE and DECLARE stand for the statement inside; PREPARE also names parameter types. */
Node *Unwrap(ParseState *state, Node *statement, Oid **types, int *count)
{
    if (IsA(statement, ExplainStmt))
        return Unwrap(state, reinterpret_cast<ExplainStmt *>(statement)->query, types, count);
    if (IsA(statement, DeclareCursorStmt))
        return Unwrap(state, reinterpret_cast<DeclareCursorStmt *>(statement)->query, types, count);
    if (!IsA(statement, PrepareStmt))
        return statement;
    auto *prepare = reinterpret_cast<PrepareStmt *>(statement);
    if (*types != nullptr)
        return Unwrap(state, prepare->query, types, count);

    ListCell *cell;
    *types = static_cast<Oid *>(palloc(sizeof(Oid) * (list_length(prepare->argtypes) + 1)));
    foreach (cell, prepare->argtypes)
        (*types)[(*count)++] = typenameTypeId(state, static_cast<TypeName *>(lfirst(cell)));
    return Unwrap(state, prepare->query, types, count);
}

Query *Analyse(const char *text, ParamListInfo params)
{
    RawStmt *raw = OnlyStatement(text);
    ParseState *state = make_parsestate(nullptr);
    Oid *types = nullptr;
    int count = 0;
    if (params != nullptr)
    {
        count = params->numParams;
        types = static_cast<Oid *>(palloc(sizeof(Oid) * (count + 1)));
        for (int i = 0; i < count; i++)
            types[i] = params->params[i].ptype;
    }

    state->p_sourcetext = text;
    raw->stmt = Unwrap(state, raw->stmt, &types, &count);
    setup_parse_variable_parameters(state, &types, &count);

    Query *query = transformTopLevelStmt(state, raw);
    check_variable_parameters(state, query);
    free_parsestate(state);
    query->queryId = 0;
    if (query->commandType == CMD_UTILITY)
        Reject(psprintf("%s has no plan", GetCommandTagName(CreateCommandTag(raw->stmt))),
               "It is a utility statement: the planner has no part in it.",
               "Give the text of one SELECT, INSERT, UPDATE, DELETE or MERGE.");
    return query;
}

Query *Rewrite(Query *query)
{
    List *rewritten = QueryRewrite(query);
    if (list_length(rewritten) != 1)
        Reject("statement is rewritten by rules",
               psprintf("The rules on its table make %d statements of it.", list_length(rewritten)),
               "Give the statements of the rule one by one.");
    Query *result = linitial_node(Query, rewritten);
    if (result->commandType == CMD_UTILITY || result->utilityStmt != nullptr)
        Reject("statement is rewritten by rules", "The rules on its table make a utility statement of it.",
               "Give the statements of the rule one by one.");
    result->queryId = 0;
    return result;
}

} // namespace

PlannableQuery ParseQuery(const char *text, Oid user, const char *search_path, ParamListInfo types)
{
    PlannableQuery result;
    SandboxOptions options;
    options.user = user;
    options.search_path = search_path;
    try
    {
        Sandbox(options, [&] {
            MemoryContext caller = CurrentMemoryContext;
            MemoryContext parse =
                AllocSetContextCreateInternal(caller, "pg_advisor parse", ALLOCSET_DEFAULT_SIZES);
            MemoryContextSwitchTo(parse);
            /* Parsing locks the tables: one that DDL holds is a reason to leave the statement out, not to wait. */
            (void)set_config_option("lock_timeout", "100ms", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
                                    false);
            Query *query = Rewrite(Analyse(text, types));
            MemoryContextSwitchTo(caller);
            result.tree = copyObject(query);
            result.text = pstrdup(text);
            MemoryContextDelete(parse);
        });
    }
    catch (const PgError &error)
    {
        ThrowAsFailure(error);
    }
    result.user = user;
    return result;
}

} // namespace pg_advisor::whatif
