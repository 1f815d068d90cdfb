/*
 * CREATE INDEX and its undo for a suggested index.
 *
 * Called by boundary/functions for the rows of suggest_indexes and of the hot-spot report. One DdlWriter
 * serves one run, so that the names it gives out do not clash with each other. Every identifier goes through
 * present/quote; expressions and predicates are the server's own deparsed text.
 */
#pragma once

#include "advise/catalog.hpp"

#include <functional>
#include <optional>

namespace pg_advisor
{

/* A partition and what is below it; the caller fills it from pg_inherits. */
struct PartitionNode
{
    String schema, name;              /* unquoted */
    bool partitioned = false;         /* has partitions of its own, perhaps none yet */
    bool foreign = false;             /* a foreign table: no index can be created on it */
    const TableInfo *table = nullptr; /* its columns and indexes; null: not known */
    Vector<PartitionNode> children;
};

struct IndexDdl
{
    String name; /* of the (parent) index, unquoted */
    String ddl;  /* one statement, or several separated by ";\n": run them as psql does, each on its own */
    String undo;
};

/* DROP INDEX of an existing index of a table that is not partitioned; the undo is its own definition. */
IndexDdl DropDdl(const ExistingIndex &index, const TableInfo &table);

struct DdlNames
{
    /* Whether a relation of this name exists in the schema. */
    std::function<bool(std::string_view schema, std::string_view name)> taken;
    /* SQL text of an operator class or a collation, qualified and quoted as needed. */
    std::function<String(Oid32)> opclass, collation;
};

class DdlWriter
{
  public:
    explicit DdlWriter(DdlNames names) : names_(std::move(names)) {}

    /* `partitions` are the children of a partitioned table; ignored for others. */
    IndexDdl Write(const IndexSpec &index, const TableInfo &table, const Vector<PartitionNode> &partitions = {});

    /* "USING btree (a, b DESC) INCLUDE (c) WHERE ..." */
    String Definition(const IndexSpec &index, const TableInfo &table) const;

  private:
    String KeyText(const KeyPart &key, const TableInfo &table) const;
    String FreeName(std::string_view schema, std::string_view table_name, const String &columns);
    struct Script;
    void WritePartition(const PartitionNode &node, const String &parent_index, Script &script);
    void WriteWithForeign(const PartitionNode &node, Script &script);

    DdlNames names_;
    Set<std::pair<String, String>> given_;
};

/* The longest prefix of at most `bytes` bytes that ends between two UTF-8 characters. */
std::string_view ClipUtf8(std::string_view text, std::size_t bytes);

/* table_columns_label within 63 bytes, cutting the longer part first, as the server's own names are made. */
String ObjectName(std::string_view table, std::string_view columns, std::string_view label);

} // namespace pg_advisor
