/*
 * The ring of remembered texts: see first_texts.hpp.
 */
#include "capture/first_texts.hpp"

#include "boundary/attempt.hpp"
#include "settings.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr uint32 kRemembered = 16;
/* Constants beyond these are not worth remembering: the text is normalised at once. */
constexpr uint32 kMostConstants = 512;

struct Remembered
{
    uint64 queryid;
    char *memory; /* the text, then the places of its constants */
    store::TextData data;
};
Remembered remembered[kRemembered];
uint32 oldest = 0;

Remembered *PlaceFor(uint64 queryid)
{
    for (Remembered &place : remembered)
        if (place.memory != nullptr && place.queryid == queryid)
            return &place;
    return &remembered[oldest++ % kRemembered];
}

/* Whether what was remembered while parsing is the text that ran: another one may have the same id. The last
 * statement of a function's body has its semicolon in one case only. */
bool IsTextOf(const store::TextData &remembered, const Statement &statement)
{
    const auto size = static_cast<int>(remembered.text_size);
    return remembered.normalised ||
           (size <= statement.length && memcmp(remembered.text, statement.text, remembered.text_size) == 0 &&
            (size == statement.length || statement.text[size] == ';'));
}

} // namespace

const store::TextData *RememberText(uint64 queryid, const Statement &statement, const Constants &constants, bool whole)
{
    store::TextData data{};
    data.ms = -1;
    data.text = statement.text;
    data.text_size = static_cast<uint32>(statement.length);
    data.places = constants.places;
    data.constants = constants.count;
    data.highest_parameter = constants.highest_parameter;
    data.standard_strings = constants.standard_strings;
    if (!whole || !settings::sample_texts || statement.length > kLongestText ||
        (constants.Known() && constants.count > kMostConstants))
    {
        int size;
        data.text = Normalise(statement.text, statement.length, constants, &size);
        data.text_size = static_cast<uint32>(size);
        data.normalised = true;
        data.constants = 0;
    }

    const Size text_space = MAXALIGN(data.text_size);
    const Size places = data.constants == store::kUnknownConstants ? 0 : sizeof(LocationLen) * data.constants;
    auto *memory = static_cast<char *>(
        MemoryContextAllocExtended(TopMemoryContext, text_space + places + 1, MCXT_ALLOC_NO_OOM));
    if (memory == nullptr)
        return nullptr;
    memcpy(memory, data.text, data.text_size);
    data.text = memory;
    if (places > 0)
        memcpy(memory + text_space, data.places, places);
    data.places = reinterpret_cast<const LocationLen *>(memory + text_space);

    Remembered *place = PlaceFor(queryid);
    if (place->memory != nullptr)
        pfree(place->memory);
    *place = Remembered{queryid, memory, data};
    return &place->data;
}

const store::TextData *RememberedText(uint64 queryid)
{
    for (Remembered &place : remembered)
        if (place.memory != nullptr && place.queryid == queryid)
            return place.data.normalised || settings::sample_texts ? &place.data : nullptr;
    return nullptr;
}

const store::TextData *TextOf(uint64 queryid, const char *source, int location, int length, bool whole)
{
    const store::TextData *found = nullptr;
    /* The scanner may refuse now what it took before: settings say how strings are read. */
    if (!Attempt([&] {
            const Statement statement = StatementIn(source, location, length);
            found = RememberedText(queryid);
            if (found == nullptr || !IsTextOf(*found, statement))
                found = RememberText(queryid, statement, Constants::Unknown(), whole);
        }))
        store::CountDroppedSample();
    return found;
}

} // namespace pg_advisor::capture
