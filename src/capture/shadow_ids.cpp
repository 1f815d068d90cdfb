/*
 * See shadow_ids.hpp. The link between planning and execution is the text and the place in it.
 */
#include "capture/shadow_ids.hpp"

#include "boundary/attempt.hpp"
#include "capture/first_texts.hpp"
#include "capture/query_ids.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr int kRemembered = 16;
struct Shadow
{
    uint64 text_hash;
    int location;
    uint64 queryid;
};
Shadow shadows[kRemembered];
int oldest = 0;

uint64 HashText(const char *text)
{
    return hash_bytes_extended(reinterpret_cast<const unsigned char *>(text), static_cast<int>(strlen(text)), 0);
}

} // namespace

uint64 ShadowId(Query *query, const char *text)
{
    if (text == nullptr || compute_query_id == COMPUTE_QUERY_ID_OFF)
        return 0;
    uint64 queryid;
    const JumbleState *jumble = JumbleCopy(query, text, &queryid);
    if (jumble == nullptr)
        return 0;
    const Statement statement = StatementIn(text, query->stmt_location, query->stmt_len);
    (void)RememberText(queryid, statement, ConstantsOf(jumble, statement), true);
    shadows[oldest] = Shadow{HashText(text), query->stmt_location, queryid};
    oldest = (oldest + 1) % kRemembered;
    return queryid;
}

uint64 FindShadowId(const PlannedStmt *statement, const char *text)
{
    if (text == nullptr)
        return 0;
    const uint64 hash = HashText(text);
    for (const Shadow &shadow : shadows)
        if (shadow.queryid != 0 && shadow.text_hash == hash && shadow.location == statement->stmt_location)
            return shadow.queryid;
    return 0;
}

uint64 UtilityId(const PlannedStmt *statement, const char *text)
{
    uint64 queryid = 0;
    if (text == nullptr || compute_query_id == COMPUTE_QUERY_ID_OFF)
        return 0;
    (void)Attempt([&] {
        auto *query = makeNode(Query);
        query->commandType = CMD_UTILITY;
        query->utilityStmt = statement->utilityStmt;
        query->stmt_location = statement->stmt_location;
        query->stmt_len = statement->stmt_len;
        (void)compat::JumbleOf(query, text);
        queryid = static_cast<uint64>(query->queryId);
    });
    return queryid;
}

} // namespace pg_advisor::capture
