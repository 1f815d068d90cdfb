/*
 * Every number that decides what is worth an index, in one place, each with its reason.
 *
 * Used by advise/candidates (what is tried), advise/evaluator (what counts as help and as harm) and
 * advise/search (what is kept). "Unit" is a planner cost unit: one sequential page read.
 */
#pragma once

#include <cstddef>

namespace pg_advisor::thresholds
{

/* --- tables that are looked at: below this a sequential scan is the best plan there is --- */
inline constexpr double kMinPages = 10;
inline constexpr double kMinRows = 1000;

/* --- keys --- */
inline constexpr std::size_t kMaxKeys = 4;      /* research: wider indexes win nowhere in TPC-H or JOB */
inline constexpr std::size_t kMaxBlock = 3;     /* equality columns of which all subsets are tried */
inline constexpr double kMaxKeyWidth = 600;     /* bytes on average; a B-tree tuple may have 2704 */
inline constexpr double kLowDistinct = 2;       /* a leading key with so few values selects too little */
inline constexpr double kMinRowReduction = 0.3; /* of the rows left by the other equalities */
inline constexpr double kMaxSelectivity = 0.3;  /* above it a plain lookup reads most pages anyway */
/* An order alone, without the equalities of its query as leading keys, reads rows until enough pass the
 * filter: with unlucky constants the whole table. Only where the filter passes at least this share. */
inline constexpr double kMinPassedByOrder = 0.2;

/* --- partial indexes --- */
inline constexpr double kMaxPartialSelectivity = 0.2;
/* A constant of a column with more values than this is one of many, not a state of the row. */
inline constexpr double kMaxPartialDistinct = 20;

/* --- other access methods --- */
/* BRIN summarises 128 pages at a time: a table needs several times as many for one to exclude anything, and its
 * rows must lie in the order of the column and stay where they are. */
inline constexpr double kPagesPerRange = 128; /* BRIN_DEFAULT_PAGES_PER_RANGE */
inline constexpr double kMinBrinPages = 1000;
inline constexpr double kMinBrinCorrelation = 0.95;
inline constexpr double kMaxBrinChurn = 0.05; /* updates and deletes, of the inserts */
/* Below this B-tree and hash are of about one size, and B-tree can do more. */
inline constexpr double kMinHashWidth = 100;

/* --- INCLUDE --- */
inline constexpr double kMinAllVisible = 0.5; /* below, an index-only scan visits the heap all the same */
inline constexpr std::size_t kMaxInclude = 6;
inline constexpr double kMaxIncludeColumn = 32; /* bytes on average */
inline constexpr double kMaxIncludeWidth = 100;
/* An index that is nearly as wide as its table is a second table: entries of at most this share of a row. Two or three
 * numbers, as in a table that only relates others, stay below it. */
inline constexpr double kMaxEntryShare = 0.7;
inline constexpr double kRowOverhead = 28, kEntryOverhead = 12; /* headers and line pointers */
/* What INCLUDE columns must add, relative to the gain of the index without them: this much at least, and
 * this much per relative growth of the index. An index twice as large must bring a quarter more. */
inline constexpr double kIncludeMinGain = 0.10;
inline constexpr double kIncludeGainPerGrowth = 0.25;

/* --- indexes that nobody uses; after how long is a setting --- */
inline constexpr double kMinUnusedBytes = 10.0 * 1024 * 1024; /* a smaller one costs little */
inline constexpr double kMinUnusedReads = 1000;               /* of its table: it was in use at all */
/* One that was never scanned need not wait for that long if it alone keeps so many recorded updates from being heap-only, and
 * that costs this share of the workload. */
inline constexpr double kManyUpdates = 1000;
inline constexpr double kDearUpkeep = 0.1;

/* --- what-if pruning --- */
inline constexpr std::size_t kAllAtOnce = 100; /* hypothetical indexes in one planner call */
inline constexpr std::size_t kTopSingles = 8;  /* per query and table */
inline constexpr double kSmallestWithin = 0.9; /* of the best single gain: kept for its size */
inline constexpr double kMinSingleGain = 0.003;
/* Planner calls of pruning for the whole workload, in calls of a query without joins. In about the time of such a call
 * the planner looks at so many pairs of paths to be joined: measured on TPC-DS, about 1 us each. */
inline constexpr double kPruningCalls = 30000;
inline constexpr double kJoinsPerCall = 400;
inline constexpr std::size_t kMostTogether = 150; /* indexes that the search starts to take away from */
inline constexpr double kDearCall = 5; /* joins are worth sparing */
/* Candidates times queries that they matter to, each weighted with its call: above it the search makes do with fewer
 * calls (plan_table.hpp). TPC-H has about 2,000, TPC-DS about 90,000. */
inline constexpr double kExactWork = 10000;
/* A dear query is not asked about while searching if its statement is less than this share of the workload's cost and of
 * its time, and less than min_improvement; and its share of the calls' time is this many times that. */
inline constexpr double kSparedShare = 0.01;
inline constexpr double kSparedFactor = 10;

/* --- what counts as help for a statement --- */
/* The mean cost over its samples must fall by this share: a plan that only one rare constant out of fifty
 * gets, or the planner's 1 % fuzz, is noise. */
inline constexpr double kHelpsMean = 0.05;
/* The share is of the cost without any new index, so that a second index for what a first one has cured
 * (a partial twin, say) must divide the rest by this factor to count. */
inline constexpr double kHelpsAgainFactor = 4;
/* ... or its dearest sample gets this many times cheaper and stands for this share of the calls. */
inline constexpr double kHelpsWorstFactor = 10;
inline constexpr double kHelpsWorstShare = 0.05;
/* Two heap pages at random_page_cost, and a bit: an index that only spares the visit of one row in the heap
 * (the INCLUDE twin of a primary key) is not worth its upkeep. */
inline constexpr double kMinGainPerCall = 10;

/* --- regression guard: per set of constants, never averaged --- */
inline constexpr double kGuardFactor = 1.02; /* the planner's own fuzz is 1 % (STD_FUZZ_FACTOR) */
inline constexpr double kGuardUnits = 1;

/* --- cost is not time --- */
/* The planner charges nothing for reading again a heap page that the same index scan has read before
 * (Mackert and Lohman), though each row still costs a buffer lookup, a pin and a lock on a page that is
 * cold in the processor's cache. Measured on 500 000 rows: DISTINCT ON through an uncorrelated index costs
 * 31 % less by the planner and takes 64 % longer (501 762 against 16 795 buffers). A tenth of a page read per
 * fetch beyond the size of the tables makes that plan dearer than the sort and is invisible to selective
 * lookups and nested loops, which stay below the size of the table. Of recorded statements it is charged for bitmaps
 * of tables larger than a quarter of the buffers, too: one of a sixth of TPC-H's lineitem, in nearly all its pages, is 8 %
 * cheaper by the planner than reading the table, and takes 1.17 times the processor's time or more. Of tables that stay in the
 * buffers a bitmap takes about the time that the planner says: docs/advice-quality.md, "Bitmaps". */
inline constexpr double kExcessFetchCost = 0.1;

/* --- what an index must bring: see Worth() in evaluator.hpp --- */
inline constexpr double kMinTotalGain = 100;        /* units over the whole window */
inline constexpr double kDefaultImprovement = 0.01; /* the default of min_improvement */
inline constexpr double kStatementGain = 0.2;
inline constexpr double kStatementShare = 0.02;
inline constexpr double kMaxWriteShare = 0.5;       /* of the read gain */
/* A recorded statement that ran once is no reason for an index once another one has run this often: then
 * the workload is that of a running system, and the single run a migration or a question of the moment. */
inline constexpr double kRunningSystemCalls = 20;

/* --- search --- */
/* After the best of its starts the search under limits tries this many more, each built around an index or a group
 * that the best set lacks; those whose greedy set costs more than this many times the best are left at that. Of 900
 * random instances with a known optimum 1 is missed by more than 1 %; without, 12 of 600 were. */
inline constexpr std::size_t kOpenings = 16;
inline constexpr double kHopefulOpening = 1.3;
inline constexpr double kLazySlack = 1.25;   /* stale gains may have grown by this factor */
/* Estimates of gains from above, which save planner calls: an index may bring this many times in company what it
 * brings alone, and any set is at most this much better than all candidates at once. */
inline constexpr double kGrowsInCompany = 1.5;
inline constexpr double kBelowAllTogether = 0.95;
/* A candidate that would have to bring this many times its estimated most is not searched over. */
inline constexpr double kProspectMargin = 3;
inline constexpr double kMinProgress = 1e-5; /* relative, of an accepted local move */
inline constexpr double kNegligibleLoss = 0.01; /* of the gain of the index that is made smaller */
inline constexpr double kNegligibleRise = 0.10; /* of any statement's mean cost */
inline constexpr double kNegligibleUnits = 5;
/* An index of at most a quarter of the size (a partial one, mostly) is worth a little cost: it may lose this
 * share of what the larger one gains, for each statement, and make none dearer by more than the factor: of a large
 * gain a small share may be many times what a look-up takes. */
inline constexpr double kMuchSmaller = 0.25;
inline constexpr double kLossForSize = 0.03;
inline constexpr double kRiseForSize = 1.5;
/* ... or by this one if it has the same rows of a rare value only, and at most a twentieth of the size. When nearly all rows
 * have the same state, the planner takes those that an index on (state, at) finds to lie together, though those of a rare one
 * are scattered: by an index on at for that state alone, which shows how at really lies, a queue's poll costs 17 instead
 * of 8.6 and reads 16 instead of 17 pages. */
inline constexpr double kRarePart = 0.05;
inline constexpr double kRiseForRarePart = 4;
inline constexpr double kRiseForBtree = 4; /* of a B-tree in place of a GIN, GiST or SP-GiST */
/* A BRIN of at most a fiftieth may lose this share, because it costs next to nothing to build and to keep; but
 * it may not multiply the cost of any statement by more than the factor. */
inline constexpr double kRiseForTiny = 4;
inline constexpr double kTiny = 0.02;
inline constexpr double kLossForTiny = 0.5;

/* What exists stays unless a new index is better by this factor more than it would have to be if neither existed:
 * samples and weights are never quite the same twice, and an index that was created on advice is not to be refined
 * because of that. */
inline constexpr double kForWhatExists = 1.5;
/* An existing index that keeps this share of a statement's gain beside the new one does work that is not the new one's. */
inline constexpr double kPartOfWork = 0.1;
/* Two indexes that differ in their INCLUDE columns, or in the keys behind a common prefix, may become one of at most
 * this share of their size, which may lose this share of what each statement gains, and make none dearer by more than
 * this factor. */
inline constexpr double kMergedSize = 0.8;
inline constexpr double kLossForMerge = 0.1;
inline constexpr double kRiseForMerge = 1.5;

/* --- writes (write_cost.cpp) --- */
inline constexpr double kLeastUpdates = 0.5; /* of what an upsert writes */
inline constexpr double kDescendPerLevel = 50 * 0.0025; /* btcostestimate: 50 operators per level */
inline constexpr double kEntryCost = 0.2;               /* WAL record and a dirtied page, amortised */
inline constexpr double kColdPageCost = 4;              /* random_page_cost of a leaf that is not cached */
inline constexpr double kCachedIndexBytes = 4.0 * 1024 * 1024 * 1024; /* effective_cache_size's default */
inline constexpr double kMonotone = 0.99;               /* correlation: new keys go to the last leaf */
inline constexpr double kHotLoss = 0.5;                 /* heap part of an update that is HOT no more */

} // namespace pg_advisor::thresholds
