/*
 * Hashing of query trees: see fingerprint.hpp. The fields are those of the server's own jumbling, 15 to 18
 * (queryjumble.c, and the query_jumble_ignore attributes of parsenodes.h and primnodes.h).
 */
#include "capture/fingerprint.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr int kDeepest = 200; /* beyond it the server's own check of the stack is wanted */

class Hasher
{
  public:
    bool AddQuery(const Query *query);
    uint64 Result() const { return hash_; }

  private:
    void Mix(uint64 value)
    {
        hash_ = (hash_ ^ value) * UINT64CONST(0x9E3779B97F4A7C15);
        hash_ ^= hash_ >> 29;
    }
    void Mix(uint64 a, uint64 b) { Mix(a << 32 | static_cast<uint32>(b)); }
    void MixText(const char *text)
    {
        Mix(hash_bytes_extended(reinterpret_cast<const unsigned char *>(text), static_cast<int>(strlen(text)), 0));
    }

    template <class T> bool Add(const T *node) { return node == nullptr || AddNode(reinterpret_cast<const Node *>(node)); }
    bool AddNode(const Node *node);
    bool AddKnown(const Node *node);
    bool AddList(const List *list);
    bool AddRelation(const RangeTblEntry *rte);
    bool AddRelations(const List *rtable);
    bool AddAggregate(const Aggref *aggregate);
    bool AddSubLink(const SubLink *link);
    bool AddJoin(const JoinExpr *join);
    bool AddSort(const SortGroupClause *sort);
    bool AddLocks(const List *marks);

    uint64 hash_ = 0;
    int depth_ = 0;
};

bool Hasher::AddList(const List *list)
{
    Mix(T_List, static_cast<uint64>(list->length));
    for (int i = 0; i < list->length; i++)
        if (!Add(static_cast<const Node *>(list->elements[i].ptr_value)))
            return false;
    return true;
}

bool Hasher::AddAggregate(const Aggref *aggregate)
{
    Mix(aggregate->aggfnoid, aggregate->agglevelsup);
    return Add(aggregate->aggdirectargs) && Add(aggregate->args) && Add(aggregate->aggorder) &&
           Add(aggregate->aggdistinct) && Add(aggregate->aggfilter);
}

bool Hasher::AddSubLink(const SubLink *link)
{
    Mix(link->subLinkType, static_cast<uint64>(link->subLinkId));
    return Add(link->testexpr) && IsA(link->subselect, Query) &&
           AddQuery(reinterpret_cast<const Query *>(link->subselect));
}

bool Hasher::AddJoin(const JoinExpr *join)
{
    Mix(static_cast<uint64>(join->jointype) << 1 | join->isNatural, static_cast<uint64>(join->rtindex));
    return Add(join->larg) && Add(join->rarg) && Add(join->quals);
}

bool Hasher::AddSort(const SortGroupClause *sort)
{
    Mix(sort->eqop, sort->sortop);
    Mix(sort->tleSortGroupRef, sort->nulls_first);
    return true;
}

/* What every node has: its tag, and one or two numbers that tell it from others of its kind. */
bool Hasher::AddKnown(const Node *node)
{
    const NodeTag tag = nodeTag(node);
    switch (tag)
    {
        case T_Var:
        {
            const auto *var = reinterpret_cast<const Var *>(node);
            Mix(static_cast<uint64>(tag) << 48 ^ static_cast<uint64>(var->varno) << 32 ^
                static_cast<uint64>(static_cast<uint16>(var->varattno)) << 16 ^ var->varlevelsup << 2 ^
                compat::ReturningType(var));
            return true;
        }
        case T_Const:
            Mix(tag, reinterpret_cast<const Const *>(node)->consttype);
            return true;
        case T_Param:
        {
            const auto *param = reinterpret_cast<const Param *>(node);
            Mix(static_cast<uint64>(tag) << 4 | param->paramkind, param->paramtype);
            Mix(static_cast<uint64>(param->paramid));
            return true;
        }
        case T_TargetEntry:
        {
            const auto *entry = reinterpret_cast<const TargetEntry *>(node);
            Mix(static_cast<uint64>(tag) << 16 | static_cast<uint16>(entry->resno), entry->ressortgroupref);
            return Add(entry->expr);
        }
        case T_OpExpr:
        case T_DistinctExpr:
        case T_NullIfExpr:
            Mix(tag, reinterpret_cast<const OpExpr *>(node)->opno);
            return Add(reinterpret_cast<const OpExpr *>(node)->args);
        case T_ScalarArrayOpExpr:
        {
            const auto *array = reinterpret_cast<const ScalarArrayOpExpr *>(node);
            Mix(static_cast<uint64>(tag) << 1 | array->useOr, array->opno);
            return Add(array->args);
        }
        case T_BoolExpr:
            Mix(tag, reinterpret_cast<const BoolExpr *>(node)->boolop);
            return Add(reinterpret_cast<const BoolExpr *>(node)->args);
        case T_FuncExpr:
            Mix(tag, reinterpret_cast<const FuncExpr *>(node)->funcid);
            return Add(reinterpret_cast<const FuncExpr *>(node)->args);
        case T_RelabelType:
            Mix(tag, reinterpret_cast<const RelabelType *>(node)->resulttype);
            return Add(reinterpret_cast<const RelabelType *>(node)->arg);
        case T_CoerceViaIO:
            Mix(tag, reinterpret_cast<const CoerceViaIO *>(node)->resulttype);
            return Add(reinterpret_cast<const CoerceViaIO *>(node)->arg);
        case T_CollateExpr:
            Mix(tag, reinterpret_cast<const CollateExpr *>(node)->collOid);
            return Add(reinterpret_cast<const CollateExpr *>(node)->arg);
        case T_NullTest:
            Mix(tag, reinterpret_cast<const NullTest *>(node)->nulltesttype);
            return Add(reinterpret_cast<const NullTest *>(node)->arg);
        case T_BooleanTest:
            Mix(tag, reinterpret_cast<const BooleanTest *>(node)->booltesttype);
            return Add(reinterpret_cast<const BooleanTest *>(node)->arg);
        case T_CaseExpr:
        {
            const auto *choice = reinterpret_cast<const CaseExpr *>(node);
            Mix(tag);
            return Add(choice->arg) && Add(choice->args) && Add(choice->defresult);
        }
        case T_CaseWhen:
            Mix(tag);
            return Add(reinterpret_cast<const CaseWhen *>(node)->expr) &&
                   Add(reinterpret_cast<const CaseWhen *>(node)->result);
        case T_CaseTestExpr:
            Mix(tag, reinterpret_cast<const CaseTestExpr *>(node)->typeId);
            return true;
        case T_CoalesceExpr:
            Mix(tag);
            return Add(reinterpret_cast<const CoalesceExpr *>(node)->args);
        case T_MinMaxExpr:
            Mix(tag, reinterpret_cast<const MinMaxExpr *>(node)->op);
            return Add(reinterpret_cast<const MinMaxExpr *>(node)->args);
        case T_SQLValueFunction:
            Mix(static_cast<uint64>(tag) << 8 | reinterpret_cast<const SQLValueFunction *>(node)->op,
                static_cast<uint64>(reinterpret_cast<const SQLValueFunction *>(node)->typmod));
            return true;
        case T_SetToDefault:
            Mix(tag, reinterpret_cast<const SetToDefault *>(node)->typeId);
            return true;
        case T_Aggref:
            Mix(tag);
            return AddAggregate(reinterpret_cast<const Aggref *>(node));
        case T_SubLink:
            Mix(tag);
            return AddSubLink(reinterpret_cast<const SubLink *>(node));
        case T_SortGroupClause:
            Mix(tag);
            return AddSort(reinterpret_cast<const SortGroupClause *>(node));
        case T_RangeTblRef:
            Mix(tag, static_cast<uint64>(reinterpret_cast<const RangeTblRef *>(node)->rtindex));
            return true;
        case T_JoinExpr:
            Mix(tag);
            return AddJoin(reinterpret_cast<const JoinExpr *>(node));
        case T_FromExpr:
            Mix(tag);
            return Add(reinterpret_cast<const FromExpr *>(node)->fromlist) &&
                   Add(reinterpret_cast<const FromExpr *>(node)->quals);
        case T_List:
            return AddList(reinterpret_cast<const List *>(node));
        default:
            return false;
    }
}

bool Hasher::AddNode(const Node *node)
{
    if (depth_ == kDeepest)
        return false;
    depth_++;
    const bool known = AddKnown(node);
    depth_--;
    return known;
}

bool Hasher::AddRelation(const RangeTblEntry *rte)
{
    switch (rte->rtekind)
    {
        case RTE_RELATION:
            Mix(static_cast<uint64>(rte->rtekind) << 1 | rte->inh, rte->relid);
            if (compat::kIdDependsOnNames)
                MixText(rte->eref->aliasname);
            return rte->tablesample == nullptr;
        case RTE_JOIN:
            Mix(static_cast<uint64>(rte->rtekind), rte->jointype);
            return true;
        case RTE_SUBQUERY:
            Mix(static_cast<uint64>(rte->rtekind));
            return AddQuery(rte->subquery);
        case RTE_RESULT:
            Mix(static_cast<uint64>(rte->rtekind));
            return true;
        default:
            return false;
    }
}

bool Hasher::AddRelations(const List *rtable)
{
    Mix(static_cast<uint64>(list_length(rtable)));
    for (int i = 0; i < list_length(rtable); i++)
        if (!AddRelation(static_cast<const RangeTblEntry *>(rtable->elements[i].ptr_value)))
            return false;
    return true;
}

bool Hasher::AddLocks(const List *marks)
{
    for (int i = 0; i < list_length(marks); i++)
    {
        const auto *mark = static_cast<const RowMarkClause *>(marks->elements[i].ptr_value);
        Mix(static_cast<uint64>(mark->strength) << 8 | static_cast<uint64>(mark->waitPolicy) << 1 | mark->pushedDown,
            mark->rti);
    }
    return true;
}

bool Hasher::AddQuery(const Query *query)
{
    if (query->utilityStmt != nullptr || query->cteList != nullptr || query->mergeActionList != nullptr ||
        query->onConflict != nullptr || query->groupingSets != nullptr || query->windowClause != nullptr ||
        query->setOperations != nullptr || depth_ == kDeepest)
        return false;
    depth_++;
    Mix(static_cast<uint64>(query->commandType) << 16 | static_cast<uint64>(query->limitOption) << 8 |
            static_cast<uint64>(query->override) << 4 | static_cast<uint64>(query->groupDistinct),
        static_cast<uint64>(query->resultRelation));
    /* A part that is missing must not look like one that follows. */
    Mix(static_cast<uint64>(query->returningList != nullptr) << 7 | static_cast<uint64>(query->groupClause != nullptr) << 6 |
        static_cast<uint64>(query->havingQual != nullptr) << 5 | static_cast<uint64>(query->distinctClause != nullptr) << 4 |
        static_cast<uint64>(query->sortClause != nullptr) << 3 | static_cast<uint64>(query->limitOffset != nullptr) << 2 |
        static_cast<uint64>(query->limitCount != nullptr) << 1 | static_cast<uint64>(query->rowMarks != nullptr));
    const bool known = AddRelations(query->rtable) && Add(query->jointree) && Add(query->targetList) &&
                       Add(query->returningList) && Add(query->groupClause) && Add(query->havingQual) &&
                       Add(query->distinctClause) && Add(query->sortClause) && Add(query->limitOffset) &&
                       Add(query->limitCount) && AddLocks(query->rowMarks);
    depth_--;
    return known;
}

} // namespace

bool Fingerprint(const Query *query, uint64 *result)
{
    Hasher hasher;
    if (!hasher.AddQuery(query))
        return false;
    *result = hasher.Result();
    return true;
}

} // namespace pg_advisor::capture
