/*
 * See other_methods.hpp.
 */
#include "whatif/other_methods.hpp"

namespace pg_advisor::whatif
{

namespace
{

/* The operator class of the family for a type; the default one where there are several. */
Oid ClassOf(Oid method, Oid family, Oid type)
{
    Oid found = InvalidOid;
    CatCList *classes = SearchSysCacheList1(CLAAMNAMENSP, ObjectIdGetDatum(method));
    for (int i = 0; i < classes->n_members; i++)
    {
        const auto *form = reinterpret_cast<Form_pg_opclass>(GETSTRUCT(&classes->members[i]->tuple));
        if (form->opcfamily == family && IsBinaryCoercible(type, form->opcintype) &&
            (!OidIsValid(found) || form->opcdefault))
            found = form->oid;
    }
    ReleaseCatCacheList(classes);
    return found;
}

int ClassesOf(Oid method, const char *name, Oid op, Oid type, char purpose, OtherMethod *found, int most)
{
    int count = 0;
    CatCList *operators = SearchSysCacheList1(AMOPOPID, ObjectIdGetDatum(op));
    for (int i = 0; i < operators->n_members && count < most; i++)
    {
        const auto *form = reinterpret_cast<Form_pg_amop>(GETSTRUCT(&operators->members[i]->tuple));
        if (form->amopmethod != method || form->amoppurpose != purpose)
            continue;
        const Oid opclass = ClassOf(method, form->amopfamily, type);
        if (OidIsValid(opclass))
            found[count++] = {name, opclass == GetDefaultOpClass(type, method) ? InvalidOid : opclass};
    }
    ReleaseCatCacheList(operators);
    return count;
}

} // namespace

int OtherMethods(Oid op, Oid type, char purpose, OtherMethod *found, int most)
{
    type = getBaseType(type);
    int count = ClassesOf(GIN_AM_OID, "gin", op, type, purpose, found, most);
    if (count == 0)
        count = ClassesOf(GIST_AM_OID, "gist", op, type, purpose, found, most);
    if (count == 0)
        count = ClassesOf(SPGIST_AM_OID, "spgist", op, type, purpose, found, most);
    return count;
}

Oid PatternClass(Oid type)
{
    type = getBaseType(type);
    return ClassOf(BTREE_AM_OID, type == BPCHAROID ? BPCHAR_PATTERN_BTREE_FAM_OID : TEXT_PATTERN_BTREE_FAM_OID, type);
}

} // namespace pg_advisor::whatif
