/*
 * Names and comparisons of index definitions.
 *
 * Used by everything that enumerates candidates: CanonicalKey gives them an order that does not depend on
 * how they were found, IsPrefixOf and Equivalent decide what is redundant.
 */
#include "advise/index_spec.hpp"

#include <algorithm>
#include <charconv>

namespace pg_advisor
{
namespace
{

/* Zero-padded, so that the text order is the order of the numbers. */
void AppendNumber(String &out, std::uint64_t number, std::size_t width)
{
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    const std::size_t length = static_cast<std::size_t>(end - digits);
    if (length < width)
        out.append(width - length, '0');
    out.append(digits, length);
}

/* nulls first ascending is a different order, hence both flags are flipped by a backward scan */
bool SameKey(const KeyPart &left, const KeyPart &right, bool reversed)
{
    return left.SameColumn(right) && left.opclass == right.opclass && left.collation == right.collation &&
           left.descending == (right.descending != reversed) &&
           left.nulls_first == (right.nulls_first != reversed);
}

bool KeysArePrefix(const IndexSpec &narrow, const IndexSpec &wide, bool reversed)
{
    for (std::size_t i = 0; i < narrow.keys.size(); i++)
        if (!SameKey(narrow.keys[i], wide.keys[i], reversed))
            return false;
    return true;
}

/* A column can be read out of the index from a key as well as from INCLUDE. */
bool Holds(const IndexSpec &index, std::int16_t column)
{
    if (std::find(index.include.begin(), index.include.end(), column) != index.include.end())
        return true;
    return std::any_of(index.keys.begin(), index.keys.end(),
                       [column](const KeyPart &key) { return key.column == column; });
}

bool SamePlace(const IndexSpec &left, const IndexSpec &right)
{
    return left.relation == right.relation && left.access_method == right.access_method &&
           left.predicate_node == right.predicate_node &&
           (!left.predicate_node.empty() || left.predicate == right.predicate);
}

} // namespace

bool IndexSpec::HasExpressions() const
{
    return !predicate.empty() ||
           std::any_of(keys.begin(), keys.end(), [](const KeyPart &key) { return key.column == 0; });
}

KeyPart Reversed(const KeyPart &key)
{
    KeyPart reversed = key;
    reversed.descending = !key.descending;
    reversed.nulls_first = !key.nulls_first;
    return reversed;
}

String CanonicalKey(const IndexSpec &index)
{
    String out;
    AppendNumber(out, index.relation, 10);
    out += '|';
    out += index.access_method;
    for (const KeyPart &key : index.keys)
    {
        out += '|';
        AppendNumber(out, static_cast<std::uint16_t>(key.column), 5);
        out += key.column == 0 ? (key.expression_node.empty() ? key.expression : key.expression_node) : "";
        out += key.descending ? 'd' : 'a';
        out += key.nulls_first ? 'f' : 'l';
        if (key.opclass != 0 || key.collation != 0)
        {
            out += '/';
            AppendNumber(out, key.opclass, 10);
            out += '/';
            AppendNumber(out, key.collation, 10);
        }
    }
    out += "|+";
    for (std::int16_t column : index.include)
    {
        AppendNumber(out, static_cast<std::uint16_t>(column), 5);
        out += ',';
    }
    out += "|?";
    out += index.predicate_node.empty() ? index.predicate : index.predicate_node;
    if (index.unique)
        out += "|u";
    return out;
}

bool IsPrefixOf(const IndexSpec &narrow, const IndexSpec &wide)
{
    if (!SamePlace(narrow, wide))
        return false;
    if (narrow.keys.size() > wide.keys.size() || (narrow.unique && !wide.unique))
        return false;
    /* a unique index serves as such only with all of its keys and no more */
    if (narrow.unique && narrow.keys.size() != wide.keys.size())
        return false;
    const bool ordered = narrow.access_method == "btree";
    if (!ordered && narrow.keys.size() != wide.keys.size())
        return false; /* what a prefix of another method is worth depends on the method */
    if (!KeysArePrefix(narrow, wide, false) && !(ordered && KeysArePrefix(narrow, wide, true)))
        return false;
    return std::all_of(narrow.include.begin(), narrow.include.end(),
                       [&wide](std::int16_t column) { return Holds(wide, column); });
}

bool Equivalent(const IndexSpec &left, const IndexSpec &right)
{
    if (left.keys.size() != right.keys.size())
        return false;
    IndexSpec plain_left = left, plain_right = right;
    plain_left.unique = plain_right.unique = false;
    return IsPrefixOf(plain_left, plain_right) && IsPrefixOf(plain_right, plain_left);
}

} // namespace pg_advisor
