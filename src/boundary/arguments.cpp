/*
 * See arguments.hpp.
 */
#include "present/format.hpp" /* before the server's headers, which redefine printf */

#include "boundary/arguments.hpp"

namespace pg_advisor::arguments
{

namespace
{

void RefuseNull(FunctionCallInfo fcinfo, int position, const char *name)
{
    if (PG_ARGISNULL(position))
        throw Failure("22004", fmt::format("{} must not be null", name));
}

struct Elements
{
    Datum *values;
    bool *nulls;
    int count;
};

Elements Deconstruct(FunctionCallInfo fcinfo, int position, const char *name, Oid type)
{
    RefuseNull(fcinfo, position, name);
    Elements elements{};
    CallPg([&] {
        ArrayType *array = PG_GETARG_ARRAYTYPE_P(position);
        int16 length;
        bool by_value;
        char alignment;
        get_typlenbyvalalign(type, &length, &by_value, &alignment);
        deconstruct_array(array, type, length, by_value, alignment, &elements.values, &elements.nulls,
                          &elements.count);
    });
    for (int i = 0; i < elements.count; ++i)
        if (elements.nulls[i])
            throw Failure("22004", fmt::format("{} must not have null elements", name),
                          fmt::format("Element {} is null.", i + 1));
    return elements;
}

} // namespace

String Text(FunctionCallInfo fcinfo, int position, const char *name)
{
    RefuseNull(fcinfo, position, name);
    return String(CallPg([&] { return text_to_cstring(PG_GETARG_TEXT_PP(position)); }));
}

Vector<String> Texts(FunctionCallInfo fcinfo, int position, const char *name)
{
    const Elements elements = Deconstruct(fcinfo, position, name, TEXTOID);
    Vector<String> texts;
    for (int i = 0; i < elements.count; ++i)
        texts.emplace_back(CallPg([&] { return TextDatumGetCString(elements.values[i]); }));
    return texts;
}

Vector<Oid> Relations(FunctionCallInfo fcinfo, int position, const char *name)
{
    const Elements elements = Deconstruct(fcinfo, position, name, REGCLASSOID);
    Vector<Oid> relations;
    for (int i = 0; i < elements.count; ++i)
        relations.push_back(DatumGetObjectId(elements.values[i]));
    return relations;
}

Vector<Oid> Indexes(FunctionCallInfo fcinfo, int position, const char *name)
{
    Vector<Oid> indexes = Relations(fcinfo, position, name);
    for (const Oid index : indexes)
    {
        const char kind = CallPg([&] { return get_rel_relkind(index); });
        if (kind == '\0')
            throw Failure("42704", fmt::format("index with OID {} does not exist", index));
        if (kind != RELKIND_INDEX && kind != RELKIND_PARTITIONED_INDEX)
            throw Failure("42809", fmt::format("\"{}\" is not an index", CallPg([&] { return get_rel_name(index); })),
                          fmt::format("{} takes indexes only.", name));
    }
    return indexes;
}

} // namespace pg_advisor::arguments
