/*
 * The statistics file: what it looks like, and what may be done with it. Private to store/.
 *
 * A header, one record for each entry (record.hpp), a trailer with the checksum of everything before it. Only
 * the build that wrote a file reads it: structs are written as they are in memory, and query trees depend on
 * the catalogs. Any other file is put aside (load.cpp), for statistics can be collected again.
 *
 * It is written to kTemporaryFile and renamed, so that under its own name it is always whole.
 */
#pragma once

#include "store/layout.hpp"

namespace pg_advisor::store
{

inline constexpr const char *kFile = PGSTAT_STAT_PERMANENT_DIRECTORY "/pg_advisor.stat";
inline constexpr const char *kTemporaryFile = PGSTAT_STAT_PERMANENT_DIRECTORY "/pg_advisor.stat.tmp";
inline constexpr const char *kBadFile = PGSTAT_STAT_PERMANENT_DIRECTORY "/pg_advisor.stat.bad";

/* To be changed with whatever changes the meaning of a byte in the file, even where no size changes. */
inline constexpr uint32 kFileFormat = 2;

/* Who can read the file. */
struct FileIdentity
{
    char magic[8];
    uint32 byte_order;
    uint32 format;
    uint32 server_major;
    uint32 catalog_version;
    uint32 entry_size;
    uint32 header_size;
    uint64 system_identifier;
};

struct FileHeader
{
    FileIdentity identity;
    TimestampTz saved_at;
    TimestampTz stats_reset;
    uint64 evicted;
    uint64 samples_dropped;
};

struct FileTrailer
{
    uint64 entries;
    uint32 reserved;
    pg_crc32c checksum; /* of all bytes before this one */
};

FileIdentity IdentityOfThisServer();

/* Removes the file and the one put aside; without a lock. What is not there is no error, others are logged. */
void RemoveFiles();
/* The same for a running server: a save that is under way is given up, another one is asked for. */
void ForgetFile();

/* Writes everything down. False if that failed or was overtaken by a reset; the old file stays then.
 * `running`: others are at work: locks are taken, and a shutdown request ends it. Otherwise the postmaster is
 * the last process. */
bool Save(bool running);

/* Fills the new, empty store from the file, if there is one and it is good. In the postmaster. */
void Load();

/* Makes the postmaster run the process that saves from time to time (saver.cpp). By _PG_init. */
void RegisterSaver();

} // namespace pg_advisor::store
