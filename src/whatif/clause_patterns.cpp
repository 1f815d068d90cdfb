/*
 * Fixed prefixes of patterns: see clause_patterns.hpp. Cautious where the planner's own analysis (which is
 * not exported) knows more: a prefix that is missed costs a candidate, never a wrong one.
 */
#include "whatif/clause_patterns.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* Operators of pg_operator.dat that have no symbol in a header we can use. */
constexpr Oid text_like = 1209, bpchar_like = 1211, name_like = 1207, bytea_like = 2016;
constexpr Oid text_regex = 641, bpchar_regex = 1055, name_regex = 639;
constexpr Oid text_starts_with = 3877;

PatternPrefix PrefixOfLike(const char *pattern, int length)
{
    bool wildcard = false;
    for (int i = 0; i < length && !wildcard; i++)
    {
        if (pattern[i] == '\\')
            i++;
        else
            wildcard = pattern[i] == '%' || pattern[i] == '_';
        if (wildcard && i == 0)
            return PatternPrefix::None;
    }
    return wildcard ? PatternPrefix::Some : PatternPrefix::Whole;
}

bool IsPlain(char c)
{
    return isalnum(static_cast<unsigned char>(c)) || c == ' ' || c == '-' || c == '_' || c == ':' || c == '/';
}

PatternPrefix PrefixOfRegex(const char *pattern, int length)
{
    if (length < 2 || pattern[0] != '^' || !IsPlain(pattern[1]) || memchr(pattern, '|', length) != nullptr)
        return PatternPrefix::None;
    if (length > 2 && (pattern[2] == '*' || pattern[2] == '?' || pattern[2] == '{'))
        return PatternPrefix::None;
    return PatternPrefix::Some;
}

bool IsLike(Oid op)
{
    return op == text_like || op == bpchar_like || op == name_like || op == bytea_like;
}

bool IsRegex(Oid op)
{
    return op == text_regex || op == bpchar_regex || op == name_regex;
}

/* By provider and name of a locale, as pg_collation and pg_database have them; b: builtin (17 and later). */
bool LocaleSortsBytewise(char provider, Datum collate, bool unknown)
{
    if (provider == 'b')
        return true;
    if (provider != COLLPROVIDER_LIBC || unknown)
        return false;
    const char *name = TextDatumGetCString(collate);
    return strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
}

bool DatabaseSortsBytewise()
{
    HeapTuple tuple = SearchSysCache1(DATABASEOID, ObjectIdGetDatum(MyDatabaseId));
    if (!HeapTupleIsValid(tuple))
        return false;
    bool unknown = true;
    const Datum collate = SysCacheGetAttr(DATABASEOID, tuple, Anum_pg_database_datcollate, &unknown);
    const char provider = reinterpret_cast<Form_pg_database>(GETSTRUCT(tuple))->datlocprovider;
    const bool bytewise = LocaleSortsBytewise(provider, collate, unknown);
    ReleaseSysCache(tuple);
    return bytewise;
}

} // namespace

bool SortsBytewise(Oid collation)
{
    if (collation == DEFAULT_COLLATION_OID)
        return DatabaseSortsBytewise();
    HeapTuple tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
    if (!HeapTupleIsValid(tuple))
        return false;
    bool unknown = true;
    const Datum collate = SysCacheGetAttr(COLLOID, tuple, Anum_pg_collation_collcollate, &unknown);
    const char provider = reinterpret_cast<Form_pg_collation>(GETSTRUCT(tuple))->collprovider;
    const bool bytewise = LocaleSortsBytewise(provider, collate, unknown);
    ReleaseSysCache(tuple);
    return bytewise;
}

bool IsPatternMatch(Oid op)
{
    return IsLike(op) || IsRegex(op) || op == text_starts_with;
}

PatternPrefix PrefixOf(Oid op, Oid collation, const Node *pattern)
{
    const bool like = IsLike(op), regex = IsRegex(op);
    if (!IsPatternMatch(op) || !IsA(pattern, Const))
        return PatternPrefix::None;
    const Const *constant = reinterpret_cast<const Const *>(pattern);
    if (constant->constisnull || (constant->consttype != TEXTOID && constant->consttype != BYTEAOID))
        return PatternPrefix::None;

    const varlena *value = PG_DETOAST_DATUM_PACKED(constant->constvalue);
    const char *text = VARDATA_ANY(value);
    const int length = static_cast<int>(VARSIZE_ANY_EXHDR(value));
    const PatternPrefix prefix = like    ? PrefixOfLike(text, length)
                                 : regex ? PrefixOfRegex(text, length)
                                         : (length > 0 ? PatternPrefix::Some : PatternPrefix::None);
    if (prefix == PatternPrefix::Whole)
        return OidIsValid(collation) && !get_collation_isdeterministic(collation) ? PatternPrefix::None : prefix;
    return prefix;
}

} // namespace pg_advisor::whatif
