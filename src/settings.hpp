/*
 * Every setting (GUC) of the extension. Defined in settings.cpp, read everywhere.
 */
#pragma once

namespace pg_advisor::settings
{

enum class Track : int
{
    None,
    Top,
    All
};

extern int track;                /* Track */
extern bool track_utility;
extern int max_statements;       /* entries */
extern int text_memory_kb;       /* kB of shared memory for texts, trees and parameter values */
extern double sample_rate;       /* 0..1 of executions beyond the first few of a statement */
extern bool sample_texts;
extern bool sample_parameters;
extern bool save;                /* over a restart, in a file */
extern int save_interval_s;      /* 0: only when the server stops */
extern int flush_interval_ms;
extern int advice_time_limit_ms;

void Define();

} // namespace pg_advisor::settings
