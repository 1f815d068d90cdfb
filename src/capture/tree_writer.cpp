/*
 * Query tree -> compressed node string in the store.
 *
 * Where real texts must not be kept (pg_advisor.sample_texts = off) the constants of the statement become
 * parameters without a value: the planner then falls back to generic estimates.
 */
#include "capture/tree_writer.hpp"

#include "boundary/attempt.hpp"
#include "settings.hpp"

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
        store::Attach(key, store::Part::Tree, text, static_cast<uint32>(raw), 0);
    else if (size >= 0 && static_cast<Size>(size) <= kLargestStored)
        store::Attach(key, store::Part::Tree, packed, static_cast<uint32>(size), static_cast<uint32>(raw));
    else
        store::CountDroppedSample();
}

} // namespace

void KeepTree(const store::StatementKey &key, Query *query)
{
    MemoryContext scratch =
        AllocSetContextCreateInternal(CurrentMemoryContext, "pg_advisor tree", ALLOCSET_DEFAULT_SIZES);
    MemoryContext previous = MemoryContextSwitchTo(scratch);

    const char *text = nullptr;
    if (Attempt([&] { text = nodeToString(settings::sample_texts ? query : Masked(query)); }))
        StoreCompressed(key, text);
    else
        store::CountDroppedSample(); /* nested too deeply, say */
    MemoryContextSwitchTo(previous);
    MemoryContextDelete(scratch);
}

} // namespace pg_advisor::capture
