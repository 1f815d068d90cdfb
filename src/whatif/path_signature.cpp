/*
 * Reads paths into a signature: see path_signature.hpp. Runs inside the planner; plain locals only.
 */
#include "whatif/path_signature.hpp"

#include "whatif/plan_reader.hpp"

namespace pg_advisor::whatif
{

namespace
{

void AddBits(PathSignature *signature, const Bitmapset *set)
{
    int member = -1;
    while ((member = bms_next_member(set, member)) >= 0)
        signature->Add(static_cast<uint64>(member));
    signature->Add(PG_UINT64_MAX);
}

/* Path keys are canonical: two of one root are the same if their pointers are. Their places among the root's are
 * the same in each planning of the query. */
void AddOrder(PathSignature *signature, PlannerInfo *root, const List *pathkeys)
{
    for (int i = 0; i < list_length(pathkeys); ++i)
    {
        const auto *key = static_cast<const PathKey *>(list_nth(pathkeys, i));
        int place = 0;
        while (place < list_length(root->eq_classes) && list_nth(root->eq_classes, place) != key->pk_eclass)
            ++place;
        signature->Add(static_cast<uint64>(place) << 32 | static_cast<uint64>(compat::IsDescending(key)) << 1 |
                       static_cast<uint64>(key->pk_nulls_first));
        signature->Add(static_cast<uint64>(key->pk_opfamily));
    }
    signature->Add(PG_UINT64_MAX);
}

/* Which index, and how many conditions it checks: nested loops ask for it (has_indexed_join_quals). */
void AddIndexPath(const IndexPath *path, void *context)
{
    auto *signature = static_cast<PathSignature *>(context);
    signature->Add(static_cast<uint64>(path->indexinfo->indexoid));
    signature->Add(static_cast<uint64>(list_length(path->indexclauses)));
}

void AddPath(PathSignature *signature, PlannerInfo *root, const Path *path)
{
    signature->Add(static_cast<uint64>(nodeTag(path)) << 32 | static_cast<uint64>(path->pathtype));
    signature->Add(path->startup_cost);
    signature->Add(path->total_cost);
    signature->Add(path->rows);
    signature->Add(static_cast<uint64>(path->parallel_workers) << 1 | static_cast<uint64>(path->parallel_safe));
    if (path->param_info != nullptr)
    {
        AddBits(signature, path->param_info->ppi_req_outer);
        signature->Add(path->param_info->ppi_rows);
    }
    AddOrder(signature, root, path->pathkeys);
    ForEachIndexPath(path, AddIndexPath, signature);
}

} // namespace

void PathSignature::AddPaths(PlannerInfo *root, const RelOptInfo *rel)
{
    Add(static_cast<uint64>(root->query_level) << 32 | rel->relid);
    for (int i = 0; i < list_length(rel->pathlist); ++i)
        AddPath(this, root, static_cast<const Path *>(list_nth(rel->pathlist, i)));
    Add(static_cast<uint64>(list_length(rel->pathlist)));
    for (int i = 0; i < list_length(rel->partial_pathlist); ++i)
        AddPath(this, root, static_cast<const Path *>(list_nth(rel->partial_pathlist, i)));
}

} // namespace pg_advisor::whatif
