/*
 * SQL identifiers and literals: the only way a name gets into generated SQL.
 *
 * Used by present/ddl and by whoever writes a fix script. Pure: does not depend on a server's settings.
 */
#pragma once

#include "base/containers.hpp"

namespace pg_advisor
{

/* Quoted unless it is lower case, plain and no keyword that could be misread. */
String QuoteIdentifier(std::string_view name);

/* schema.name, each part quoted as needed. */
String QuoteQualified(std::string_view schema, std::string_view name);

/* A string literal that means the same whatever standard_conforming_strings is. */
String QuoteLiteral(std::string_view text);

} // namespace pg_advisor
