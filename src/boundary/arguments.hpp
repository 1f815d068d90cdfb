/*
 * SQL arguments as C++ containers: for the shims of boundary/functions_*.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/guard.hpp"

namespace pg_advisor::arguments
{

/* Throw Failure 22004, naming the argument, for NULL and NULL elements. */
String Text(FunctionCallInfo fcinfo, int position, const char *name);
Vector<String> Texts(FunctionCallInfo fcinfo, int position, const char *name);
/* Elements of a regclass[], whatever they are. */
Vector<Oid> Relations(FunctionCallInfo fcinfo, int position, const char *name);
/* OIDs of a regclass[] that are indexes; else Failure 42809 or 42704. */
Vector<Oid> Indexes(FunctionCallInfo fcinfo, int position, const char *name);

} // namespace pg_advisor::arguments
