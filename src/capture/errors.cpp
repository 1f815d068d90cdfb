/*
 * See errors.hpp. A transaction that catches more errors than fit loses the oldest notes, not the newest.
 */
#include "capture/errors.hpp"

#include "capture/normalise.hpp"
#include "capture/pending.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr int kMostNotes = 64;
struct Note
{
    store::StatementKey key;
    int sqlstate;
};
Note notes[kMostNotes];
uint32 noted = 0; /* ever, in this transaction */

} // namespace

void NoteError(const store::StatementKey &key, int sqlstate)
{
    notes[noted++ % kMostNotes] = Note{key, sqlstate};
}

bool CountErrors()
{
    const uint32 count = std::min<uint32>(noted, kMostNotes);
    noted = 0;
    for (uint32 i = 0; i < count; i++)
    {
        Pending *slot = SlotFor(notes[i].key);
        if (slot == nullptr)
            continue;
        slot->counters.errors++;
        slot->counters.last_sqlstate = notes[i].sqlstate;
        slot->dirty = true;
        int length;
        const char *text = slot->known.query ? nullptr : RememberedText(notes[i].key.queryid, &length);
        if (text != nullptr)
            store::Attach(notes[i].key, store::Part::Query, text, static_cast<uint32>(length), 0);
    }
    return count > 0;
}

} // namespace pg_advisor::capture
