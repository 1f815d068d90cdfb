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
    Size space;
    store::TextData data;
};
Remembered remembered[kRemembered];
uint32 next_place = 0; /* the youngest, which is nearly always the one that is asked for, is before it */

/* Memory up to so much is kept for the next text: more would add up to a megabyte in each session. */
constexpr Size kSpaceKept = 4096;

/* The place of the oldest, with so much memory; nullptr without. */
Remembered *PlaceWith(Size space)
{
    Remembered *place = &remembered[next_place % kRemembered];
    if (place->space < space || place->space > kSpaceKept)
    {
        if (place->memory != nullptr)
            pfree(place->memory);
        *place = Remembered{};
        place->memory = static_cast<char *>(MemoryContextAllocExtended(TopMemoryContext, space, MCXT_ALLOC_NO_OOM));
        if (place->memory == nullptr)
            return nullptr;
        place->space = space;
    }
    next_place++;
    return place;
}

/* Whether what was remembered while parsing is the text that ran: another one may have the same id. The last
 * statement of a function's body has its semicolon in one case only. */
bool IsTextOf(const store::TextData &text, const Statement &statement)
{
    const auto size = static_cast<int>(text.text_size);
    return text.normalised || (size <= statement.length && memcmp(text.text, statement.text, text.text_size) == 0 &&
                               (size == statement.length || statement.text[size] == ';'));
}

/* The same for the usual case: a source that has one statement, or this one first, and no blanks before it. */
bool Begins(const char *source, int length, const store::TextData &text)
{
    return !text.normalised && (length == 0 || length == static_cast<int>(text.text_size)) &&
           strncmp(source, text.text, text.text_size) == 0 &&
           (length != 0 || source[text.text_size] == '\0' ||
            (source[text.text_size] == ';' && source[text.text_size + 1] == '\0'));
}

} // namespace

const store::TextData *RememberText(uint64 queryid, const Statement &statement, const Constants &constants, bool whole)
{
    const char *text = statement.text;
    int length = statement.length;
    uint32 count = constants.count;
    const bool normalised = !whole || !settings::sample_texts || length > kLongestText ||
                            (constants.Known() && count > kMostConstants);
    if (normalised)
    {
        text = Normalise(text, length, constants, &length);
        count = 0;
    }

    const Size text_space = MAXALIGN(length);
    const Size places = count == store::kUnknownConstants ? 0 : sizeof(LocationLen) * count;
    Remembered *place = PlaceWith(text_space + places + 1);
    if (place == nullptr)
        return nullptr;
    memcpy(place->memory, text, length);
    if (places > 0)
        memcpy(place->memory + text_space, constants.places, places);
    place->queryid = queryid;
    store::TextData *data = &place->data;
    *data = store::TextData{};
    data->text = place->memory;
    data->text_size = static_cast<uint32>(length);
    data->places = reinterpret_cast<const LocationLen *>(place->memory + text_space);
    data->constants = count;
    data->highest_parameter = constants.highest_parameter;
    data->standard_strings = constants.standard_strings;
    data->normalised = normalised;
    data->ms = -1;
    return data;
}

const store::TextData *RememberedText(uint64 queryid)
{
    for (uint32 i = 1; i <= kRemembered; i++)
    {
        const Remembered &place = remembered[(next_place - i) % kRemembered];
        if (place.queryid == queryid && place.memory != nullptr)
            return place.data.normalised || settings::sample_texts ? &place.data : nullptr;
    }
    return nullptr;
}

const store::TextData *TextOf(uint64 queryid, const char *source, int location, int length, bool whole)
{
    const store::TextData *found = RememberedText(queryid);
    if (found != nullptr && location <= 0 && Begins(source, length, *found))
        return found;
    /* The scanner may refuse now what it took before: settings say how strings are read. */
    if (!Attempt([&] {
            const Statement statement = StatementIn(source, location, length);
            if (found == nullptr || !IsTextOf(*found, statement))
                found = RememberText(queryid, statement, Constants::Unknown(), whole);
        }))
        store::CountDroppedSample();
    return found;
}

} // namespace pg_advisor::capture
