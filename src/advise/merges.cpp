/*
 * See merges.hpp.
 */
#include "advise/merges.hpp"

#include "advise/candidate_shapes.hpp"
#include "advise/redundancy.hpp"

#include <algorithm>

namespace pg_advisor
{

std::optional<IndexSpec> Merged(const IndexSpec &first, const IndexSpec &second, const TableInfo &table)
{
    if (first.access_method != "btree" || Compare(first, second) != Overlap::None)
        return std::nullopt;
    const bool first_is_longer = first.keys.size() >= second.keys.size();
    IndexSpec merged = first_is_longer ? first : second;
    IndexSpec shorter = first_is_longer ? second : first;
    shorter.include.clear();
    if (!IsPrefixOf(shorter, merged))
        return std::nullopt;
    for (std::int16_t column : first_is_longer ? second.include : first.include)
        if (std::none_of(merged.keys.begin(), merged.keys.end(),
                         [column](const KeyPart &key) { return key.column == column; }))
            merged.include.push_back(column);
    SortInclude(merged.include);
    if (!IncludeAllowed(table, merged.include))
        return std::nullopt;
    return merged;
}

} // namespace pg_advisor
