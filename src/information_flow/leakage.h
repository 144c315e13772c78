#pragma once

#include <span>
#include <vector>

#include "information_flow/channel.h"

// What one look at a channel's output helps an adversary who then guesses once.
// Unlike mutual information this says how likely the adversary is to succeed.
//
// Sources: G. Smith, "On the Foundations of Quantitative Information Flow" (2009);
// C. Braun, K. Chatzikokolakis, C. Palamidessi (2009) for the capacity; M. Alvim et al.,
// "Measuring Information Leakage using Generalized Gain Functions" (2012).

namespace ringfort::information_flow {

// The chance to guess the input at once, before and after the output is seen.
double PriorBayesVulnerability(std::span<const double> prior);
double PosteriorBayesVulnerability(std::span<const double> prior, const Channel& channel);

// log2 of posterior by prior vulnerability, bits, >= 0.
double MinEntropyLeakage(std::span<const double> prior, const Channel& channel);

// The largest ratio of posterior by prior vulnerability over all priors, attained at
// the uniform one: sum over outputs of the largest entry of the column. It bounds the
// ratio for every gain function too. Its log2 is the min-capacity in bits, which is
// at least the capacity of Shannon.
double MultiplicativeCapacity(const Channel& channel);
double MinCapacity(const Channel& channel);

// What each guess is worth for each secret: a row a guess, a column an input of the
// channel. Guessing the secret itself is the identity matrix.
class GainFunction {
 public:
  // Errors: no guess; rows of different length; a gain that is negative or not finite.
  static Result<GainFunction> Create(std::vector<std::vector<double>> gains);
  // Guess the input exactly.
  static GainFunction Identity(std::size_t inputs);
  // `tries` guesses at once, all different: worth 1 if the input is among them. Error: no try,
  // or more than 1,000,000 entries.
  static Result<GainFunction> Tries(std::size_t inputs, std::size_t tries);

  std::size_t guesses() const { return gains_.size(); }
  std::size_t inputs() const { return gains_[0].size(); }
  std::span<const double> Of(std::size_t guess) const { return gains_[guess]; }

 private:
  explicit GainFunction(std::vector<std::vector<double>> gains) : gains_(std::move(gains)) {}

  std::vector<std::vector<double>> gains_{};
};

// The gain to be expected of the best guess, before and after. As many inputs in each.
double PriorGVulnerability(const GainFunction& gain, std::span<const double> prior);
double PosteriorGVulnerability(const GainFunction& gain, std::span<const double> prior, const Channel& channel);

struct GLeakage {
  double multiplicative = 1;  // posterior / prior, 1 if both are 0
  double bits = 0;            // its log2
  double additive = 0;        // posterior - prior
};
GLeakage FindGLeakage(const GainFunction& gain, std::span<const double> prior, const Channel& channel);

}  // namespace ringfort::information_flow
