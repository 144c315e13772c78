#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "attacks/attack.h"

// Copy-paste dilution: drown marked passages in text that nobody marked.
//
// Somebody asks a model for parts of an essay and writes the rest. Of the whole only `share` of
// the words is marked, in `passages` pieces; not one of those words is changed.
//
//   marked "m1 m2 m3 m4", plain "p1 p2 p3 ... p20", share 0.25, 2 passages:
//   p1 p2 p3 p4 [m1 m2] p5 p6 p7 p8 [m3 m4] p9 p10 p11 p12     4 of 16 words
//
// A count over the whole text falls with the share: z of n tokens goes from k sqrt(n) for marked
// ones alone to share * k sqrt(n) for as many in all. A detector that looks at windows finds the passages again
// (FindMarkInWindows of watermarks/mark_evidence.h), at the price of many questions.
//
// Limits: each passage loses the first tokens' contexts to what stands before it. If the plain text is too short for
// the share, all of it is used.
//
// J. Kirchenbauer et al., "On the Reliability of Watermarks for Large Language Models", 2023,
// arXiv:2306.04634 (copy-paste attack, 1 or 3 passages).

namespace ringfort::attacks::data_to_data {

struct DilutionRule {
  double share = 0.25;  // of the words that are marked, in (0, 1]
  std::uint32_t passages = 3;
  std::uint64_t seed = 1;  // where the plain text is cut, and how long its pieces are
};

std::string Dilute(std::string_view marked, std::string_view plain, const DilutionRule& rule);

AttackEntry CopyPasteDilution();

}  // namespace ringfort::attacks::data_to_data
