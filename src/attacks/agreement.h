#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

// How much a copy answers like the model that it was made from. Fidelity is agreement
// with the original, right or wrong; it says more of a theft than the copy's own accuracy.
//
//   original says  cat dog cat cow      copy says  cat dog dog cow
//   agreement 3/4; by chance 5/16 (their frequencies multiplied); kappa 7/11
//
// Sources: M. Jagielski et al., "High Accuracy and High Fidelity Extraction of Neural
// Networks", USENIX Security 2020, arXiv:1909.01838; kappa: J. Cohen, Educational and
// Psychological Measurement 20 (1960). Which of them to look at for texts is ours.

namespace ringfort::attacks {

struct Agreement {
  std::uint64_t agreeing = 0;
  std::uint64_t count = 0;
  double share = 0;
  double kappa = 0;  // 1 perfect, 0 no better than chance; 1 where chance agrees always
};

// Over answers of one kind: classes, likeliest tokens, whole texts. Errors
// (kInvalidInput): none, or another number in the two.
Result<Agreement> AgreementOf(std::span<const std::string> original, std::span<const std::string> copy);

// Over rows of log-probabilities of the same outcomes.
struct DistributionGap {
  double divergence = 0;       // mean Kullback-Leibler divergence original || copy, in nats
  double total_variation = 0;  // mean, in [0, 1]
  double top_agreement = 0;    // share of rows with the same likeliest outcome
};

// Each row is normalized first, so that logits will do. Errors (kInvalidInput): no row, rows
// of different lengths, a row without a finite number, or NaN. An outcome that the
// original gives and the copy rules out makes the divergence infinite.
Result<DistributionGap> GapOf(std::span<const std::vector<double>> original, std::span<const std::vector<double>> copy);

// One point of a curve: what was spent, what was reached.
struct BudgetPoint {
  double queries = 0;
  double fidelity = 0;
};

// The least budget at which the curve, with straight lines between its points, reaches
// `fidelity`; infinite if it does not. Points in any order. REQUIRES: finite numbers.
double QueriesFor(std::span<const BudgetPoint> curve, double fidelity);

}  // namespace ringfort::attacks
