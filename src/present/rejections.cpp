/*
 * See rejections.hpp.
 */
#include "present/rejections.hpp"

#include "advise/thresholds.hpp"
#include "present/format.hpp"
#include "present/quote.hpp"
#include "present/reasons.hpp"
#include "present/units.hpp"

namespace pg_advisor
{
namespace
{

String Capital(String text)
{
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

String DearerReason(const Rejection &rejection, const Vector<StatementInfo> &workload)
{
    const HelpedStatement &dearer = rejection.dearer;
    return Capital(Format("{} would cost {} instead of {} a call, dearer by {}{}; {} is allowed.",
                          QueryName(workload[dearer.statement]), HumanCost(dearer.cost_after),
                          HumanCost(dearer.cost_before), HumanShare(dearer.cost_after / dearer.cost_before - 1),
                          workload[dearer.statement].queries.size() > 1 ? " with one of its sets of constants" : "",
                          HumanShare(thresholds::kGuardFactor - 1)));
}

String UpkeepReason(const Rejection &rejection)
{
    const bool more = rejection.write_overhead >= rejection.saves;
    return Format("Keeping it up to date would add {} to the cost of the writes, {} the {} that it saves in reading.",
                  HumanCost(rejection.write_overhead), more ? "no less than" : "more than half of",
                  HumanCost(rejection.saves));
}

String SameWorkReason(const Rejection &rejection, const Vector<String> &suggested)
{
    String out = rejection.suggestion
                     ? Format("{}, which is suggested, does the same work: ", QuoteIdentifier(suggested[*rejection.suggestion]))
                     : String("What is suggested does the same work: ");
    if (rejection.adds > 0)
        AppendFormat(out, "beside it this one would save {} in reading, instead of {} alone", HumanCost(rejection.adds),
                     HumanCost(rejection.saves));
    else
        AppendFormat(out, "beside it this one would save nothing in reading, instead of {} alone",
                     HumanCost(rejection.saves));
    if (rejection.write_overhead > 0)
        AppendFormat(out, ", and cost {} in writing", HumanCost(rejection.write_overhead));
    return out + ".";
}

} // namespace

String RejectionReason(const Rejection &rejection, const AdvisorOptions &options, const Vector<StatementInfo> &workload,
                       const TableInfo &table, const Vector<String> &suggested)
{
    switch (rejection.obstacle)
    {
    case Obstacle::None:
        break;
    case Obstacle::Unused:
        return "No plan of the workload uses it, neither alone nor beside what is suggested.";
    case Obstacle::Dearer:
        return DearerReason(rejection, workload);
    case Obstacle::Budget:
        return Format("It takes about {}, more than the storage budget of {}.", HumanBytes(rejection.bytes),
                      HumanBytes(*options.storage_budget));
    case Obstacle::NoHelp:
        return Format("No statement gets noticeably cheaper: by {} of its cost and by {} a call at least.",
                      HumanShare(thresholds::kHelpsMean), HumanCost(thresholds::kMinGainPerCall));
    case Obstacle::Upkeep:
        return UpkeepReason(rejection);
    case Obstacle::SmallGain:
        return Format("With its upkeep deducted it would save {} in all, and {} is the least that an index has to.",
                      HumanCost(rejection.saves - rejection.write_overhead), HumanCost(thresholds::kMinTotalGain));
    case Obstacle::RanOnce:
        return "Only statements that ran a single time get cheaper, beside others that run again and again.";
    case Obstacle::BelowMinimum:
        return Format("With its upkeep deducted it would save {} of the cost of the workload, less than min_improvement "
                      "({}).",
                      HumanShare(rejection.share), HumanShare(options.min_improvement));
    case Obstacle::Prefix:
        return Format("{}, which is suggested, begins with the same columns and can do all it does.",
                      rejection.suggestion ? QuoteIdentifier(suggested[*rejection.suggestion])
                                           : String("An index"));
    case Obstacle::SameWork:
        return SameWorkReason(rejection, suggested);
    case Obstacle::Room:
        return Format("It does not fit: with it the suggested indexes would take {} of a storage budget of {}. Beside "
                      "them it would save {} more.",
                      HumanBytes(rejection.bytes_together), HumanBytes(*options.storage_budget),
                      HumanCost(rejection.adds));
    case Obstacle::Number:
        return Format("max_indexes is {}. Beside the suggested indexes it would save {} more.", *options.max_indexes,
                      HumanCost(rejection.adds));
    case Obstacle::NotReached:
        return Format("The search ended without it: beside the suggested indexes it would save {} more.",
                      HumanCost(rejection.adds));
    case Obstacle::SmallTable:
        return Format("The table has {} in {}: reading it whole is the cheapest plan.", Counted(table.rows, "row"),
                      Counted(table.pages, "page"));
    case Obstacle::NotAnalyzed:
        return "The table was never analysed: without statistics nothing can be said of an index. Run ANALYZE.";
    }
    return {};
}

} // namespace pg_advisor
