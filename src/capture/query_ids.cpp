/*
 * The table of remembered ids: see query_ids.hpp.
 */
#include "capture/query_ids.hpp"

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

/* Where every statement is another one, most fingerprints are not worth taking. */
constexpr uint32 kMissesInARow = 64;
constexpr uint32 kLookEvery = 16;
uint32 misses = 0; /* since a statement was found, looked for or not */

bool NotWorthLooking()
{
    return misses >= kMissesInARow && ++misses % kLookEvery != 0 && !settings::debug_query_ids;
}

Remembered *missed = nullptr; /* where the id that the server computes next belongs */
uint64 missed_fingerprint;

void CheckRemembered(const Query *query, const char *text, uint64 queryid)
{
    uint64 computed;
    (void)JumbleCopy(query, text, &computed);
    if (computed != queryid)
        ereport(WARNING, (errmsg("pg_advisor remembered query id %lld where the server computes %lld",
                                 static_cast<long long>(queryid), static_cast<long long>(computed))));
}

} // namespace

bool IdentifyRemembered(Query *query, const char *text)
{
    missed = nullptr;
    if (query->queryId != 0 || compute_query_id == COMPUTE_QUERY_ID_OFF)
        return true;
    if (query->utilityStmt != nullptr || NotWorthLooking() || !Fingerprint(query, &missed_fingerprint))
        return false;
    Remembered *place = &remembered[missed_fingerprint & (kRemembered - 1)];
    if (place->queryid == 0 || place->fingerprint != missed_fingerprint)
    {
        misses++;
        missed = place;
        return false;
    }
    misses = 0;
    compat::SetQueryId(query, place->queryid);
    if (settings::debug_query_ids)
        CheckRemembered(query, text, place->queryid);
    return true;
}

JumbleState *IdentifyByServer(Query *query, const char *text)
{
    Remembered *place = missed;
    JumbleState *jumble = compat::JumbleOf(query, text);
    if (place != nullptr)
        *place = Remembered{missed_fingerprint, static_cast<uint64>(query->queryId)};
    return jumble;
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
