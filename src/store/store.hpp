/*
 * The store: one entry per (user, database, statement, top level), in shared memory.
 *
 * Called by capture/ (writing) and workload/ (reading). Hot-path rules: no exception, no C++ allocation, no
 * ereport except where a function says so. See layout.hpp for the locking rules.
 */
#pragma once

#include "store/histogram.hpp"
#include "store/layout.hpp"

namespace pg_advisor::store
{

void Install();          /* shared memory request and start-up hooks; by _PG_init when preloaded */
bool Available();        /* false where the library was not preloaded */
void AttachTexts();      /* maps the text area into this backend; may ereport; idempotent */
void DetachTexts();      /* at backend exit */

/* What of an entry is missing, and what its samples span: tells capture what is worth sending. */
struct Known
{
    bool text; /* there is something to show as the statement's text */
    bool example; /* a real one, of an execution that ended well */
    bool example_taken; /* by the merge that tells this: that execution's */
    bool tree;
    bool samples;
    bool rows; /* row facts */
    float fastest_ms, slowest_ms;
    double fewest_rows, most_rows;
};

struct Delta
{
    Counters counters;
    const uint16 *histogram; /* kHistogramBuckets counts, or nullptr */
};

/* The text of a statement: what becomes its example, or (normalised) its query text. */
struct TextData
{
    const char *text;
    uint32 text_size;
    bool normalised; /* the constants are gone; the rest is then not used */
    bool standard_strings;
    const char *path;
    uint32 path_size;
    const LocationLen *places;
    uint32 constants; /* number of places, or kUnknownConstants */
    int32 highest_parameter;
    float ms; /* of the execution it comes from; negative: that failed */
    double rows;
};

/* Adds counts to the entry, making it (and evicting others) if needed. With `wait` false gives up at a
 * contended lock and returns false; nothing is added then. `text` (needs `wait`) may be null. */
bool Merge(const StatementKey &key, const Delta &delta, TimestampTz now, bool wait, const TextData *text,
           Known *known);

/* True if the entry exists; fills *known. */
bool Lookup(const StatementKey &key, Known *known);

/* Each makes the entry. A text is kept unless the entry has one that is as good. */
void AttachText(const StatementKey &key, const TextData &text);
/* `raw_size` > 0 says that it is compressed. */
void AttachTree(const StatementKey &key, const char *data, uint32 size, uint32 raw_size);

struct SampleData
{
    const char *text;   /* nullptr if there are parameters */
    uint32 text_size;
    const char *path;
    uint32 path_size;
    const char *params;
    uint32 params_size;
    float ms;
    double rows;
};
void AttachSample(const StatementKey &key, SampleSlot slot, const SampleData &sample);

struct ScanDelta
{
    ScanFact fact;          /* filter pointer unused */
    const char *filter_node; /* nullptr: no filter */
};
/* One sampled execution with its scans (0 to many). */
void AddScans(const StatementKey &key, const ScanDelta *scans, int count);

/* The row facts of one sampled execution. */
void AddRows(const StatementKey &key, const RowFact *facts, uint32 count);

/* Removes the entries that match (0 matches everything) and starts a new generation if all went. */
void Reset(Oid userid, Oid dbid, uint64 queryid);

void CountDroppedSample();
Size MemoryInUse(); /* bytes of the segment that hold something */
const char *Text(const Blob &blob); /* address of a blob in this backend; the partition lock is held */
const char *Data(dsa_pointer pointer);

/* Calls `visit` for each entry under its partition's shared lock. It must not ereport nor take locks. */
void ForEach(void (*visit)(const Entry &entry, void *context), void *context);
/* Calls `visit` for one entry under the shared lock; false if it is gone. */
bool With(const StatementKey &key, void (*visit)(const Entry &entry, void *context), void *context);

} // namespace pg_advisor::store
