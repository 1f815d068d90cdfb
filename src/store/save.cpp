/*
 * Writing the statistics file, by the saver while the server runs and by the postmaster as it exits.
 *
 * Records are collected in a private buffer under the partition's shared lock and written after it is
 * released: no session waits for a disk, nor for the copying of more than one buffer. What changes while the
 * file is being written is in it or not; an entry that moved may be in it twice, and the loader takes one.
 */
#include "store/file.hpp"
#include "store/record.hpp"
#include "store/store.hpp"

namespace pg_advisor::store
{

namespace
{

constexpr Size kBuffer = 1024 * 1024;
constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR; /* texts have constants in them: no group, whatever the cluster */

struct Writer
{
    int fd;
    bool running;
    pg_crc32c checksum;
    uint64 entries;
    char *buffer;
    Size capacity;
    Size filled;
};

LWLock *LockOf(uint32 partition)
{
    return &shared->locks[partition].lock;
}

bool Complain(const char *what)
{
    ereport(LOG, (errcode_for_file_access(), errmsg("could not %s file \"%s\": %m", what, kTemporaryFile)));
    return false;
}

bool WriteAll(Writer *writer, const char *data, Size size)
{
    COMP_CRC32C(writer->checksum, data, size);
    while (size > 0)
    {
        errno = 0;
        const ssize_t written = write(writer->fd, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
        {
            errno = errno != 0 ? errno : ENOSPC;
            return Complain("write");
        }
        data += written;
        size -= static_cast<Size>(written);
    }
    return true;
}

bool EmptyBuffer(Writer *writer)
{
    const Size size = writer->filled;
    writer->filled = 0;
    return WriteAll(writer, writer->buffer, size);
}

/* Without an error: this is no reason to end the process. */
bool MakeBuffer(Writer *writer, Size capacity)
{
    if (writer->buffer != nullptr)
        pfree(writer->buffer);
    writer->capacity = capacity;
    writer->buffer = static_cast<char *>(
        MemoryContextAllocExtended(TopMemoryContext, capacity, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE));
    if (writer->buffer == nullptr)
        ereport(LOG, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory for saving the statistics of pg_advisor")));
    return writer->buffer != nullptr;
}

/* Copies entries from *next on as long as they fit; returns what the one that did not fit needs, or 0. */
Size Collect(Writer *writer, uint32 partition, uint32 *next)
{
    const Entry *entries = EntriesOf(partition);
    for (; *next < PartitionAt(partition)->capacity; ++*next)
    {
        const Entry &entry = entries[*next];
        if (entry.first_seen == 0 || WrongWith(entry) != nullptr)
            continue;
        const RecordLength length = RecordSize(entry);
        if (writer->filled + sizeof(length) + length > writer->capacity)
            return sizeof(length) + length;
        memcpy(writer->buffer + writer->filled, &length, sizeof(length));
        WriteRecord(entry, writer->buffer + writer->filled + sizeof(length));
        writer->filled += sizeof(length) + length;
        writer->entries++;
    }
    return 0;
}

bool WritePartition(Writer *writer, uint32 partition)
{
    uint32 next = 0;
    Size needed;
    do
    {
        if (writer->running)
        {
            if (ShutdownRequestPending)
                return false; /* the postmaster writes it all again */
            LWLockAcquire(LockOf(partition), LW_SHARED);
        }
        needed = Collect(writer, partition, &next);
        if (writer->running)
            LWLockRelease(LockOf(partition));
        if (needed > 0 && !EmptyBuffer(writer))
            return false;
        if (needed > writer->capacity && !MakeBuffer(writer, needed))
            return false;
    } while (needed > 0);
    return true;
}

bool WriteFile(Writer *writer)
{
    FileHeader header{};
    header.identity = IdentityOfThisServer();
    header.saved_at = GetCurrentTimestamp();
    header.stats_reset = static_cast<TimestampTz>(pg_atomic_read_u64(&shared->stats_reset));
    header.evicted = pg_atomic_read_u64(&shared->evicted);
    header.samples_dropped = pg_atomic_read_u64(&shared->samples_dropped);
    if (!WriteAll(writer, reinterpret_cast<const char *>(&header), sizeof(header)))
        return false;
    for (uint32 p = 0; p < shared->partitions; p++)
        if (!WritePartition(writer, p))
            return false;
    if (!EmptyBuffer(writer))
        return false;

    FileTrailer trailer{};
    trailer.entries = writer->entries;
    if (!WriteAll(writer, reinterpret_cast<const char *>(&trailer), offsetof(FileTrailer, checksum)))
        return false;
    trailer.checksum = writer->checksum;
    FIN_CRC32C(trailer.checksum);
    return WriteAll(writer, reinterpret_cast<const char *>(&trailer.checksum), sizeof(trailer.checksum));
}

bool WriteTemporary(bool running)
{
    Writer writer{};
    writer.running = running;
    INIT_CRC32C(writer.checksum);
    if (!MakeBuffer(&writer, kBuffer))
        return false;
    /* Made anew, so that neither an old mode nor a link is taken over. */
    (void)unlink(kTemporaryFile);
    writer.fd = BasicOpenFilePerm(kTemporaryFile, O_WRONLY | O_CREAT | O_EXCL | PG_BINARY, kOwnerOnly);
    bool good = writer.fd >= 0 || Complain("create");
    if (good)
    {
        good = WriteFile(&writer);
        /* The renaming syncs too, but with the file lock held: let it find nothing to do. */
        if (good && pg_fsync(writer.fd) != 0)
            good = Complain("fsync");
        if (close(writer.fd) != 0 && good)
            good = Complain("close");
    }
    if (writer.buffer != nullptr)
        pfree(writer.buffer);
    return good;
}

/*
 * A session that was killed (immediate shutdown) may have left an entry half changed, and then it also left
 * the lock. They are tried, never waited for: nobody would give one back. Nor are they kept: the server looks
 * for locks to be released once more when the shared memory is gone.
 */
bool EverythingIsWhole()
{
    for (uint32 p = 0; p < shared->partitions; p++)
    {
        if (!LWLockConditionalAcquire(LockOf(p), LW_SHARED))
        {
            ereport(LOG, (errmsg("the statistics of pg_advisor are not saved, because a session was killed while it "
                                 "changed them")));
            return false;
        }
        LWLockRelease(LockOf(p));
    }
    return true;
}

/* Renaming durably syncs the directory. After a reset our copy may hold what was removed meanwhile. */
bool Publish(bool running, uint32 resets)
{
    if (running)
        LWLockAcquire(FileLock(), LW_EXCLUSIVE);
    const bool current = pg_atomic_read_u32(&shared->resets) == resets;
    const bool good = current && durable_rename(kTemporaryFile, kFile, LOG) == 0;
    if (running)
        LWLockRelease(FileLock());
    return good;
}

} // namespace

bool Save(bool running)
{
    const uint32 resets = pg_atomic_read_u32(&shared->resets);
    if (!running && !EverythingIsWhole())
        return false;
    const bool good = WriteTemporary(running) && Publish(running, resets);
    if (!good)
        (void)unlink(kTemporaryFile);
    return good;
}

} // namespace pg_advisor::store
