#pragma once

#include "base/result.h"
#include "statistics/interval.h"

namespace ringfort::statistics {

// What is believed of a probability after some tries: Beta(alpha, beta). A prior of
// weight alpha + beta counts as much as that many tries; each success adds 1 to
// alpha, each failure 1 to beta. Order of updates does not matter.
//
// Source: the conjugate prior of the binomial (H. Raiffa, R. Schlaifer, 1961).
class BetaPosterior {
 public:
  // The uniform belief Beta(1, 1).
  BetaPosterior() = default;
  // Error: a parameter that is not finite and above 0.
  static Result<BetaPosterior> Create(double alpha, double beta);
  // A prior given by its mean, strictly between 0 and 1, and its weight, above 0.
  static Result<BetaPosterior> FromMean(double mean, double weight);

  double alpha() const { return alpha_; }
  double beta() const { return beta_; }
  double weight() const { return alpha_ + beta_; }
  double mean() const { return alpha_ / weight(); }
  double variance() const { return mean() * (1 - mean()) / (weight() + 1); }

  // After more tries; fractions are allowed (tries that count less). Error: a number
  // that is negative or not finite.
  Result<BetaPosterior> Updated(double successes, double failures) const;

  // P(probability <= value); 0 below 0, 1 above 1.
  double Distribution(double value) const;
  // The value that lies below with `probability`, clamped to [0, 1].
  double Quantile(double probability) const;
  // With tails of equal probability; `confidence` in (0, 1).
  Interval CredibleInterval(double confidence = kUsualConfidence) const;

 private:
  BetaPosterior(double alpha, double beta) : alpha_(alpha), beta_(beta) {}

  double alpha_ = 1;
  double beta_ = 1;
};

}  // namespace ringfort::statistics
