/*
 * Runs the queries of rules and inputs: each in a sandbox of its own, with inputs as tables.
 *
 * The caller's privileges apply, nothing is written, no lock is waited for longer than 100 ms.
 */
#pragma once

#include "base/containers.hpp"
#include "boundary/memory.hpp"

#include <optional>

namespace pg_advisor::findings
{

/* Rows of a query as text; null values have none. */
struct TextRows
{
    Vector<String> columns;
    Vector<Vector<std::optional<String>>> rows;

    /* Value of a column that may not be there at all. */
    std::optional<String> Value(std::size_t row, std::string_view column) const;
};

/* What queries can name as a table. */
class InputTable
{
  public:
    /* Runs the query and keeps its rows. Throws PgError. */
    InputTable(std::string_view name, const String &query, const Vector<const InputTable *> &inputs);
    ~InputTable();
    InputTable(const InputTable &) = delete;
    InputTable &operator=(const InputTable &) = delete;

    void Register() const; /* in the current SPI connection; may ereport */

  private:
    EphemeralNamedRelationData relation_;
};

/* Where the query has columns classid, objid and objsubid and none called object, the latter is added: the object's
 * identity. What is read stays in CurrentMemoryContext. Throws PgError. */
TextRows RunRuleQuery(const String &query, const Vector<const InputTable *> &inputs);

} // namespace pg_advisor::findings
