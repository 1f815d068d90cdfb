/*
 * Normalising by the server's own scanner: only it knows where a literal ends.
 */
#include "capture/normalise.hpp"

extern "C"
{
#include "common/keywords.h"
}

namespace pg_advisor::capture
{

namespace
{

int CompareLocations(const void *a, const void *b)
{
    const int left = static_cast<const LocationLen *>(a)->location;
    const int right = static_cast<const LocationLen *>(b)->location;
    return (left > right) - (left < right);
}

/* Whether a token is a literal, by how it is written; keywords and identifiers never match. */
bool LooksLiteral(const char *token)
{
    const auto c = static_cast<unsigned char>(token[0]);
    if (c == '\'' || isdigit(c))
        return true;
    if (c == '.')
        return isdigit(static_cast<unsigned char>(token[1]));
    if (c == '$')
        return !isdigit(static_cast<unsigned char>(token[1]));
    if (strchr("bBxXeEnN", c) != nullptr && token[1] == '\'')
        return true;
    return (c == 'u' || c == 'U') && token[1] == '&' && token[2] == '\'';
}

struct Scanner
{
    core_yyscan_t state;
    core_yy_extra_type extra;
    YYLTYPE location;
    core_YYSTYPE value;

    explicit Scanner(char *text)
    {
        state = scanner_init(text, &extra, &ScanKeywords, ScanKeywordTokens);
        /* Nobody wants a warning about escapes twice. */
        extra.escape_string_warning = false;
    }
    /* Start of the next token in the text, or -1; the scanner ends it with a zero byte. */
    int Next() { return core_yylex(&value, &location, state) == 0 ? -1 : location; }
    const char *Token() const { return extra.scanbuf + location; }
};

int HighestParameter(char *text)
{
    int highest = 0;
    Scanner scanner(text);
    while (scanner.Next() >= 0)
        if (scanner.Token()[0] == '$')
            highest = std::max(highest, atoi(scanner.Token() + 1));
    scanner_finish(scanner.state);
    return highest;
}

/* A negative number is one constant from its sign on, however it is written: -1, - -1, -(1). */
int EndOfNegative(Scanner *scanner, const char *source, int at)
{
    int parentheses = 0;
    while (at >= 0 && (source[at] == '-' || source[at] == '('))
    {
        parentheses += source[at] == '(';
        at = scanner->Next();
    }
    while (at >= 0 && parentheses-- > 0)
        at = scanner->Next();
    return at < 0 ? static_cast<int>(strlen(source)) : at + static_cast<int>(strlen(scanner->Token()));
}

/* Walks the jumble's constants in the order of the text. */
struct ConstantCursor
{
    const LocationLen *locations;
    int count;
    int next = 0;
    int offset; /* of the statement in the source text */

    const LocationLen *At(int location)
    {
        while (next < count && locations[next].location - offset < location)
            next++;
        return next < count && locations[next].location - offset == location ? &locations[next] : nullptr;
    }
};

} // namespace

char *Normalise(const char *text, int location, int length, JumbleState *jumble, int *result_length)
{
    if (location > static_cast<int>(strlen(text)))
        location = -1; /* a stored query (a view's, say) under another text */
    const char *statement = CleanQuerytext(text, &location, &length);
    char *source = pnstrdup(statement, length);
    StringInfoData result;
    initStringInfo(&result);

    if (jumble != nullptr)
        qsort(jumble->clocations, jumble->clocations_count, sizeof(LocationLen), CompareLocations);
    ConstantCursor constants{jumble != nullptr ? jumble->clocations : nullptr,
                             jumble != nullptr ? jumble->clocations_count : 0, 0, location};
    int number = jumble != nullptr ? jumble->highest_extern_param_id : HighestParameter(source);
    int copied = 0; /* bytes of the source that are done */
    Scanner scanner(source);

    for (int at = scanner.Next(); at >= 0 && result.len < kLongestText; at = scanner.Next())
    {
        if (at < copied)
            continue; /* inside a squashed list */
        const LocationLen *constant = constants.At(at);
        if (jumble != nullptr ? constant == nullptr : !LooksLiteral(scanner.Token()))
            continue;
        const bool squashed = constant != nullptr && compat::IsSquashed(*constant);
        int end = squashed ? at + constant->length : at + static_cast<int>(strlen(scanner.Token()));
        if (!squashed && source[at] == '-')
            end = EndOfNegative(&scanner, source, at);
        appendBinaryStringInfo(&result, source + copied, at - copied);
        appendStringInfo(&result, squashed ? "$%d /*, ... */" : "$%d", ++number);
        copied = end;
    }
    scanner_finish(scanner.state);
    if (result.len < kLongestText)
        appendBinaryStringInfo(&result, source + copied, length - copied);
    *result_length = pg_mbcliplen(result.data, result.len, kLongestText);
    pfree(source);
    return result.data;
}

namespace
{

constexpr int kRemembered = 16;
struct Remembered
{
    uint64 queryid;
    char *text;
    int length;
};
Remembered remembered[kRemembered];
int oldest = 0;

} // namespace

void RememberText(uint64 queryid, const char *text, int length)
{
    auto *copy = static_cast<char *>(MemoryContextAllocExtended(TopMemoryContext, length + 1, MCXT_ALLOC_NO_OOM));
    if (copy == nullptr)
        return;
    memcpy(copy, text, length);
    Remembered *place = &remembered[oldest];
    oldest = (oldest + 1) % kRemembered;
    if (place->text != nullptr)
        pfree(place->text);
    *place = Remembered{queryid, copy, length};
}

const char *RememberedText(uint64 queryid, int *length)
{
    for (const Remembered &place : remembered)
    {
        if (place.text == nullptr || place.queryid != queryid)
            continue;
        *length = place.length;
        return place.text;
    }
    return nullptr;
}

} // namespace pg_advisor::capture
