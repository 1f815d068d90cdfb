/*
 * All that the rules find in this database, worst first.
 */
#pragma once

#include "base/containers.hpp"

#include <optional>

namespace pg_advisor::findings
{

struct Finding
{
    String rule, category, severity; /* severity: critical, warning, notice */
    String object;                   /* identity as pg_identify_object has it, or "query N" */
    String title, detail, evidence;  /* evidence: JSON */
    std::optional<double> impact;    /* ms of total execution time at stake */
    double weight = 0;
    String fix, undo;                /* empty: none */
    String docs;
};

/* A rule or input that fails becomes a finding of its own and does not stop the others. Throws Failure for what is
 * wrong with the advisor's own tables, and PgError for interrupts. */
Vector<Finding> FindAll();

} // namespace pg_advisor::findings
