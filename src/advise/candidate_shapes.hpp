/*
 * The candidates of one table, and the rules that every one of them has to pass.
 *
 * Used by candidates.cpp only. A shape remembers which leading keys are equalities, because those may be
 * reordered when the candidates of different queries are merged.
 */
#pragma once

#include "advise/catalog.hpp"
#include "advise/query_facts.hpp"

namespace pg_advisor
{

struct Shape
{
    IndexSpec index;
    std::size_t equalities = 0; /* leading keys whose order among themselves is free */
};

class CandidateShapes
{
  public:
    explicit CandidateShapes(const TableInfo &table) : table_(table) {}

    /* Whose query the shapes are from that are added next. */
    void SetUser(Role user) { user_ = user; }

    struct Cover
    {
        const Vector<std::int16_t> *needed = nullptr; /* null: no INCLUDE variant */
    };

    /* Adds the index if the rules allow it, and its INCLUDE variant where that can pay. */
    void Emit(const Vector<KeyPart> &keys, std::size_t equalities, const ClauseFact *predicate, Cover cover);
    /* Adds an index of a method other than B-tree: keys without directions, in this order. */
    void EmitOther(const String &method, const Vector<KeyPart> &keys, const ClauseFact *predicate);
    /* Adds what two candidates of different queries have in common, at most `limit` of them. */
    void AddMerges(std::size_t limit);

    const Map<String, Shape> &All() const { return shapes_; }

    /* Whether a key can be indexed and excludes anything. */
    bool UsableKey(const KeyPart &key) const;
    double DistinctOf(const KeyPart &key) const;

  private:
    bool Fails(const KeyPart &key) const;
    bool CanBeBuilt(const Vector<KeyPart> &keys, const ClauseFact *predicate) const;
    void Insert(Shape shape);
    bool LeaveUniqueKeys(Shape &shape) const;
    bool TakeOverIncludes(Shape &shape) const;
    Vector<std::int16_t> IncludeFor(const Vector<KeyPart> &keys, const Vector<std::int16_t> &needed) const;
    bool KeysAllowed(const Vector<KeyPart> &keys, std::size_t equalities, bool partial) const;

    const TableInfo &table_;
    Role user_;
    Map<String, Shape> shapes_; /* by CanonicalKey */
};

/* INCLUDE columns in the order of all indexes: ascending, each once. */
void SortInclude(Vector<std::int16_t> &include);

/* Whether INCLUDE columns are few and narrow enough. */
bool IncludeAllowed(const TableInfo &table, const Vector<std::int16_t> &include);

/* The tail of a key behind equalities, or a whole order, in the direction with fewer DESC: reading
 * backwards gives the other one, so that queries in both directions share one index. */
void NormaliseDirection(Vector<KeyPart> &keys, std::size_t from);

} // namespace pg_advisor
