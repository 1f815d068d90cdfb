/*
 * One index in the place of two that begin alike.
 *
 * Used by the search, which asks for a merge of indexes that it has chosen: those of candidates that the queries have
 * in common are made before, in advise/candidate_shapes.
 */
#pragma once

#include "advise/catalog.hpp"

#include <optional>

namespace pg_advisor
{

/* The longer keys of the two, which must begin with the shorter ones, and the INCLUDE columns of both. Nothing where
 * one of them serves for both, or the INCLUDE columns would be too many. */
std::optional<IndexSpec> Merged(const IndexSpec &first, const IndexSpec &second, const TableInfo &table);

} // namespace pg_advisor
