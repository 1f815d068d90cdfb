/*
 * See index_ddl.hpp.
 */
#include "workload/index_ddl.hpp"

#include "boundary/sandbox.hpp"
#include "whatif/catalog_reader.hpp"

namespace pg_advisor
{

namespace
{

bool RelationExists(std::string_view schema, std::string_view name)
{
    const String schema_name(schema);
    const String relation_name(name);
    return CallPg([&] {
        const Oid space = get_namespace_oid(schema_name.c_str(), true);
        return OidIsValid(space) && OidIsValid(get_relname_relid(relation_name.c_str(), space));
    });
}

struct RawPartition
{
    const char *schema;
    const char *name;
    char kind;
};

RawPartition Describe(Oid relation)
{
    return CallPg([&] {
        const char *name = get_rel_name(relation);
        return RawPartition{name != nullptr ? get_namespace_name(get_rel_namespace(relation)) : nullptr, name,
                            get_rel_relkind(relation)};
    });
}

Vector<PartitionNode> ChildrenOf(Oid parent, Catalog &catalog)
{
    Vector<PartitionNode> result;
    const List *children = CallPg([&] { return find_inheritance_children(parent, NoLock); });
    for (int i = 0; i < list_length(children); i++)
    {
        const Oid child = list_nth_oid(children, i);
        const RawPartition raw = Describe(child);
        if (raw.name == nullptr)
            continue; /* dropped a moment ago */
        PartitionNode node;
        node.schema = raw.schema;
        node.name = raw.name;
        node.partitioned = raw.kind == RELKIND_PARTITIONED_TABLE;
        node.foreign = raw.kind == RELKIND_FOREIGN_TABLE;
        if (!catalog.contains(child))
            whatif::ReadTable(catalog, child);
        if (const auto found = catalog.find(child); found != catalog.end())
            node.table = &found->second;
        if (node.partitioned)
            node.children = ChildrenOf(child, catalog);
        result.push_back(std::move(node));
    }
    return result;
}

} // namespace

DdlWriter MakeDdlWriter()
{
    DdlNames names;
    names.taken = RelationExists;
    names.opclass = [](Oid32 opclass) { return String(CallPg([&] { return generate_opclass_name(opclass); })); };
    names.collation = [](Oid32 collation) {
        return String(CallPg([&] { return generate_collation_name(collation); }));
    };
    return DdlWriter(std::move(names));
}

Vector<PartitionNode> ReadPartitions(const TableInfo &table, Catalog &catalog)
{
    return table.partitioned ? ChildrenOf(table.oid, catalog) : Vector<PartitionNode>();
}

} // namespace pg_advisor
