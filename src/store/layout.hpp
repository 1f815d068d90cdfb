/*
 * The shared memory of the store: fixed at server start, bounded, the same for every backend.
 *
 * Locking rules
 *   - The table is split into partitions by hash of the statement key. Each has one LWLock and owns its
 *     entries, hash chains and free list outright. Nothing is shared between partitions but counters.
 *   - Shared lock: read anything of the partition's entries. Exclusive lock: change anything.
 *   - Never hold two partition locks. Texts, trees and samples live in one DSA area inside the segment;
 *     its own locks are taken below a partition lock, never the other way round.
 *   - A dsa_pointer in an entry is owned by that entry: freed with it, under the exclusive lock.
 *   - The file lock keeps renaming and removing the statistics file apart (save.cpp, Reset). It is taken with
 *     no partition lock held.
 *   - Flushing from a commit callback takes locks conditionally and allocates nothing.
 */
#pragma once

#include "base/hidden.hpp"
#include "boundary/pg.hpp"
#include "store/histogram.hpp"

namespace pg_advisor::store
{

inline constexpr int kScansPerStatement = 8;
inline constexpr uint32 kRowFactsPerStatement = 40;
inline constexpr int kUsualSamples = 4;
inline constexpr int kSamplesPerStatement = kUsualSamples + 4;
inline constexpr uint32 kLargestTree = 2 * 1024 * 1024; /* bytes before compression */
inline constexpr uint32 kNone = PG_UINT32_MAX;

struct StatementKey
{
    Oid userid;
    Oid dbid;
    uint64 queryid;
    uint32 toplevel; /* 0 or 1; 32 bits wide so that the key has no padding in it */
    uint32 reserved;

    bool operator==(const StatementKey &) const = default;
};

/* Blocks and WAL, in the units of the server's own counters. In pairs, for the processor adds them as such. */
struct Usage
{
    using Pair = int64 __attribute__((vector_size(16), aligned(8), may_alias));

    int64 shared_blks_hit, shared_blks_read, shared_blks_dirtied, shared_blks_written;
    int64 temp_blks_read, temp_blks_written;
    int64 wal_records;
    uint64 wal_bytes;

    Pair *Pairs() { return reinterpret_cast<Pair *>(this); }
    const Pair *Pairs() const { return reinterpret_cast<const Pair *>(this); }
    void Add(const Usage &other)
    {
        Pairs()[0] += other.Pairs()[0];
        Pairs()[1] += other.Pairs()[1];
        Pairs()[2] += other.Pairs()[2];
        Pairs()[3] += other.Pairs()[3];
    }
};

/* What executions add up to. Times in ns; the order is that of advisor.statements. */
struct Counters
{
    int64 plans;
    int64 plan_ns;
    int64 calls;
    int64 total_ns;
    int64 min_ns;
    int64 max_ns;
    double mean_ns; /* with m2_ns2: Welford's running mean and sum of squared differences */
    double m2_ns2;
    int64 rows;
    Usage usage;
    int64 sampled_calls; /* executions whose scans were counted */
    int64 errors;
    int32 last_sqlstate;
    int32 reserved;
};

/* One sequential scan of the statement: a (relation, filter) pair, summed over sampled executions. */
struct ScanFact
{
    Oid relid;        /* topmost parent of a partition */
    Oid filter_relid; /* the relation the filter's Vars belong to */
    uint32 filter_hash; /* of the filter with its constants masked; 0: no filter */
    uint32 filter_size;
    dsa_pointer filter; /* node string, not compressed */
    double executions;  /* sampled executions that had this scan */
    double loops;       /* scans started */
    double rows_read;
    double rows_kept;
    double pages;
    double cost_share; /* sum over executions of the scan's share of the plan's cost */
};

/* How many rows a part of the statement gave in sampled executions, summed over them: what the planner expected and
 * what came, and the most that came. Kept only of statements of which the planner was wrong. */
struct RowFact
{
    uint64 rows; /* which: see whatif/row_sets.hpp */
    double executions;
    double expected;
    double actual;
    double most;
};

/* Which executions are remembered with their constants: usual ones first, then the extremes. */
enum SampleSlot
{
    SampleUsual = 0, /* to kUsualSamples - 1 */
    SampleFastest = kUsualSamples,
    SampleSlowest,
    SampleFewestRows,
    SampleMostRows
};

/* One execution's constants: serialised parameters, or the statement's text where it has none. The first
 * execution of a statement without parameters is its example, not one of these. */
struct Sample
{
    dsa_pointer data;
    uint32 text_size;   /* bytes of text, then of search_path, then of parameters, in this order */
    uint32 path_size;
    uint32 params_size;
    float ms;
    double rows;
};

/*
 * The first text of the statement with what it takes to normalise and to analyse it again: bytes of text,
 * of search_path, then the places of its constants (LocationLen). Reading makes the normalised text of it,
 * because a statement that is never seen again is not worth that work.
 */
struct Example
{
    dsa_pointer data;
    uint32 text_size;
    uint32 path_size;
    uint32 constants;        /* number of places; kUnknownConstants: every literal is one */
    int32 highest_parameter; /* of the $n it has */
    uint8 standard_strings;  /* how backslashes in its literals are to be read */
    float ms;
    double rows;
};
inline constexpr uint32 kUnknownConstants = PG_UINT32_MAX;

/* Bytes of its text and path, padded, after which the places of the constants begin; and of all. */
inline uint64 TextsSize(const Example &example)
{
    return MAXALIGN64(uint64{example.text_size} + example.path_size);
}
inline uint64 SizeOf(const Example &example)
{
    return TextsSize(example) + (example.constants == kUnknownConstants ? 0 : sizeof(LocationLen) * uint64{example.constants});
}

struct Blob
{
    dsa_pointer data;
    uint32 size;
    uint32 raw_size; /* before compression; 0: not compressed */
};

struct Entry
{
    StatementKey key;
    uint32 next;         /* in the hash chain or the free list */
    uint16 scan_count;
    uint16 row_count;
    TimestampTz first_seen, last_seen;
    Counters counters;
    Blob query;          /* normalised text, not compressed; only where no example may be kept */
    Example example;
    Blob tree;           /* nodeToString of the rewritten Query, compressed */
    Sample samples[kSamplesPerStatement];
    ScanFact scans[kScansPerStatement];
    dsa_pointer rows;    /* row_count RowFacts */
    uint32 histogram[kHistogramBuckets];
};

/* A piece of the text area that an evicted entry left to the next one: allocating and freeing are dear. */
struct Spare
{
    dsa_pointer data;
    uint64 size;
};
inline constexpr int kSpares = 2;
inline constexpr uint64 kLargestSpare = 1024;

struct Partition
{
    uint32 used;
    uint32 free_head;
    uint32 capacity;
    uint32 buckets; /* a power of two */
    uint32 hand;    /* the entry from which on is looked for what to evict */
    uint32 reserved;
    Spare spares[kSpares];
    uint64 changes; /* counts them: tells the saver whether there is something to write */
};

struct Shared
{
    LWLockPadded *locks; /* one per partition, then the file lock */
    uint32 partitions;
    uint32 capacity_per_partition;
    uint32 buckets_per_partition;
    int dsa_tranche;
    Size dsa_size;
    Size total_size;
    TimestampTz started_at;
    uint64 loaded_changes; /* of all partitions, right after the file was read */
    pg_atomic_uint64 stats_reset; /* TimestampTz */
    /* Read on every execution, written by a reset only: keep it off the lines that change. */
    alignas(64) pg_atomic_uint32 generation;
    alignas(64) pg_atomic_uint64 evicted;
    pg_atomic_uint64 samples_dropped;
    pg_atomic_uint32 resets; /* of any part; changed under the file lock */
    Latch *saver;            /* of the process that writes the file; nullptr before it ran */
};

/* Addresses of the parts of the segment in this process. */
extern HIDDEN Shared *shared;
struct ProgressSlot;
struct Parts
{
    ProgressSlot *progress; /* kProgressSlots of them: see progress.hpp */
    Partition *partitions;
    uint32 *buckets;
    Entry *entries;
};
extern HIDDEN Parts parts;
/* Sets them, once `shared` is set and filled in. */
void LocateParts();

inline Partition *PartitionAt(uint32 index) { return parts.partitions + index; }
inline uint32 *BucketsOf(uint32 partition)
{
    return parts.buckets + static_cast<Size>(shared->buckets_per_partition) * partition;
}
inline Entry *EntriesOf(uint32 partition)
{
    return parts.entries + static_cast<Size>(shared->capacity_per_partition) * partition;
}
void *DsaPlace();
LWLock *FileLock();

/* The id is a hash already; two steps of a multiplicative one (Knuth) bring in the rest. */
inline uint32 HashOf(const StatementKey &key)
{
    constexpr uint64 kFactor = UINT64CONST(0x9E3779B97F4A7C15);
    uint64 hash = ((static_cast<uint64>(key.userid) << 32 | key.dbid) + key.toplevel) * kFactor;
    hash = ((hash ^ hash >> 32) + key.queryid) * kFactor;
    return static_cast<uint32>(hash >> 32);
}
inline uint32 PartitionOf(uint32 hash) { return (hash >> 20) % shared->partitions; }

/* Out of line, where the compiler would write "rep stos": measured in cache, the C library's takes 42 ns instead of
 * 98 for 640 bytes and 96 instead of 118 for 1,728. */
void Clear(void *memory, Size size);

/* Bytes of the whole segment for the present settings; also fills partition geometry. */
Size ComputeLayout(Shared *geometry);

} // namespace pg_advisor::store
