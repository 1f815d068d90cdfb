/*
 * See lookup_price.hpp.
 */
#include "whatif/lookup_price.hpp"

namespace pg_advisor::whatif
{

namespace
{

struct Lookup
{
    PlannerInfo *root;
    Path *path; /* a copy: paths that are beaten later are freed */
};

template <class T> T *Copy(const T *path)
{
    auto *copy = static_cast<T *>(palloc(sizeof(T)));
    *copy = *path;
    return copy;
}

Path *CopyOf(const Path *path)
{
    if (path->parallel_aware || path->param_info == nullptr)
        return nullptr;
    if (IsA(path, IndexPath))
        return &Copy(reinterpret_cast<const IndexPath *>(path))->path;
    if (IsA(path, BitmapHeapPath))
        return &Copy(reinterpret_cast<const BitmapHeapPath *>(path))->path;
    return nullptr;
}

/* Of several indexes it is not looked at which. */
bool IsBitmapOf(const Plan *plan, const Path *path)
{
    return !IsA(plan, BitmapIndexScan) || !IsA(path, IndexPath) ||
           reinterpret_cast<const BitmapIndexScan *>(plan)->indexid ==
               reinterpret_cast<const IndexPath *>(path)->indexinfo->indexoid;
}

bool IsPlanOf(const Plan *plan, const Path *path)
{
    if (plan->total_cost != path->total_cost || plan->startup_cost != path->startup_cost)
        return false;
    switch (nodeTag(plan))
    {
    case T_IndexScan:
        return path->pathtype == T_IndexScan &&
               reinterpret_cast<const IndexScan *>(plan)->indexid ==
                   reinterpret_cast<const IndexPath *>(path)->indexinfo->indexoid;
    case T_IndexOnlyScan:
        return path->pathtype == T_IndexOnlyScan &&
               reinterpret_cast<const IndexOnlyScan *>(plan)->indexid ==
                   reinterpret_cast<const IndexPath *>(path)->indexinfo->indexoid;
    case T_BitmapHeapScan:
        return path->pathtype == T_BitmapHeapScan &&
               IsBitmapOf(outerPlan(plan), reinterpret_cast<const BitmapHeapPath *>(path)->bitmapqual);
    default:
        return false;
    }
}

/* Of a bitmap of several indexes these keep their price. */
double CostOfRound(const Lookup &lookup, double rounds)
{
    if (IsA(lookup.path, IndexPath))
    {
        IndexPath *path = Copy(reinterpret_cast<const IndexPath *>(lookup.path));
        cost_index(path, lookup.root, rounds, false);
        return path->path.total_cost;
    }
    BitmapHeapPath *path = Copy(reinterpret_cast<const BitmapHeapPath *>(lookup.path));
    if (IsA(path->bitmapqual, IndexPath))
    {
        IndexPath *part = Copy(reinterpret_cast<const IndexPath *>(path->bitmapqual));
        cost_index(part, lookup.root, rounds, false);
        path->bitmapqual = &part->path;
    }
    cost_bitmap_heap_scan(&path->path, lookup.root, path->path.parent, path->path.param_info, path->bitmapqual, rounds);
    return path->path.total_cost;
}

} // namespace

void NoteLookups(List **lookups, PlannerInfo *root, const RelOptInfo *rel)
{
    for (int i = 0; i < list_length(rel->pathlist); ++i)
    {
        Path *path = CopyOf(static_cast<const Path *>(list_nth(rel->pathlist, i)));
        if (path == nullptr)
            continue;
        auto *lookup = static_cast<Lookup *>(palloc(sizeof(Lookup)));
        *lookup = Lookup{root, path};
        *lookups = lappend(*lookups, lookup);
    }
}

double MoreForFewRounds(const List *lookups, const Plan *scan, double rounds)
{
    for (int i = 0; i < list_length(lookups); ++i)
    {
        const auto *lookup = static_cast<const Lookup *>(list_nth(lookups, i));
        if (IsPlanOf(scan, lookup->path))
            return std::max(0.0, CostOfRound(*lookup, std::max(1.0, rounds)) - scan->total_cost);
    }
    return 0;
}

} // namespace pg_advisor::whatif
