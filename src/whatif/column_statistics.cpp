/*
 * See column_statistics.hpp.
 */
#include "whatif/column_statistics.hpp"

#include "whatif/nodes.hpp"

#include <algorithm>
#include <cmath>

namespace pg_advisor::whatif
{

namespace
{

/* As stored: a negative number of distinct values is their share of the rows. */
struct Stored
{
    double width, null_fraction, distinct, correlation;
};

bool Read(Oid relation, AttrNumber attribute, bool inherited, Stored *stored)
{
    HeapTuple tuple = SearchSysCache3(STATRELATTINH, ObjectIdGetDatum(relation), Int16GetDatum(attribute),
                                      BoolGetDatum(inherited));
    if (!HeapTupleIsValid(tuple))
        return false;
    const FormData_pg_statistic *form = reinterpret_cast<Form_pg_statistic>(GETSTRUCT(tuple));
    *stored = {static_cast<double>(form->stawidth), form->stanullfrac, form->stadistinct, 0};

    AttStatsSlot slot;
    if (get_attstatsslot(&slot, tuple, STATISTIC_KIND_CORRELATION, InvalidOid, ATTSTATSSLOT_NUMBERS))
    {
        stored->correlation = slot.nnumbers > 0 ? slot.numbers[0] : 0;
        free_attstatsslot(&slot);
    }
    ReleaseSysCache(tuple);
    return true;
}

double StoredRows(Oid relation)
{
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relation));
    if (!HeapTupleIsValid(tuple))
        return 0;
    const double rows = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->reltuples;
    ReleaseSysCache(tuple);
    return std::max(0.0, rows);
}

/* Means over the partitions, by rows. Values counted as a share of the rows are taken to be others in each partition,
 * those counted in number the same in all. */
class Mean
{
  public:
    void Add(const Stored &leaf, double rows)
    {
        rows_ += rows;
        width_ += rows * leaf.width;
        null_fraction_ += rows * leaf.null_fraction;
        correlation_ += rows * leaf.correlation;
        most_distinct_ = std::max(most_distinct_, leaf.distinct);
        share_ += leaf.distinct < 0 ? rows * leaf.distinct : 0;
    }

    bool Get(Stored *stored) const
    {
        if (rows_ <= 0)
            return false;
        const double distinct = most_distinct_ > 0 ? most_distinct_ : share_ / rows_;
        *stored = {width_ / rows_, null_fraction_ / rows_, distinct, correlation_ / rows_};
        return true;
    }

  private:
    double rows_ = 0, width_ = 0, null_fraction_ = 0, correlation_ = 0, share_ = 0, most_distinct_ = 0;
};

/* Of partitions evenly spread over all, so that a thousand of them do not cost a thousand look-ups a column. A
 * partition may number its columns otherwise than its parent. */
bool ReadOfLeaves(const RawTable &table, const char *column, Stored *stored)
{
    constexpr int kMostRead = 32;
    const int leaves = list_length(table.leaves);
    const int step = std::max(1, (leaves + kMostRead - 1) / kMostRead);
    Mean mean;
    for (int i = 0; i < leaves; i += step)
    {
        const Oid leaf = list_nth_oid(table.leaves, i);
        const AttrNumber attribute = get_attnum(leaf, column);
        Stored one;
        if (attribute != InvalidAttrNumber && Read(leaf, attribute, false, &one))
            mean.Add(one, StoredRows(leaf));
    }
    return mean.Get(stored);
}

} // namespace

bool ReadColumnStatistics(const RawTable &table, RawColumn *column)
{
    Stored stored;
    if (!Read(table.oid, column->number, table.partitioned, &stored) &&
        !(table.partitioned && ReadOfLeaves(table, column->name, &stored)))
        return false;
    column->average_width = stored.width;
    column->null_fraction = stored.null_fraction;
    column->distinct = stored.distinct >= 0 ? stored.distinct : std::ceil(-stored.distinct * table.rows);
    column->correlation = stored.correlation;
    return true;
}

double CorrelationOf(Oid relation, AttrNumber column, bool inherited)
{
    Stored stored;
    return Read(relation, column, inherited, &stored) ? stored.correlation : 0;
}

} // namespace pg_advisor::whatif
