/*
 * Writes the rows of a set-returning SQL function from C++ values, column by column.
 *
 * Usage: RowWriter rows(fcinfo); rows.Int(1).Text("x").Null().Emit(); the number and types of the columns
 * must be those of the SQL declaration (a mismatch in number is an error, in type it is not detected).
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/guard.hpp"

namespace pg_advisor
{

class RowWriter
{
  public:
    explicit RowWriter(FunctionCallInfo fcinfo);

    RowWriter &Null();
    RowWriter &Bool(bool value);
    RowWriter &Int16(std::int16_t value);
    RowWriter &Int32(std::int32_t value);
    RowWriter &Int64(std::int64_t value);
    RowWriter &Oid32(Oid value);
    RowWriter &Float(double value);
    RowWriter &Time(TimestampTz value);
    RowWriter &Text(std::string_view value);
    RowWriter &TextOrNull(std::string_view value) { return value.empty() ? Null() : Text(value); }
    RowWriter &TextArray(const Vector<String> &values);
    RowWriter &Int64Array(const Vector<std::int64_t> &values);
    void Emit();

  private:
    RowWriter &Put(Datum value, bool null);

    static constexpr int kMostColumns = 48;
    ReturnSetInfo *result_;
    int columns_;
    int next_ = 0;
    Datum values_[kMostColumns];
    bool nulls_[kMostColumns];
};

} // namespace pg_advisor
