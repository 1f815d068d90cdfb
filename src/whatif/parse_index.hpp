/*
 * CREATE INDEX text -> IndexSpec, with the server's own parser and the defaults DefineIndex would choose.
 */
#pragma once

#include "advise/index_spec.hpp"
#include "boundary/pg.hpp"

namespace pg_advisor::whatif
{

/* Throws Failure with the server's SQLSTATE: syntax errors, unknown tables and columns, mutable
 * expressions, missing operator classes, methods that do not exist; 22023 for text that is not exactly one
 * CREATE INDEX; 0A000 for access methods that cannot be estimated yet. */
IndexSpec ParseIndex(const char *ddl);

} // namespace pg_advisor::whatif
