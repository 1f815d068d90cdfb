/*
 * What an index takes, before anybody asks what it brings: its size, its upkeep, and the one whose place it takes.
 *
 * Used by advise/advisor for the candidates and by advise/evaluator for those that the search merges.
 */
#pragma once

#include "advise/slots.hpp"
#include "advise/write_cost.hpp"

#include <optional>

namespace pg_advisor
{

class Pricer
{
  public:
    Pricer(const Vector<StatementInfo> &workload, const Catalog &catalog, CostModel &model)
        : catalog_(catalog), model_(model), writes_(workload, catalog)
    {
    }

    /* Nothing where the server would refuse to build it. */
    std::optional<Priced> Price(IndexSpec index) const;

  private:
    void Replace(Priced *priced) const;

    const Catalog &catalog_;
    CostModel &model_;
    const WriteCosts writes_;
};

} // namespace pg_advisor
