/*
 * RowWriter: see rows.hpp. Values are palloc'd in the function's context and freed with it.
 */
#include "boundary/rows.hpp"

namespace pg_advisor
{

RowWriter::RowWriter(FunctionCallInfo fcinfo) : result_(reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo))
{
    CallPg([&] { InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC); });
    columns_ = result_->setDesc->natts;
}

RowWriter &RowWriter::Put(Datum value, bool null)
{
    if (next_ >= columns_ || next_ >= kMostColumns)
        throw Failure("XX000", "pg_advisor: a row has more columns than its function declares",
                      {}, "The installed SQL objects and the library are of different versions.");
    values_[next_] = value;
    nulls_[next_++] = null;
    return *this;
}

RowWriter &RowWriter::Null() { return Put(0, true); }
RowWriter &RowWriter::Bool(bool value) { return Put(BoolGetDatum(value), false); }
RowWriter &RowWriter::Int16(std::int16_t value) { return Put(Int16GetDatum(value), false); }
RowWriter &RowWriter::Int32(std::int32_t value) { return Put(Int32GetDatum(value), false); }
RowWriter &RowWriter::Int64(std::int64_t value) { return Put(Int64GetDatum(value), false); }
RowWriter &RowWriter::Oid32(Oid value) { return Put(ObjectIdGetDatum(value), false); }
RowWriter &RowWriter::Float(double value) { return Put(Float8GetDatum(value), false); }
RowWriter &RowWriter::Time(TimestampTz value) { return Put(TimestampTzGetDatum(value), false); }

RowWriter &RowWriter::Text(std::string_view value)
{
    const char *data = value.data();
    const auto size = static_cast<int>(value.size());
    return Put(CallPg([&] { return PointerGetDatum(cstring_to_text_with_len(data, size)); }), false);
}

RowWriter &RowWriter::TextArray(const Vector<String> &values)
{
    const auto *data = values.data();
    const auto count = static_cast<int>(values.size());
    return Put(CallPg([&] {
                   auto *elements = static_cast<Datum *>(palloc(sizeof(Datum) * std::max(count, 1)));
                   for (int i = 0; i < count; i++)
                       elements[i] = PointerGetDatum(
                           cstring_to_text_with_len(data[i].data(), static_cast<int>(data[i].size())));
                   return PointerGetDatum(construct_array(elements, count, TEXTOID, -1, false, TYPALIGN_INT));
               }),
               false);
}

RowWriter &RowWriter::Int64Array(const Vector<std::int64_t> &values)
{
    const auto *data = values.data();
    const auto count = static_cast<int>(values.size());
    return Put(CallPg([&] {
                   auto *elements = static_cast<Datum *>(palloc(sizeof(Datum) * std::max(count, 1)));
                   for (int i = 0; i < count; i++)
                       elements[i] = Int64GetDatum(data[i]);
                   return PointerGetDatum(construct_array(elements, count, INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
               }),
               false);
}

void RowWriter::Emit()
{
    if (next_ != columns_)
        throw Failure("XX000", "pg_advisor: a row has fewer columns than its function declares", {},
                      "The installed SQL objects and the library are of different versions.");
    next_ = 0;
    CallPg([&] { tuplestore_putvalues(result_->setResult, result_->setDesc, values_, nulls_); });
}

} // namespace pg_advisor
