/*
 * The table of remembered ids: see query_ids.hpp.
 */
#include "capture/query_ids.hpp"

#include "boundary/attempt.hpp"
#include "capture/fingerprint.hpp"
#include "settings.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr uint32 kRemembered = 1024; /* a power of two; 16 bytes each, only what is used becomes resident */
struct Remembered
{
    uint64 fingerprint;
    uint64 queryid; /* 0: free */
};
Remembered remembered[kRemembered];

JumbleState *Compute(Query *query, const char *text)
{
    JumbleState *jumble = nullptr;
    (void)Attempt([&] { jumble = compat::JumbleOf(query, text); });
    return jumble;
}

void CheckRemembered(const Query *query, const char *text, uint64 queryid)
{
    uint64 computed;
    (void)JumbleCopy(query, text, &computed);
    if (computed != queryid)
        ereport(WARNING, (errmsg("pg_advisor remembered query id %lld where the server computes %lld",
                                 static_cast<long long>(queryid), static_cast<long long>(computed))));
}

} // namespace

JumbleState *Identify(Query *query, const char *text)
{
    if (query->queryId != 0 || compute_query_id == COMPUTE_QUERY_ID_OFF)
        return nullptr;
    uint64 fingerprint;
    if (query->utilityStmt != nullptr || !Fingerprint(query, &fingerprint))
        return Compute(query, text);
    Remembered *place = &remembered[fingerprint & (kRemembered - 1)];
    if (place->queryid == 0 || place->fingerprint != fingerprint)
    {
        JumbleState *jumble = Compute(query, text);
        *place = Remembered{fingerprint, static_cast<uint64>(query->queryId)};
        return jumble;
    }
    compat::SetQueryId(query, place->queryid);
    if (settings::debug_query_ids)
        CheckRemembered(query, text, place->queryid);
    return nullptr;
}

JumbleState *JumbleCopy(const Query *query, const char *text, uint64 *queryid)
{
    /* Jumbling changes nothing but the id of the node itself. */
    Query copy = *query;
    JumbleState *jumble = compat::JumbleOf(&copy, text);
    *queryid = static_cast<uint64>(copy.queryId);
    return jumble;
}

} // namespace pg_advisor::capture
