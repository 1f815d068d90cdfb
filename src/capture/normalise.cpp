/*
 * Normalising by the server's own scanner: only it knows where a literal ends.
 */
#include "capture/normalise.hpp"

#include "boundary/quiet.hpp"

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

/* Walks the constants in the order of the text. */
struct ConstantCursor
{
    const Constants &constants;
    uint32 next = 0;

    const LocationLen *At(int location)
    {
        while (next < constants.count && constants.places[next].location < location)
            next++;
        return next < constants.count && constants.places[next].location == location ? &constants.places[next]
                                                                                      : nullptr;
    }
};

/* Quietly, here and below: the scanner says of each long name that it is truncated, and has said so when the statement
 * was parsed. */
int HighestParameterIn(const Statement &statement)
{
    char *text = pnstrdup(statement.text, statement.length);
    int highest = 0;
    Quietly([&] { highest = HighestParameter(text); });
    pfree(text);
    return highest;
}

/* The number before that of the first constant. Where a list is squashed, parameters count as constants. */
int NumbersTaken(const Constants &constants, char *text)
{
    if (!constants.Known())
        return HighestParameter(text);
    const bool renumbered = std::any_of(constants.places, constants.places + constants.count, compat::IsSquashed);
    return renumbered ? 0 : constants.highest_parameter;
}

} // namespace

Statement StatementIn(const char *text, int location, int length)
{
    if (location > static_cast<int>(strlen(text)))
        location = -1; /* a stored query (a view's, say) under another text */
    const char *start = CleanQuerytext(text, &location, &length);
    return Statement{start, length, location};
}

Constants ConstantsOf(const JumbleState *jumble, const Statement &statement)
{
    const auto noted = static_cast<uint32>(jumble->clocations_count);
    static LocationLen few[16];
    LocationLen *places = few;
    if (noted > lengthof(few))
        places = static_cast<LocationLen *>(palloc(sizeof(LocationLen) * noted));
    uint32 count = 0;
    for (uint32 i = 0; i < noted; i++)
    {
        if (compat::StaysAsWritten(jumble, jumble->clocations[i]))
            continue;
        places[count] = jumble->clocations[i];
        places[count++].location -= statement.offset;
    }
    if (count > 1)
        qsort(places, count, sizeof(LocationLen), CompareLocations);
    const int highest = compat::RenumbersParameters(jumble) ? HighestParameterIn(statement)
                                                            : jumble->highest_extern_param_id;
    return Constants{places, count, highest, standard_conforming_strings};
}

namespace
{

char *NormaliseScanned(const char *text, int length, const Constants &constants, int *result_length)
{
    char *source = pnstrdup(text, length);
    StringInfoData result;
    initStringInfo(&result);

    ConstantCursor cursor{constants};
    int number = NumbersTaken(constants, source);
    int copied = 0; /* bytes of the source that are done */
    Scanner scanner(source);
    scanner.extra.standard_conforming_strings = constants.standard_strings;

    for (int at = scanner.Next(); at >= 0 && result.len < kLongestText; at = scanner.Next())
    {
        if (at < copied)
            continue; /* inside a squashed list */
        const LocationLen *constant = constants.Known() ? cursor.At(at) : nullptr;
        if (constants.Known() ? constant == nullptr : !LooksLiteral(scanner.Token()))
            continue;
        const bool squashed = constant != nullptr && compat::IsSquashed(*constant);
        int end = squashed ? std::min(at + constant->length, length) : at + static_cast<int>(strlen(scanner.Token()));
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

} // namespace

char *Normalise(const char *text, int length, const Constants &constants, int *result_length)
{
    char *result = nullptr;
    Quietly([&] { result = NormaliseScanned(text, length, constants, result_length); });
    return result;
}

} // namespace pg_advisor::capture
