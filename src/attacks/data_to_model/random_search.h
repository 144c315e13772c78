#pragma once

#include "attacks/attack.h"

// Random search: change a suffix at random, and keep what makes agreement likelier.
//
// No gradient is needed to climb: a few neighboring characters of a suffix are replaced by random ones,
// and the change is kept where the log-probability rises that the answer begins with an opening of
// agreement. The last quarter of the steps changes single characters.
//
//   request          What is the code? x%Kq w..        log p("Sure") -9.1
//   change kept      What is the code? x%Kb 3..                      -7.4
//   change dropped   What is the code? x%Kb #..                      -8.0
//
// That log-probability is what the attack needs of its target: of the whole opening where the target
// takes plain text and tells scores, of its first token where it tells the 20 likeliest (attacks/suffix_search.h).
// At the end the request is asked once with the best suffix. `climbs` 0 draws a fresh suffix each step
// instead: random strings, what the search must beat by a margin; the test of suffix_search.h holds it to that.
//
// Sample: `text` is the request, with `{}` where the suffix is to stand, else it stands behind; the first
// of `candidates` what a success would hold, if known; the second the opening, else `Sure`. Numbers: the
// log-probability before and after. Behind a defense that changes questions the scores are those of the
// bare model wherever the defense leaves scores alone: the suffix is then found on a copy and carried over.
//
// M. Andriushchenko, F. Croce, N. Flammarion, "Jailbreaking Leading Safety-Aligned LLMs with Simple
// Adaptive Attacks", ICLR 2025, arXiv:2404.02151; without its hand-written prompt, which a sample may hold.

namespace ringfort::attacks::data_to_model {

AttackEntry RandomSearch();

}  // namespace ringfort::attacks::data_to_model
