#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

// What an attack proves about privacy: an epsilon that training cannot have stayed below.
//
// Were training (eps, delta)-private, any test of "was this text trained on" would obey
//
//   FNR >= (1 - delta - FPR) / e^eps   and   FPR >= (1 - delta - FNR) / e^eps
//
// An attack that does better refutes the claim. From counts, with Clopper-Pearson upper
// bounds of both rates, eps is at least, with the confidence asked for,
//
//   max over thresholds of max( log((1 - delta - FPR_up) / FNR_up),
//                               log((1 - delta - FNR_up) / FPR_up) ), and 0
//
// Each bound of a rate may fail with half of what the confidence leaves. The threshold is
// chosen on one half of the texts and the bound taken on the other, since a threshold that
// the same texts picked would flatter.
//
//   1000 members, 1000 others, all told apart:  both rates at most 0.0037 at 97.5 %, at one
//   threshold eps >= log(0.9963 / 0.0037) = 5.6
//
// M. Jagielski, J. Ullman, A. Oprea, "Auditing Differentially Private Machine Learning",
// NeurIPS 2020, arXiv:2006.07709. Splitting the texts is ours.

namespace ringfort::defenses {

struct AuditCounts {
  std::uint64_t false_positives = 0;
  std::uint64_t others = 0;  // texts that were not trained on
  std::uint64_t false_negatives = 0;
  std::uint64_t members = 0;
};

struct AuditBound {
  double epsilon = 0;
  double threshold = 0;  // where it was reached; a score at or above it is called a member
  std::uint64_t thresholds = 0;
};

// At one threshold fixed beforehand. Errors (kInvalidInput): no member or no other, more
// errors than texts, delta outside [0, 1), a confidence outside (0, 1).
Result<double> EpsilonAtLeast(const AuditCounts& counts, double delta, double confidence);

// Over up to `thresholds` thresholds: those above which half, a quarter, ... of the others
// lie, and below which half, a quarter, ... of the members do. The first, third, ... of
// each choose the threshold, the rest bound. Errors: as above; a score that is NaN; no
// threshold; fewer than two of either.
Result<AuditBound> AuditScores(std::span<const double> members, std::span<const double> others, double delta,
                               double confidence = 0.95, std::uint64_t thresholds = 20);

}  // namespace ringfort::defenses
