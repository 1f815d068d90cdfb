/*
 * Node strings that compare equal when the expressions do.
 *
 * nodeToString() of 15 and 16 keeps the position of each token in the statement it came from; here it is
 * always -1, as in later versions.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* palloc'd in CurrentMemoryContext; may ereport. */
char *NodeText(const void *node);

} // namespace pg_advisor::whatif
