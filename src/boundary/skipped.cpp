/*
 * See skipped.hpp.
 */
#include "boundary/skipped.hpp"

#include "boundary/guard.hpp"

namespace pg_advisor
{

namespace
{

void Warn(const SkippedStatement &skipped)
{
    constexpr int kShown = 200;
    CallPg([&] {
        ereport(WARNING, (errmsg("a statement was left out of the advice: %s", skipped.problem.c_str()),
                          errdetail("The statement is: %.*s", kShown, skipped.text.c_str())));
    });
}

} // namespace

void ReportSkipped(const Vector<SkippedStatement> &skipped, std::size_t planned, bool recorded)
{
    if (skipped.empty())
        return;
    if (!recorded)
    {
        if (planned == 0)
            throw Failure("22023", "none of the statements can be planned", skipped.front().problem);
        for (const SkippedStatement &statement : skipped)
            Warn(statement);
        return;
    }
    CallPg([&] {
        ereport(NOTICE, (errmsg("%zu of %zu recorded statements were left out of the advice", skipped.size(),
                                skipped.size() + planned),
                         errdetail("For one of them: %s", skipped.front().problem.c_str())));
    });
}

} // namespace pg_advisor
