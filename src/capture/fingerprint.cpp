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

    /* Something that is missing must not look as if what follows were in its place. */
    template <class T> bool Add(const T *node)
    {
        if (node != nullptr)
            return AddNode(reinterpret_cast<const Node *>(node));
        Mix(1);
        return true;
    }
    /* A node of which a number and its parts are significant. */
    template <class... Parts> bool AddParts(uint64 tag, uint64 number, const Parts *...parts)
    {
        Mix(tag, number);
        return (Add(parts) && ...);
    }
    bool AddNode(const Node *node);
    bool AddKnown(const Node *node);
    bool AddList(const List *list);
    bool AddRelation(const RangeTblEntry *rte);
    bool AddRelations(const List *rtable);
    bool AddSubLink(const SubLink *link);
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

bool Hasher::AddSubLink(const SubLink *link)
{
    return AddParts(static_cast<uint64>(T_SubLink) << 8 | link->subLinkType, static_cast<uint64>(link->subLinkId),
                    link->testexpr) &&
           IsA(link->subselect, Query) && AddQuery(reinterpret_cast<const Query *>(link->subselect));
}

template <class T> const T &As(const Node *node)
{
    return *reinterpret_cast<const T *>(node);
}

/* What every node has: its tag, and one or two numbers that tell it from others of its kind. */
bool Hasher::AddKnown(const Node *node)
{
    const uint64 tag = nodeTag(node);
    switch (nodeTag(node))
    {
        case T_Var:
        {
            const auto &var = As<Var>(node);
            Mix(tag << 48 ^ static_cast<uint64>(var.varno) << 32 ^
                static_cast<uint64>(static_cast<uint16>(var.varattno)) << 16 ^ var.varlevelsup << 2 ^
                compat::ReturningType(&var));
            return true;
        }
        case T_Const:
            return AddParts(tag, As<Const>(node).consttype);
        case T_Param:
            Mix(static_cast<uint64>(As<Param>(node).paramid));
            return AddParts(tag << 4 | As<Param>(node).paramkind, As<Param>(node).paramtype);
        case T_TargetEntry:
            return AddParts(tag << 16 | static_cast<uint16>(As<TargetEntry>(node).resno),
                            As<TargetEntry>(node).ressortgroupref, As<TargetEntry>(node).expr);
        case T_OpExpr:
        case T_DistinctExpr:
        case T_NullIfExpr:
            return AddParts(tag, As<OpExpr>(node).opno, As<OpExpr>(node).args);
        case T_ScalarArrayOpExpr:
            return AddParts(tag << 1 | As<ScalarArrayOpExpr>(node).useOr, As<ScalarArrayOpExpr>(node).opno,
                            As<ScalarArrayOpExpr>(node).args);
        case T_BoolExpr:
            return AddParts(tag, As<BoolExpr>(node).boolop, As<BoolExpr>(node).args);
        case T_FuncExpr:
            return AddParts(tag, As<FuncExpr>(node).funcid, As<FuncExpr>(node).args);
        case T_RelabelType:
            return AddParts(tag, As<RelabelType>(node).resulttype, As<RelabelType>(node).arg);
        case T_CoerceViaIO:
            return AddParts(tag, As<CoerceViaIO>(node).resulttype, As<CoerceViaIO>(node).arg);
        case T_CollateExpr:
            return AddParts(tag, As<CollateExpr>(node).collOid, As<CollateExpr>(node).arg);
        case T_NullTest:
            return AddParts(tag, As<NullTest>(node).nulltesttype, As<NullTest>(node).arg);
        case T_BooleanTest:
            return AddParts(tag, As<BooleanTest>(node).booltesttype, As<BooleanTest>(node).arg);
        case T_CaseExpr:
            return AddParts(tag, 0, As<CaseExpr>(node).arg, As<CaseExpr>(node).args, As<CaseExpr>(node).defresult);
        case T_CaseWhen:
            return AddParts(tag, 0, As<CaseWhen>(node).expr, As<CaseWhen>(node).result);
        case T_CaseTestExpr:
            return AddParts(tag, As<CaseTestExpr>(node).typeId);
        case T_CoalesceExpr:
            return AddParts(tag, 0, As<CoalesceExpr>(node).args);
        case T_MinMaxExpr:
            return AddParts(tag, As<MinMaxExpr>(node).op, As<MinMaxExpr>(node).args);
        case T_SQLValueFunction:
            return AddParts(tag << 8 | As<SQLValueFunction>(node).op,
                            static_cast<uint64>(As<SQLValueFunction>(node).typmod));
        case T_SetToDefault:
            return AddParts(tag, As<SetToDefault>(node).typeId);
        case T_Aggref:
        {
            const auto &aggregate = As<Aggref>(node);
            return AddParts(tag << 16 | aggregate.agglevelsup, aggregate.aggfnoid, aggregate.aggdirectargs,
                            aggregate.args, aggregate.aggorder, aggregate.aggdistinct, aggregate.aggfilter);
        }
        case T_SubLink:
            return AddSubLink(&As<SubLink>(node));
        case T_SortGroupClause:
        {
            const auto &sort = As<SortGroupClause>(node);
            Mix(sort.eqop, sort.sortop);
            return AddParts(tag << 1 | sort.nulls_first, sort.tleSortGroupRef);
        }
        case T_RangeTblRef:
            return AddParts(tag, static_cast<uint64>(As<RangeTblRef>(node).rtindex));
        case T_JoinExpr:
        {
            const auto &join = As<JoinExpr>(node);
            return AddParts(tag << 8 | static_cast<uint64>(join.jointype) << 1 | join.isNatural,
                            static_cast<uint64>(join.rtindex), join.larg, join.rarg, join.quals);
        }
        case T_FromExpr:
            return AddParts(tag, 0, As<FromExpr>(node).fromlist, As<FromExpr>(node).quals);
        case T_List:
            return AddList(&As<List>(node));
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
    Mix(static_cast<uint64>(list_length(marks)));
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
