/* What cppcheck has to know of the server, whose headers it does not read: the version, and macros that are loops. */
#define PG_VERSION_NUM 150000
#define foreach(cell, list) for ((cell) = list_head(list); (cell) != nullptr; (cell) = lnext(list, cell))
#define forboth(one, ones, other, others) \
    for ((one) = list_head(ones), (other) = list_head(others); (one) != nullptr && (other) != nullptr; \
         (one) = lnext(ones, one), (other) = lnext(others, other))
