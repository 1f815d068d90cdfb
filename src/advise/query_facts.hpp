/*
 * What the planner asked of each base relation of one query: the raw material of candidates.
 *
 * Filled by whatif/collector from the planner's own structures inside one planner call (restriction and
 * join clauses after folding, equivalence classes, path keys, needed columns), so views, sub-selects,
 * transitive equalities and row security are already resolved. A partition's facts carry the attribute
 * numbers and the OID of its topmost parent.
 */
#pragma once

#include "advise/index_spec.hpp"

namespace pg_advisor
{

enum class ClauseKind
{
    Equality, /* =, IN (list), boolean column */
    IsNull,
    Range,    /* <, <=, >, >=, BETWEEN, LIKE prefix where the collation allows; all comparisons of one key
               * with one partner are a single fact with their joint selectivity */
    NotNull,  /* IS NOT NULL: a predicate of a partial index, never worth a key */
    NotEqual, /* <> constant: the same */
    Search,   /* an operator that only ClauseFact::access_method knows: containment, overlap, full text, ... */
    Nearest,  /* ORDER BY key <-> value: an order that the access method gives, not a condition */
};

struct ClauseFact
{
    KeyPart key; /* directions unset */
    ClauseKind kind = ClauseKind::Equality;
    String access_method;         /* of Search and Nearest; the operator class is the key's */
    double selectivity = 1;       /* the planner's */
    std::uint64_t outer = 0;      /* 0: a restriction; else bit set of the relations it joins to: bit
                                   * (range table index - 1) of the same query level, the last bit for all
                                   * beyond 64 */
    bool in_or = false;           /* an arm of an OR: useful only with the other arms' indexes */
    String constant_predicate;    /* SQL text of "column op constant" where a constant is in the tree */
    String constant_predicate_node; /* empty where the value is a parameter */
};

struct RelationFacts
{
    Oid32 relation = 0;
    int range_table_index = 0;
    double rows = 0;                  /* rows of the table */
    double selected_rows = 0;         /* rows left after its own restrictions */
    Vector<ClauseFact> clauses;
    Vector<Vector<KeyPart>> orders;   /* sort, group, distinct, window and merge orders it could produce */
    Vector<std::int16_t> needed;      /* columns that must come out of it (0: whole row or system column) */
    bool limited = false;             /* a LIMIT or min/max above may stop it early */
};

struct QueryFacts
{
    Role user;                        /* who ran it */
    Vector<RelationFacts> relations;
};

} // namespace pg_advisor
