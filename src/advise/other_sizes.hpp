/*
 * How large an index of another method than B-tree would be, roughly: within a factor of two, where the B-tree
 * model is within some percent. Pure C++; whatif/hypothetical fills the shape.
 */
#pragma once

#include "advise/index_size.hpp"

namespace pg_advisor
{

struct OtherSize
{
    double pages = 1;
    double entries = 1; /* that one row has in the index */
};

/* `table_pages` are those of the indexed table. Methods: gin, gist, spgist, brin, hash. */
OtherSize EstimateOther(std::string_view method, const IndexShape &shape, double table_pages);

} // namespace pg_advisor
