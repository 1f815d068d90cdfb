/*
 * See errors.hpp. A transaction that catches more errors than fit loses the oldest notes, not the newest.
 */
#include "capture/errors.hpp"

#include "capture/first_texts.hpp"
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

} // namespace

uint32 noted_errors = 0;

void NoteError(const store::StatementKey &key, int sqlstate)
{
    notes[noted_errors++ % kMostNotes] = Note{key, sqlstate};
}

bool CountErrors()
{
    const uint32 count = std::min<uint32>(noted_errors, kMostNotes);
    noted_errors = 0;
    for (uint32 i = 0; i < count; i++)
    {
        Pending *slot = SlotFor(notes[i].key);
        if (slot == nullptr)
            continue;
        slot->counters.errors++;
        slot->counters.last_sqlstate = notes[i].sqlstate;
        slot->dirty = table_dirty = true;
        const store::TextData *text = slot->known.text ? nullptr : RememberedText(notes[i].key.queryid);
        if (text != nullptr)
            store::AttachText(notes[i].key, *text);
    }
    return count > 0;
}

} // namespace pg_advisor::capture
