/*
 * Query tree -> compressed node string in the store.
 *
 * Where real texts must not be kept (pg_advisor.sample_texts = off) the constants of the statement become
 * parameters without a value: the planner then falls back to generic estimates. So do those of a statement
 * that reads no table, because they tell the planner nothing: most are expressions of PL/pgSQL, and the text
 * that EXECUTE runs is one of them, whatever password may be in it.
 */
#include "capture/tree_writer.hpp"

#include "boundary/attempt.hpp"
#include "capture/normalise.hpp"
#include "settings.hpp"
#include "whatif/nodes.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr Size kLargestStored = 128 * 1024; /* bytes after compression */

struct MaskContext
{
    int next_parameter;
};

bool FindHighestParameter(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, Param) && reinterpret_cast<Param *>(node)->paramkind == PARAM_EXTERN)
    {
        auto *mask = static_cast<MaskContext *>(context);
        mask->next_parameter = std::max(mask->next_parameter, reinterpret_cast<Param *>(node)->paramid + 1);
        return false;
    }
    if (IsA(node, Query))
        return compat::WalkQuery(reinterpret_cast<Query *>(node), FindHighestParameter, context, 0);
    return compat::WalkExpression(node, FindHighestParameter, context);
}

/* A constant with a position was written by the user; one without was made by the server. */
Node *MaskConstants(Node *node, void *context)
{
    if (node == nullptr)
        return nullptr;
    if (Node *kept = whatif::MutateAroundKeyword(node, MaskConstants, context))
        return kept;
    if (IsA(node, Const) && reinterpret_cast<Const *>(node)->location >= 0)
    {
        const auto *constant = reinterpret_cast<Const *>(node);
        Param *param = makeNode(Param);
        param->paramkind = PARAM_EXTERN;
        param->paramid = static_cast<MaskContext *>(context)->next_parameter++;
        param->paramtype = constant->consttype;
        param->paramtypmod = constant->consttypmod;
        param->paramcollid = constant->constcollid;
        param->location = -1;
        return reinterpret_cast<Node *>(param);
    }
    if (IsA(node, Query))
        return reinterpret_cast<Node *>(
            compat::MutateQuery(reinterpret_cast<Query *>(node), MaskConstants, context, 0));
    return compat::MutateExpression(node, MaskConstants, context);
}

bool ReadsTable(Node *node, void *context)
{
    if (node == nullptr)
        return false;
    if (IsA(node, RangeTblEntry))
        return reinterpret_cast<RangeTblEntry *>(node)->rtekind == RTE_RELATION;
    if (IsA(node, Query))
        return compat::WalkQuery(reinterpret_cast<Query *>(node), ReadsTable, context, QTW_EXAMINE_RTES_BEFORE);
    return compat::WalkExpression(node, ReadsTable, context);
}

Query *Masked(Query *query)
{
    MaskContext context{1};
    (void)compat::WalkQuery(query, FindHighestParameter, &context, 0);
    return compat::MutateQuery(query, MaskConstants, &context, 0);
}

void StoreCompressed(const store::StatementKey &key, const char *text)
{
    const Size raw = strlen(text) + 1;
    if (raw > store::kLargestTree)
    {
        store::CountDroppedSample();
        return;
    }
    auto *packed = static_cast<char *>(palloc(PGLZ_MAX_OUTPUT(raw)));
    const int32 size = pglz_compress(text, static_cast<int32>(raw), packed, PGLZ_strategy_always);
    if (size < 0 && raw <= kLargestStored)
        store::AttachTree(key, text, static_cast<uint32>(raw), 0);
    else if (size >= 0 && static_cast<Size>(size) <= kLargestStored)
        store::AttachTree(key, packed, static_cast<uint32>(size), static_cast<uint32>(raw));
    else
        store::CountDroppedSample();
}

} // namespace

bool NeedsTree(const Query *query, const char *text, bool toplevel)
{
    if (!toplevel || !settings::sample_texts || query->querySource != QSRC_ORIGINAL || text == nullptr)
        return true;
    return StatementIn(text, query->stmt_location, query->stmt_len).length > kLongestText;
}

void KeepTree(const store::StatementKey &key, Query *query)
{
    MemoryContext scratch =
        AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor tree", ALLOCSET_DEFAULT_SIZES);
    MemoryContext previous = MemoryContextSwitchTo(scratch);

    const char *text = nullptr;
    if (Attempt([&] {
            const bool as_it_is = settings::sample_texts && ReadsTable(reinterpret_cast<Node *>(query), nullptr);
            text = nodeToString(as_it_is ? query : Masked(query));
        }))
        StoreCompressed(key, text);
    else
        store::CountDroppedSample(); /* nested too deeply, say */
    MemoryContextSwitchTo(previous);
    MemoryContextDelete(scratch);
}

} // namespace pg_advisor::capture
