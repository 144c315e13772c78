#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

// How much privacy DP-SGD has spent: epsilon at a given delta after so many steps, each on
// a random part `rate` of the data (Poisson sampling), with noise of `noise` times the
// clipping norm.
//
// One step costs, at order a, a Renyi divergence of at most
//
//   rdp(a) = 1/(a - 1) log sum_k C(a, k) (1 - q)^(a - k) q^k exp((k^2 - k) / (2 noise^2))
//
// for whole a >= 2 (an infinite series between them); costs of steps add up; and the sum is
// converted at the best order:
//
//   classic  eps = T rdp(a) + log(1/delta) / (a - 1)
//   tighter  eps = T rdp(a) + log((a - 1)/a) - (log delta + log a) / (a - 1)
//
// Worked: q = 256/60000, noise 1.3, 15 epochs (T = 3515.625), delta 1e-5 gives 1.19 by the
// classic way, as the tutorial of tensorflow/privacy says, and 0.95 by the tighter one.
//
// Sources: M. Abadi et al., CCS 2016, arXiv:1607.00133; I. Mironov, K. Talwar, L. Zhang,
// arXiv:1908.10530; the tighter conversion: C. Canonne, G. Kamath, T. Steinke,
// arXiv:2004.00010. Upper bounds, exact in arithmetic to about 1e-9.
//
// Limits: batches drawn by shuffling, as most code does, are not Poisson samples; the
// bound then is what everybody reports, and not proved.

namespace ringfort::defenses {

// Renyi divergence of one step. `order` > 1. 0 for a rate of 0; infinite without noise.
// REQUIRES: rate in [0, 1], noise >= 0.
double SampledGaussianDivergence(double rate, double noise, double order);

enum class Conversion : std::uint8_t { kClassic, kTighter };

// 1.1 to 10.9 by 0.1, then 12 to 63: the orders that tensorflow/privacy tries.
std::vector<double> UsualOrders();

struct PrivacySpent {
  double epsilon = 0;
  double order = 0;  // at which it was least; 0 where nothing was spent
};

// Errors (kInvalidInput): a rate outside [0, 1], noise below 0, steps below 0, delta outside
// (0, 1), no order or one that is not above 1.
Result<PrivacySpent> SpentByTraining(double rate, double noise, double steps, double delta, Conversion conversion,
                                     std::span<const double> orders);
Result<PrivacySpent> SpentByTraining(double rate, double noise, double steps, double delta, Conversion conversion);

// The least noise, to 1e-3 of it, that keeps `epsilon` (by the tighter conversion).
// kUnsupported where a noise of 1000 does not do.
Result<double> NoiseFor(double rate, double steps, double epsilon, double delta);

}  // namespace ringfort::defenses
