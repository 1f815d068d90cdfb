/*
 * Every setting in one table of calls, alphabetical.
 */
#include "settings.hpp"

#include "boundary/pg.hpp"

namespace pg_advisor::settings
{

int track = static_cast<int>(Track::All);
bool track_utility = true;
int max_statements = 5000;
int text_memory_kb = 16 * 1024;
double sample_rate = 0.01;
bool sample_texts = true;
int debug_cost_cache = 0;
bool debug_query_ids = false;
int debug_random_sets = 0;
bool sample_parameters = true;
bool save = true;
int save_interval_s = 300;
int flush_interval_ms = 1000;
int advice_time_limit_ms = 30000;
int unused_index_after_min = 30 * 24 * 60;

namespace
{
const config_enum_entry track_options[] = {{"none", static_cast<int>(Track::None), false},
                                           {"top", static_cast<int>(Track::Top), false},
                                           {"all", static_cast<int>(Track::All), false},
                                           {nullptr, 0, false}};
} // namespace

void Define()
{
    /* Memory can be set only while the postmaster loads the library; elsewhere it does not exist. */
    const GucContext start = process_shared_preload_libraries_in_progress ? PGC_POSTMASTER : PGC_SUSET;

    DefineCustomIntVariable("pg_advisor.advice_time_limit", "Default time limit of advisor.suggest_indexes.",
                            "The search returns the best advice found when the limit is reached.",
                            &advice_time_limit_ms, 30000, 100, INT_MAX, PGC_USERSET, GUC_UNIT_MS, nullptr, nullptr,
                            nullptr);
    DefineCustomIntVariable("pg_advisor.debug_cost_cache",
                            "Plan one in so many queries to the end whose cost is known before.",
                            "For tests: a notice tells how often, a warning of a difference. 0 plans none of them.",
                            &debug_cost_cache, 0, 0, INT_MAX, PGC_USERSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr,
                            nullptr);
    DefineCustomBoolVariable("pg_advisor.debug_query_ids", "Compare remembered query ids with the server's.",
                             "For tests: every id is computed twice, and a warning tells of a difference.",
                             &debug_query_ids, false, PGC_SUSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("pg_advisor.debug_random_sets",
                            "Random sets of indexes to ask the planner about, for each query, before the search.",
                            "For tests, with debug_cost_cache: a notice tells what came of it. 0 asks about none.",
                            &debug_random_sets, 0, 0, 1000000, PGC_USERSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr,
                            nullptr);
    DefineCustomIntVariable("pg_advisor.flush_interval",
                            "How long a backend may keep counts to itself before others see them.",
                            "Counts are handed over at the end of a transaction once this time has passed, at the "
                            "first execution of a statement, and when the session ends.",
                            &flush_interval_ms, 1000, 0, 60000, PGC_SUSET, GUC_UNIT_MS, nullptr, nullptr, nullptr);
    if (process_shared_preload_libraries_in_progress)
    {
        DefineCustomIntVariable("pg_advisor.max_statements", "Number of statements that are remembered.",
                                "When the table is full the statements that cost least are forgotten first.",
                                &max_statements, 5000, 100, 1000000, start, 0, nullptr, nullptr, nullptr);
        DefineCustomIntVariable("pg_advisor.text_memory",
                                "Shared memory for statement texts, query trees and parameter values.",
                                "Allocated at server start; never exceeded.", &text_memory_kb, 16 * 1024, 1024,
                                INT_MAX / 1024, start, GUC_UNIT_KB, nullptr, nullptr, nullptr);
    }
    DefineCustomBoolVariable("pg_advisor.sample_parameters",
                             "Keep a few sets of real parameter values of each statement.",
                             "Advice is then judged by the values that really occur. Never shown to anyone.",
                             &sample_parameters, true, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomRealVariable("pg_advisor.sample_rate",
                             "Fraction of executions whose scans are counted row by row.",
                             "The first executions of each statement are always counted (of one page: the second).", &sample_rate, 0.01, 0.0,
                             1.0, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable("pg_advisor.sample_texts", "Keep one real text, with its constants, of each statement.",
                             "When off, neither example texts nor the constants of query trees reach shared memory.",
                             &sample_texts, true, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable("pg_advisor.save",
                             "Keep what was recorded over a restart, in a file of the data directory.",
                             "When off, nothing of it is on disk: a file that is there is removed.", &save, true,
                             PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("pg_advisor.save_interval", "How often the file is written while the server runs.",
                            "A crash loses what was recorded since. 0 writes it only when the server stops.",
                            &save_interval_s, 300, 0, 86400, PGC_SIGHUP, GUC_UNIT_S, nullptr, nullptr, nullptr);
    DefineCustomEnumVariable("pg_advisor.track", "Which statements are recorded.",
                             "all includes statements inside functions and triggers; top only what clients send.",
                             &track, static_cast<int>(Track::All), track_options, PGC_SUSET, 0, nullptr, nullptr,
                             nullptr);
    DefineCustomBoolVariable("pg_advisor.track_utility", "Record utility statements too.", "DDL, COPY, CALL and the like.",
                             &track_utility, true, PGC_SUSET, 0, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("pg_advisor.unused_index_after",
                            "How long an index must not have been used to be suggested for a drop.",
                            "Counted from the latest reset of the statistics, of the server's and of the advisor's. "
                            "-1 suggests no such drop.",
                            &unused_index_after_min, 30 * 24 * 60, -1, INT_MAX, PGC_USERSET, GUC_UNIT_MIN, nullptr,
                            nullptr, nullptr);
    MarkGUCPrefixReserved("pg_advisor");
}

} // namespace pg_advisor::settings
