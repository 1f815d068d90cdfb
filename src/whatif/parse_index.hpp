/*
 * CREATE INDEX text -> IndexSpec, with the server's own parser and the defaults DefineIndex would choose.
 */
#pragma once

#include "advise/index_spec.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* Takes one CREATE INDEX, or the script that makes the index of a partitioned table as present/ddl writes it, which
 * stands for the index of the parent. `name`, if given, gets that of the index; empty where the text has none.
 * Throws Failure with the server's SQLSTATE: syntax errors, unknown tables and columns, mutable
 * expressions, missing operator classes, methods that do not exist; 22023 for text that is anything else;
 * 0A000 for access methods that cannot be estimated yet. */
IndexSpec ParseIndex(const char *ddl, String *name = nullptr);

} // namespace pg_advisor::whatif
