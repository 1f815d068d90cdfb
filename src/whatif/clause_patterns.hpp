/*
 * LIKE, regular expressions and starts_with on constant patterns: whether a B-tree can serve them.
 */
#pragma once

#include "whatif/collected.hpp"

namespace pg_advisor::whatif
{

enum class PatternPrefix
{
    None,
    Some,  /* a fixed prefix: a range for an index that sorts bytewise */
    Whole, /* no wildcard at all: an equality */
};

/* Whether its right side is a pattern, of which a beginning may be fixed. */
bool IsPatternMatch(Oid op);

/* `key op pattern`, compared under `collation`. */
PatternPrefix PrefixOf(Oid op, Oid collation, const Node *pattern);

/* Whether text is compared byte by byte. From the catalogs: the server's own answer is in a header that wants ICU's. */
bool SortsBytewise(Oid collation);

} // namespace pg_advisor::whatif
