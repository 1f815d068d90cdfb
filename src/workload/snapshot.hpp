/*
 * A private copy of what the store remembers, taken partition by partition under shared locks.
 */
#pragma once

#include "base/containers.hpp"
#include "store/store.hpp"

namespace pg_advisor
{

struct SampleCopy
{
    String text;        /* empty where the statement has parameters */
    String search_path;
    String parameters;  /* as SerializeParamList wrote them */
    double ms = 0;
    double rows = 0;
    store::SampleSlot slot = store::SampleUsual;
};

struct StatementSnapshot
{
    store::Entry entry; /* its dsa pointers are not to be followed */
    String query;       /* normalised */
    String example;     /* as it was sent, with its constants; empty if it is not kept */
    String example_path;
    String constants;   /* bytes of LocationLen: where in the example */
    String tree;        /* node string */
    Vector<SampleCopy> samples;
    Vector<store::RowFact> rows;
    Vector<String> filters; /* node strings, one per scan fact */

    bool Visible() const { return visible; }
    bool visible = false; /* the caller may see texts and ids of this user's statements */
};

enum SnapshotPart : unsigned
{
    kTexts = 1,
    kPlanning = 2, /* tree, samples, row facts */
    kFilters = 4
};

/* Throws Failure 55000 with a hint where the library was not preloaded. Flushes this backend first.
 * `database` InvalidOid: all of them. */
Vector<StatementSnapshot> ReadStore(Oid database, unsigned parts);

/* Throws the error of ReadStore where there is no recorded workload. */
void RequireStore();

} // namespace pg_advisor
