#include "threat_model/joint_residual.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ringfort {
namespace {

using statistics::BetaPosterior;

// A Beta has a mean below 1.
constexpr double kMostMean = 1 - 1e-9;

// log(E[r^2] / E[r]^2): it adds up over the factors of a product.
double LogSpread(const BetaPosterior& belief) {
  return std::log1p(belief.beta() / (belief.alpha() * (belief.weight() + 1)));
}

// The weight of the Beta of this mean and spread; not positive where there is none.
double WeightOf(double mean, double log_spread) { return (1 - mean) / (mean * std::expm1(log_spread)) - 1; }

// Adds `shift` to the logarithms of the means, in proportion to `parts`; what one
// cannot take falls to the others.
void ShareOut(double shift, const std::vector<double>& parts, std::vector<double>& log_means) {
  const double most = std::log(kMostMean);
  std::vector<bool> full(parts.size(), false);
  for (;;) {
    double whole = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) whole += full[i] ? 0 : parts[i];
    if (whole <= 0) return;
    double taken = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (full[i] || log_means[i] + shift * parts[i] / whole <= most) continue;
      taken += most - log_means[i];
      log_means[i] = most;
      full[i] = true;
    }
    if (taken == 0) {
      for (std::size_t i = 0; i < parts.size(); ++i)
        if (!full[i]) log_means[i] += shift * parts[i] / whole;
      return;
    }
    shift -= taken;
  }
}

// Of several mitigations; see the header.
void UpdateTogether(const ResidualTries& tries, std::vector<BetaPosterior>& residuals) {
  std::vector<double> spreads, log_means;
  double spread = 0, log_mean = 0;
  for (const std::size_t i : tries.mitigations) {
    spreads.push_back(LogSpread(residuals[i]));
    log_means.push_back(std::log(residuals[i].mean()));
    spread += spreads.back();
    log_mean += log_means.back();
  }
  const double mean = std::exp(log_mean);
  const auto before = BetaPosterior::FromMean(mean, WeightOf(mean, spread));
  if (!before.ok()) return;  // means so small that no number holds their product
  const auto after = before.value().Updated(tries.through, tries.stopped);
  if (!after.ok()) return;
  ShareOut(std::log(after.value().mean()) - log_mean, spreads, log_means);
  for (std::size_t i = 0; i < spreads.size(); ++i) {
    BetaPosterior& residual = residuals[tries.mitigations[i]];
    const double part = spreads[i] / spread;
    const double now = spreads[i] * (1 - part + part * LogSpread(after.value()) / spread);
    const double own_mean = std::exp(log_means[i]);
    const auto updated = BetaPosterior::FromMean(own_mean, std::max(residual.weight(), WeightOf(own_mean, now)));
    if (updated.ok()) residual = updated.value();
  }
}

}  // namespace

std::vector<BetaPosterior> UpdateResiduals(std::vector<BetaPosterior> residuals, std::vector<ResidualTries> tries) {
  std::ranges::sort(tries, [](const ResidualTries& a, const ResidualTries& b) {
    return std::forward_as_tuple(a.mitigations.size(), a.mitigations, a.through, a.stopped) <
           std::forward_as_tuple(b.mitigations.size(), b.mitigations, b.through, b.stopped);
  });
  for (std::size_t i = 0; i < tries.size(); ++i) {
    ResidualTries& one = tries[i];
    for (; i + 1 < tries.size() && tries[i + 1].mitigations == one.mitigations; ++i) {
      one.through += tries[i + 1].through;
      one.stopped += tries[i + 1].stopped;
    }
    if (one.through + one.stopped == 0) continue;
    if (one.mitigations.size() > 1) {
      UpdateTogether(one, residuals);
    } else {
      BetaPosterior& residual = residuals[one.mitigations[0]];
      const auto updated = residual.Updated(one.through, one.stopped);
      if (updated.ok()) residual = updated.value();
    }
  }
  return residuals;
}

}  // namespace ringfort
