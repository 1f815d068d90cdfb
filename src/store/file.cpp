/*
 * Identity and removal of the statistics file: see file.hpp.
 */
#include "store/file.hpp"

namespace pg_advisor::store
{

namespace
{

/* Durably, for what was reset must not come back with a power failure. */
void RemoveOne(const char *name)
{
    struct stat status;
    if (lstat(name, &status) == 0)
        durable_unlink(name, LOG);
}

} // namespace

FileIdentity IdentityOfThisServer()
{
    FileIdentity identity{};
    memcpy(identity.magic, "PGADVIS\n", sizeof(identity.magic));
    identity.byte_order = 0x01020304;
    identity.format = kFileFormat;
    identity.server_major = compat::kServerMajor;
    identity.catalog_version = CATALOG_VERSION_NO;
    identity.entry_size = sizeof(Entry);
    identity.header_size = sizeof(FileHeader);
    identity.system_identifier = GetSystemIdentifier();
    return identity;
}

void RemoveFiles()
{
    RemoveOne(kFile);
    RemoveOne(kBadFile);
    RemoveOne(kTemporaryFile);
}

void ForgetFile()
{
    LWLockAcquire(FileLock(), LW_EXCLUSIVE);
    /* The save under way may have copied what is gone by now: it looks at this before it renames. */
    pg_atomic_fetch_add_u32(&shared->resets, 1);
    RemoveOne(kFile);
    RemoveOne(kBadFile);
    Latch *saver = shared->saver;
    LWLockRelease(FileLock());
    if (saver != nullptr)
        SetLatch(saver);
}

} // namespace pg_advisor::store
