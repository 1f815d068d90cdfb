/*
 * Choosing and writing samples of executions: see samples.hpp.
 */
#include "capture/samples.hpp"

#include "boundary/attempt.hpp"
#include "capture/normalise.hpp"
#include "settings.hpp"

namespace pg_advisor::capture
{

namespace
{

constexpr int kLargestSample = 16 * 1024; /* bytes of parameters or text */
constexpr double kClearly = 1.2; /* a new extreme must beat the old one by this factor */

/*
 * The usual executions to remember come ever more rarely, as Fibonacci's numbers do. Unlike powers of two
 * these have every remainder, so that constants which alternate are all seen. Backends start at different
 * places of the ring, or short sessions would overwrite each other.
 */
int NextUsual(Pending *slot)
{
    if (slot->executions < slot->sample_at[0])
        return -1;
    const uint32 next = std::max<uint32>(slot->sample_at[0], 1) + std::max<uint32>(slot->sample_at[1], 1);
    slot->sample_at[0] = std::max<uint32>(slot->sample_at[1], 2);
    slot->sample_at[1] = std::max<uint32>(next, 3);
    return static_cast<int>((slot->usual_samples++ + static_cast<uint32>(MyProcPid)) % store::kUsualSamples);
}

/* The slot this execution belongs into, or -1. */
int Choose(Pending *slot, int64 ns, int64 rows)
{
    const int usual = NextUsual(slot);
    if (!slot->known.samples || usual >= 0)
        return std::max(usual, 0);
    if (ns > slot->slower_than)
        return store::SampleSlowest;
    if (rows > slot->more_than)
        return store::SampleMostRows;
    if (rows < slot->less_than)
        return store::SampleFewestRows;
    if (ns < slot->faster_than)
        return store::SampleFastest;
    return -1;
}

void Widen(store::Known *known, float ms, double rows)
{
    if (!known->samples)
    {
        known->samples = true;
        known->fastest_ms = known->slowest_ms = ms;
        known->fewest_rows = known->most_rows = rows;
        return;
    }
    known->fastest_ms = std::min(known->fastest_ms, ms);
    known->slowest_ms = std::max(known->slowest_ms, ms);
    known->fewest_rows = std::min(known->fewest_rows, rows);
    known->most_rows = std::max(known->most_rows, rows);
}

/*
 * A plain copy of the values. Dynamic ones (PL/pgSQL variables) are asked for speculatively, since one that
 * the statement never looked at may raise an error. Values outside of the row (TOAST) would dangle.
 */
ParamListInfo PlainCopy(ParamListInfo params)
{
    ParamListInfo copy = makeParamList(params->numParams);
    for (int i = 0; i < params->numParams; i++)
    {
        ParamExternData workspace;
        const ParamExternData *from = params->paramFetch != nullptr ? params->paramFetch(params, i + 1, true, &workspace)
                                                                    : &params->params[i];
        int16 length;
        bool by_value;
        copy->params[i] = *from;
        copy->params[i].pflags = PARAM_FLAG_CONST;
        if (!OidIsValid(from->ptype) || from->isnull)
            continue;
        get_typlenbyval(from->ptype, &length, &by_value);
        if (length == -1 && VARATT_IS_EXTERNAL_ONDISK(DatumGetPointer(from->value)))
            return nullptr;
    }
    return copy;
}

bool WriteParameters(ParamListInfo params, store::SampleData *sample)
{
    if (!settings::sample_parameters)
        return false;
    ParamListInfo copy = PlainCopy(params);
    if (copy == nullptr)
        return false;
    const Size size = EstimateParamListSpace(copy);
    if (size > kLargestSample)
        return false;
    auto *buffer = static_cast<char *>(palloc0(size));
    char *end = buffer;
    SerializeParamList(copy, &end);
    sample->params = buffer;
    sample->params_size = static_cast<uint32>(end - buffer);
    return true;
}

/* Only what a client sent can be parsed again; text inside a function has variables in it. */
bool WriteText(const Execution &execution, store::SampleData *sample)
{
    if (!settings::sample_texts || execution.key.toplevel == 0)
        return false;
    const PlannedStmt *planned = execution.query_desc->plannedstmt;
    const Statement statement =
        StatementIn(execution.query_desc->sourceText, planned->stmt_location, planned->stmt_len);
    if (statement.length > kLongestText)
        return false;
    sample->text = statement.text;
    sample->text_size = static_cast<uint32>(statement.length);
    sample->path = namespace_search_path;
    sample->path_size = static_cast<uint32>(strlen(namespace_search_path));
    return true;
}

} // namespace

bool UsesTemporary(const PlannedStmt *statement)
{
    bool temporary = false;
    const bool told = Attempt([&] {
        ListCell *cell;
        foreach (cell, statement->relationOids)
            temporary = temporary || get_rel_persistence(lfirst_oid(cell)) == RELPERSISTENCE_TEMP;
    });
    return temporary || !told;
}

void SetSampleBounds(Pending *slot)
{
    const store::Known &known = slot->known;
    if (!known.samples)
    {
        slot->slower_than = slot->more_than = -1; /* any is the first */
        return;
    }
    slot->slower_than = static_cast<int64>(known.slowest_ms * 1e6 * kClearly);
    slot->faster_than = static_cast<int64>(known.fastest_ms * 1e6 / kClearly);
    slot->more_than = static_cast<int64>(std::min(known.most_rows * kClearly, 1e18));
    slot->less_than = static_cast<int64>(known.fewest_rows);
}

void KeepSample(Pending *slot, const Execution &execution, int64 ns, bool is_example)
{
    const float ms = MillisecondsOf(ns);
    const auto rows = static_cast<double>(execution.rows);
    const int place = Choose(slot, ns, execution.rows);
    if (place < 0)
        return;

    ParamListInfo params = execution.query_desc->params;
    const bool has_params = params != nullptr && params->numParams > 0;
    if (is_example && !has_params)
        return;
    store::SampleData sample{};
    sample.ms = ms;
    sample.rows = rows;
    bool written = false;
    const bool fit = !UsesTemporary(execution.query_desc->plannedstmt);
    if (fit && !Attempt([&] { written = has_params ? WriteParameters(params, &sample) : WriteText(execution, &sample); }))
        store::CountDroppedSample();
    Widen(&slot->known, ms, rows);
    SetSampleBounds(slot);
    if (written)
        store::AttachSample(execution.key, static_cast<store::SampleSlot>(place), sample);
}

} // namespace pg_advisor::capture
