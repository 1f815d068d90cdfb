/*
 * Which access methods other than B-tree can search or order by an operator, and with which operator class.
 *
 * Looked up in pg_amop and pg_opclass, so that extensions (pg_trgm, btree_gist, intarray, ...) count as soon as
 * they are installed. Runs inside the planner: C rules.
 */
#pragma once

#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

struct OtherMethod
{
    const char *name; /* of the access method */
    Oid opclass;      /* 0: the default one of the type */
};
inline constexpr int kMostOtherClasses = 4;

/* The operator classes of the preferred method that knows `value-of-type op something`, for AMOP_SEARCH or
 * AMOP_ORDER; returns their number. GIN before GiST before SP-GiST: by the planner's cost GiST looks cheaper for
 * trigrams and documents, and reads most of its tree (measured: 201 against 245 units, 149 against 0.4 ms). */
int OtherMethods(Oid op, Oid type, char purpose, OtherMethod *found, int most);

/* The B-tree operator class that compares text byte by byte, for patterns with a fixed beginning; or 0. */
Oid PatternClass(Oid type);

} // namespace pg_advisor::whatif
