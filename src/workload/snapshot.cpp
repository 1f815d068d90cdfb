/*
 * Copies entries out of the store: see snapshot.hpp.
 *
 * The visitor runs under a partition lock, so it only copies bytes; decompression and permission checks
 * follow when the lock is gone.
 */
#include "workload/snapshot.hpp"

#include "boundary/attempt.hpp"
#include "boundary/sandbox.hpp"
#include "capture/normalise.hpp"
#include "capture/pending.hpp"

namespace pg_advisor
{

namespace
{

struct Collector
{
    Oid database;
    unsigned parts;
    Vector<StatementSnapshot> *result;
    std::exception_ptr failure; /* an exception must not leave through the lock */
};

String CopyBlob(const store::Blob &blob)
{
    const char *data = store::Text(blob);
    return data != nullptr ? String(data, blob.size) : String();
}

void CopyExample(const store::Example &example, StatementSnapshot *into)
{
    const char *data = store::Data(example.data);
    if (data == nullptr)
        return;
    into->example.assign(data, example.text_size);
    into->example_path.assign(data + example.text_size, example.path_size);
    if (example.constants != store::kUnknownConstants)
        into->constants.assign(data + store::TextsSize(example),
                               sizeof(LocationLen) * example.constants);
}

void CopySamples(const store::Entry &entry, StatementSnapshot *into)
{
    for (int i = 0; i < store::kSamplesPerStatement; i++)
    {
        const store::Sample &sample = entry.samples[i];
        const char *data = store::Data(sample.data);
        if (data == nullptr)
            continue;
        SampleCopy copy;
        copy.text.assign(data, sample.text_size);
        copy.search_path.assign(data + sample.text_size, sample.path_size);
        copy.parameters.assign(data + sample.text_size + sample.path_size, sample.params_size);
        copy.ms = sample.ms;
        copy.rows = sample.rows;
        copy.slot = static_cast<store::SampleSlot>(i);
        into->samples.push_back(std::move(copy));
    }
}

/* Of a figure that a file brought in nothing is known. */
bool IsSound(const store::RowFact &fact)
{
    return std::isfinite(fact.executions) && std::isfinite(fact.actual) && std::isfinite(fact.most) &&
           std::isfinite(fact.expected) && fact.executions >= 1 && fact.expected >= 1 && fact.actual >= 0;
}

void CopyRows(const store::Entry &entry, StatementSnapshot *into)
{
    const char *data = store::Data(entry.rows);
    for (uint32 i = 0; data != nullptr && i < entry.row_count; i++)
    {
        store::RowFact fact;
        memcpy(&fact, data + i * sizeof(fact), sizeof(fact));
        if (IsSound(fact))
            into->rows.push_back(fact);
    }
}

void CopyEntry(const store::Entry &entry, Collector *collector)
{
    if (OidIsValid(collector->database) && entry.key.dbid != collector->database)
        return;
    StatementSnapshot copy;
    copy.entry = entry;
    if (collector->parts & kTexts)
    {
        copy.query = CopyBlob(entry.query);
        CopyExample(entry.example, &copy);
    }
    if (collector->parts & kPlanning)
    {
        copy.tree = CopyBlob(entry.tree);
        CopySamples(entry, &copy);
        CopyRows(entry, &copy);
    }
    if (collector->parts & kFilters)
        for (int i = 0; i < entry.scan_count; i++)
        {
            const char *filter = store::Data(entry.scans[i].filter);
            copy.filters.push_back(filter != nullptr ? String(filter, entry.scans[i].filter_size) : String());
        }
    collector->result->push_back(std::move(copy));
}

void Visit(const store::Entry &entry, void *context)
{
    auto *collector = static_cast<Collector *>(context);
    if (collector->failure)
        return;
    try
    {
        CopyEntry(entry, collector);
    }
    catch (...)
    {
        collector->failure = std::current_exception();
    }
}

void Decompress(StatementSnapshot *statement)
{
    const uint32 raw = statement->entry.tree.raw_size;
    if (statement->tree.empty() || raw == 0)
        return;
    String plain(raw, '\0');
    const int32 size = pglz_decompress(statement->tree.data(), static_cast<int32>(statement->tree.size()),
                                       plain.data(), static_cast<int32>(raw), true);
    plain.resize(size > 0 ? static_cast<std::size_t>(size) - 1 : 0); /* it ends with a zero byte */
    statement->tree = std::move(plain);
}

/* The store has the text as it was sent: what is shown is made of it. */
void NormaliseExample(StatementSnapshot *statement)
{
    if (!statement->query.empty() || statement->example.empty())
        return;
    const store::Example &example = statement->entry.example;
    const capture::Constants constants{reinterpret_cast<const LocationLen *>(statement->constants.data()),
                                       example.constants, example.highest_parameter,
                                       example.standard_strings != 0};
    const char *text = statement->example.c_str();
    const auto size = static_cast<int>(statement->example.size());
    int length = 0;
    const char *normalised = nullptr;
    if (!Attempt([&] { normalised = capture::Normalise(text, size, constants, &length); }))
        return;
    statement->query.assign(normalised, static_cast<std::size_t>(length));
    pfree(const_cast<char *>(normalised));
}

} // namespace

void RequireStore()
{
    if (!store::Available())
        throw Failure("55000", "pg_advisor has recorded nothing because it was not loaded at server start", {},
                      "Add pg_advisor to shared_preload_libraries and restart the server. Functions that get their "
                      "queries as arguments work without.");
}

Vector<StatementSnapshot> ReadStore(Oid database, unsigned parts)
{
    RequireStore();
    CallPg([] {
        store::AttachTexts();
        capture::FlushAll();
    });
    Vector<StatementSnapshot> result;
    Collector collector{database, parts, &result, nullptr};
    store::ForEach(Visit, &collector);
    if (collector.failure)
        std::rethrow_exception(collector.failure);
    Map<Oid, bool> visible;
    for (StatementSnapshot &statement : result)
    {
        CheckInterrupts();
        Decompress(&statement);
        const Oid user = statement.entry.key.userid;
        auto known = visible.find(user);
        if (known == visible.end())
            known = visible.emplace(user, MaySeeStatementsOf(user)).first;
        statement.visible = known->second;
        if (statement.visible)
            NormaliseExample(&statement);
    }
    return result;
}

} // namespace pg_advisor
