#pragma once

#include <string>

#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// What is believed of a probability before anything is measured here: the
// distribution Beta(successes, failures); successes + failures is its weight in
// trials. Published priors rest on a number that stands in the cited source and
// weigh at most 20 trials, so that a few dozen trials of one's own outweigh them;
// assumed ones are our judgment and weigh at most 4.
struct Prior {
  double successes = 1;
  double failures = 1;
  Provenance kind = Provenance::kAssumed;
  std::string source{};  // empty if assumed
  std::string note{};    // how the number was read, or why we assume it

  double mean() const { return successes / (successes + failures); }
  double weight() const { return successes + failures; }
};

}  // namespace ringfort::knowledge
