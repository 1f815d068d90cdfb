/*
 * See node_text.hpp.
 */
#include "whatif/node_text.hpp"

namespace pg_advisor::whatif
{

char *NodeText(const void *node)
{
    /* A string inside a node has its blanks escaped, so this can only be the field. */
    static constexpr char kField[] = ":location ";
    constexpr std::size_t kLength = sizeof(kField) - 1;
    const char *from = nodeToString(node);
    StringInfoData text;

    initStringInfo(&text);
    while (const char *field = strstr(from, kField))
    {
        appendBinaryStringInfo(&text, from, field - from);
        appendStringInfoString(&text, ":location -1");
        from = field + kLength;
        from += strspn(from, "-0123456789");
    }
    appendStringInfoString(&text, from);
    return text.data;
}

} // namespace pg_advisor::whatif
