#pragma once

#include <vector>

#include "statistics/beta_posterior.h"

// What several mitigations let through, learned from tries that met them all at once.
// A definition of ours; it keeps the rule by which a step is reckoned, that mitigations
// multiply, true of what was seen.
//
// Each residual r_i is believed to be Beta(a_i, b_i). An attempt that would have succeeded
// passes all of them with R = r_1 r_2 ... , so the tries speak of R alone:
//
//   1. R's prior is the Beta of the product's own mean and variance.
//   2. Of s that got through and f that did not, it becomes Beta(a + s, b + f).
//   3. The change of its mean is shared out in the logarithm: r_i takes the part
//      u_i / (u_1 + u_2 + ...), where u_i = log(1 + variance_i / mean_i^2). So the product
//      of the means is R's posterior mean; what is known least moves most, and what is
//      known well stays. No mean passes 1; what one cannot take falls to the others.
//   4. The u_i shrink as those of log-normal factors of a product whose own u shrinks to U':
//      u_i (1 - k_i + k_i U' / U), with k_i the share above. A belief never weighs
//      less than before.
//
// Of a single mitigation this is the usual update. By hand: two residuals Beta(1, 1)
// have means 1/2 and E[r^2] = 1/3, so R has the mean 1/4 and the variance
// 1/9 - 1/16 = 7/144, which is Beta(5/7, 15/7), of weight 20/7. After none of 10 it is Beta(5/7, 85/7),
// with the mean 1/18; each residual gets the mean sqrt(1/18) = 0.236.
//
// Against the posterior itself (all r_i at once, drawn and weighed) the means of the product and
// of its factors are tested; the tie between the factors is lost, so that their product
// is believed less surely than it is known.
//
// Source: Gaussian conditioning on a sum, with log-normal moments of the factors (L. Fenton,
// "The Sum of Log-Normal Probability Distributions in Scatter Transmission Systems", 1960);
// the sequence above is ours.

namespace ringfort {

struct ResidualTries {
  std::vector<std::size_t> mitigations{};  // all in place meanwhile, ascending, each once; not empty
  double through = 0;                      // attempts that got past all of them
  double stopped = 0;                      // attempts that would have succeeded without them, and did not
};

// Updates the beliefs by number: first by what met one mitigation alone, then by sets, the
// small ones first, those of one size in the order of their members. The order of `tries`
// does not matter. REQUIRES: numbers of residuals; counts that are finite and not negative.
std::vector<statistics::BetaPosterior> UpdateResiduals(std::vector<statistics::BetaPosterior> residuals,
                                                       std::vector<ResidualTries> tries);

}  // namespace ringfort
