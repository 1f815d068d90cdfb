/*
 * SQL arguments and results as C++ containers: for the shims of boundary/functions_*.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/guard.hpp"

namespace pg_advisor::arguments
{

/* Throw Failure 22004, naming the argument, for NULL and NULL elements. */
String Text(FunctionCallInfo fcinfo, int position, const char *name);
Vector<String> Texts(FunctionCallInfo fcinfo, int position, const char *name);
/* OIDs of a regclass[] that are indexes; else Failure 42809 or 42704. */
Vector<Oid> Indexes(FunctionCallInfo fcinfo, int position, const char *name);

/* palloc'd in CurrentMemoryContext. */
Datum TextDatum(std::string_view text);
Datum TextArrayDatum(const Vector<String> &texts);

/* Rows of a set-returning function that was prepared with InitMaterializedSRF. */
void PutRow(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

} // namespace pg_advisor::arguments
