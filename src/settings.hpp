/*
 * Every setting (GUC) of the extension. Defined in settings.cpp, read everywhere.
 */
#pragma once

#include "base/hidden.hpp"

namespace pg_advisor::settings
{

enum class Track : int
{
    None,
    Top,
    All
};

extern HIDDEN int track;                /* Track */
extern HIDDEN bool track_utility;
extern HIDDEN int max_statements;       /* entries */
extern HIDDEN int text_memory_kb;       /* kB of shared memory for texts, trees and parameter values */
extern HIDDEN double sample_rate;       /* 0..1 of executions beyond the first few of a statement */
extern HIDDEN bool sample_texts;
extern HIDDEN bool sample_parameters;
extern HIDDEN int debug_cost_cache;     /* tests: plan one in so many answers that are known all the same; 0: none */
extern HIDDEN int debug_random_sets;    /* tests: sets of indexes to ask about, for each query */
extern HIDDEN bool debug_query_ids;     /* tests: compare each remembered id with the server's */
extern HIDDEN bool save;               /* over a restart, in a file */
extern HIDDEN int save_interval_s;     /* 0: only when the server stops */
extern HIDDEN int flush_interval_ms;
extern HIDDEN int advice_time_limit_ms;
extern HIDDEN int unused_index_after_min; /* -1: never */

void Define();

} // namespace pg_advisor::settings
