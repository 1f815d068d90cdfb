/*
 * The sentence of a row of advisor.seq_scan_hotspots.
 *
 * Called with the classification of advise/hotspots. Pure.
 */
#pragma once

#include "advise/hotspots.hpp"

namespace pg_advisor
{

String ScanSentence(const ScanFacts &facts, ScanClass kind);

} // namespace pg_advisor
