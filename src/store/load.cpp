/*
 * Reading the statistics file into the new store, while the postmaster starts and after each crash.
 *
 * A file is used as a whole or not at all: everything is checked before the first entry is made. One that is
 * refused is put aside under another name, for whoever wants to know what happened, with one line in the log.
 * The most valuable entries come first, so that a smaller store gets the best of a larger one.
 */
#include "store/file.hpp"
#include "settings.hpp"
#include "store/pieces.hpp"
#include "store/record.hpp"
#include "store/table.hpp"
#include "store/texts.hpp"

namespace pg_advisor::store
{

namespace
{

struct Candidate
{
    const char *record;
    double worth;
};

struct Contents
{
    char *data;
    Size size;
    Candidate *candidates;
    uint64 count;
    FileHeader header;
    char wrong[200]; /* why it is not used */
};

bool Refuse(Contents *file, const char *why)
{
    strlcpy(file->wrong, why, sizeof(file->wrong));
    return false;
}

bool RefuseSystem(Contents *file, const char *what)
{
    snprintf(file->wrong, sizeof(file->wrong), "it could not be %s: %m", what);
    return false;
}

/* Without an error, which would end the postmaster. */
void *Allocate(Size size)
{
    return MemoryContextAllocExtended(TopMemoryContext, std::max<Size>(size, 1), MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE);
}

bool ReadAll(Contents *file, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return RefuseSystem(file, "examined");
    if (!S_ISREG(status.st_mode))
        return Refuse(file, "it is not a regular file");
    file->size = static_cast<Size>(status.st_size);
    /* Before any memory is taken for it: the largest settings make less. */
    if (file->size > Size{16} * 1024 * 1024 * 1024)
        return Refuse(file, "it is larger than any that is written");
    file->data = static_cast<char *>(Allocate(file->size));
    if (file->data == nullptr)
        return Refuse(file, "there is not enough memory to read it");
    for (Size done = 0; done < file->size;)
    {
        const ssize_t got = read(fd, file->data + done, file->size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return RefuseSystem(file, "read");
        if (got == 0)
            return Refuse(file, "it became shorter while it was read");
        done += static_cast<Size>(got);
    }
    return true;
}

bool CheckIdentity(Contents *file)
{
    const FileIdentity ours = IdentityOfThisServer();
    FileIdentity theirs;
    memcpy(&theirs, file->data, sizeof(theirs));
    if (memcmp(theirs.magic, ours.magic, sizeof(ours.magic)) != 0)
        return Refuse(file, "it is not a statistics file of pg_advisor");
    if (theirs.byte_order != ours.byte_order)
        return Refuse(file, "it was written on another kind of machine");
    if (theirs.format != ours.format || theirs.entry_size != ours.entry_size || theirs.header_size != ours.header_size)
        return Refuse(file, "it was written by another version of pg_advisor");
    if (theirs.server_major != ours.server_major || theirs.catalog_version != ours.catalog_version)
        return Refuse(file, "it was written by another version of PostgreSQL");
    if (theirs.system_identifier != ours.system_identifier)
        return Refuse(file, "it belongs to another database cluster");
    return true;
}

bool CheckWhole(Contents *file, FileTrailer *trailer)
{
    const Size checked = file->size - sizeof(trailer->checksum);
    pg_crc32c checksum;
    INIT_CRC32C(checksum);
    COMP_CRC32C(checksum, file->data, checked);
    FIN_CRC32C(checksum);
    memcpy(trailer, file->data + file->size - sizeof(*trailer), sizeof(*trailer));
    if (!EQ_CRC32C(checksum, trailer->checksum))
        return Refuse(file, "its checksum is wrong");
    memcpy(&file->header, file->data, sizeof(file->header));
    if (!IS_VALID_TIMESTAMP(file->header.saved_at) || !IS_VALID_TIMESTAMP(file->header.stats_reset) ||
        file->header.evicted > PG_INT64_MAX / 4 || file->header.samples_dropped > PG_INT64_MAX / 4)
        return Refuse(file, "a figure of its header is out of range");
    return true;
}

/* Finds the records, and checks every one. */
bool ReadRecords(Contents *file, uint64 count)
{
    const char *at = file->data + sizeof(FileHeader);
    const char *end = file->data + file->size - sizeof(FileTrailer);
    if (count > static_cast<Size>(end - at) / (sizeof(RecordLength) + sizeof(Entry)))
        return Refuse(file, "it says that it has more entries than fit into it");
    file->candidates = static_cast<Candidate *>(Allocate(count * sizeof(Candidate)));
    if (file->candidates == nullptr)
        return Refuse(file, "there is not enough memory to read it");
    for (; file->count < count; file->count++)
    {
        RecordLength length;
        if (static_cast<Size>(end - at) < sizeof(length))
            return Refuse(file, "it has fewer entries than it says");
        memcpy(&length, at, sizeof(length));
        at += sizeof(length);
        if (length > static_cast<Size>(end - at))
            return Refuse(file, "a record is longer than the file");
        Entry image;
        if (const char *wrong = ReadRecord(at, length, &image))
            return Refuse(file, wrong);
        file->candidates[file->count] = Candidate{at, WorthOf(image, file->header.saved_at)};
        at += length;
    }
    return at == end || Refuse(file, "it has more entries than it says");
}

bool ReadContents(Contents *file, int fd)
{
    FileTrailer trailer;
    if (!ReadAll(file, fd))
        return false;
    if (file->size < sizeof(FileHeader) + sizeof(FileTrailer))
        return Refuse(file, "it is too short");
    return CheckIdentity(file) && CheckWhole(file, &trailer) && ReadRecords(file, trailer.entries);
}

int CompareWorth(const void *a, const void *b)
{
    const auto *left = static_cast<const Candidate *>(a);
    const auto *right = static_cast<const Candidate *>(b);
    if (left->worth != right->worth)
        return left->worth > right->worth ? -1 : 1;
    return left->record < right->record ? -1 : left->record > right->record;
}

/* What the settings of today keep out of shared memory stays out, though it was recorded under others. A tree
 * may have the statement's constants in it. */
bool MayBeKept(const Entry &entry, const dsa_pointer *piece)
{
    if (piece == &entry.example.data || piece == &entry.tree.data)
        return settings::sample_texts;
    for (const Sample &sample : entry.samples)
        if (piece == &sample.data)
            return (sample.text_size == 0 || settings::sample_texts) &&
                   (sample.params_size == 0 || settings::sample_parameters);
    return true;
}

/* Copies what the image says follows it. Whole or not: a statement without its tree is of little use. */
bool CopyPieces(Entry *entry, const char *pieces)
{
    bool fits = true;
    ForEachPiece(*entry, [&](dsa_pointer &data, uint64 size, uint32) {
        if (data != kPieceFollows)
            return;
        const char *piece = pieces;
        pieces += size;
        const bool wanted = fits && MayBeKept(*entry, &data);
        data = wanted ? CopyIn(piece, static_cast<uint32>(size)) : InvalidDsaPointer;
        fits = fits && (!wanted || DsaPointerIsValid(data));
    });
    return fits;
}

/* False if there is no room. Never evicts: what is there already is worth more. */
bool MakeEntry(const char *record)
{
    Entry image;
    memcpy(&image, record, sizeof(image));
    const uint32 hash = HashOf(image.key);
    const uint32 partition = PartitionOf(hash);
    if (Find(partition, hash, image.key) != nullptr)
        return true;
    if (PartitionAt(partition)->free_head == kNone)
        return false;

    Entry *entry = FindOrInsert(partition, hash, image.key, image.first_seen);
    image.next = entry->next;
    *entry = image;
    const bool fits = CopyPieces(entry, record + sizeof(image));
    if (!fits)
        Remove(partition, entry);
    return fits;
}

void Fill(Contents *file)
{
    uint64 left_out = 0;
    qsort(file->candidates, file->count, sizeof(Candidate), CompareWorth);
    for (uint64 i = 0; i < file->count; i++)
        if (!MakeEntry(file->candidates[i].record))
            left_out++;
    pg_atomic_write_u64(&shared->stats_reset, static_cast<uint64>(file->header.stats_reset));
    pg_atomic_write_u64(&shared->evicted, file->header.evicted + left_out);
    pg_atomic_write_u64(&shared->samples_dropped, file->header.samples_dropped);
}

void PutAside(const char *why)
{
    if (rename(kFile, kBadFile) == 0)
        ereport(LOG, (errmsg("statistics file \"%s\" is not used, because %s; it was renamed to \"%s\"", kFile, why,
                             kBadFile)));
    else
        ereport(LOG, (errcode_for_file_access(),
                      errmsg("statistics file \"%s\" is not used, because %s; it could not be renamed to \"%s\": %m",
                             kFile, why, kBadFile)));
}

} // namespace

void Load()
{
    /* Not from a pipe that somebody left there, for ever. */
    /* NOLINTNEXTLINE(misc-redundant-expression): some flags are 0 on some systems. */
    const int fd = BasicOpenFilePerm(kFile, O_RDONLY | O_NONBLOCK | PG_BINARY, 0);
    if (fd < 0 && errno == ENOENT)
        return;
    Contents file{};
    const bool good = fd >= 0 ? ReadContents(&file, fd) : RefuseSystem(&file, "opened");
    if (fd >= 0)
        (void)close(fd);
    if (good)
        Fill(&file);
    else
        PutAside(file.wrong);
    if (file.candidates != nullptr)
        pfree(file.candidates);
    if (file.data != nullptr)
        pfree(file.data);
}

} // namespace pg_advisor::store
