#include "threat_model/belief.h"

#include <algorithm>

namespace ringfort {
namespace {

using knowledge::Mitigation;
using knowledge::Prior;
using knowledge::StepRule;
using statistics::BetaPosterior;

// Sums of what counts; whole numbers below 2^53, so their order does not matter.
struct Tally {
  double successes = 0;
  std::uint64_t trials = 0;
  bool elsewhere = false;
};

template <class Counts>
Tally Sum(std::span<const std::string> assets, std::span<const Observation> observations, Counts counts) {
  Tally own, other;
  for (const Observation& observation : observations) {
    if (!counts(observation)) continue;
    const bool is_own = std::find(assets.begin(), assets.end(), observation.asset) != assets.end();
    Tally& tally = is_own ? own : other;
    tally.successes += static_cast<double>(observation.successes);
    tally.trials += observation.trials;
  }
  if (own.trials > 0) return own;
  other.elsewhere = other.trials > 0;
  return other;
}

Belief Update(const Prior& prior, const Tally& tally, double failures) {
  Belief belief;
  belief.trials = tally.trials;
  belief.elsewhere = tally.elsewhere;
  belief.ground = tally.successes + failures > prior.weight() ? Provenance::kMeasured : prior.kind;
  // A prior that the catalog's reader has accepted never fails here.
  const auto before = BetaPosterior::Create(prior.successes, prior.failures);
  const auto after = (before.ok() ? before.value() : BetaPosterior()).Updated(tally.successes, failures);
  if (after.ok()) belief.posterior = after.value();
  return belief;
}

}  // namespace

Belief BelieveStep(const StepRule& rule, std::span<const std::string> assets,
                   std::span<const Observation> observations) {
  const Tally tally = Sum(assets, observations, [&](const Observation& observation) {
    return observation.step == rule.id && observation.mitigations.empty();
  });
  return Update(rule.prior, tally, static_cast<double>(tally.trials) - tally.successes);
}

Belief BelieveResidual(const Mitigation& mitigation, bool adaptive, const StepRule& rule, double base_rate,
                       std::span<const std::string> assets, std::span<const Observation> observations) {
  const Tally tally = Sum(assets, observations, [&](const Observation& observation) {
    return observation.step == rule.id && observation.adaptive == adaptive && observation.mitigations.size() == 1 &&
           observation.mitigations[0] == mitigation.id;
  });
  const double would_have = static_cast<double>(tally.trials) * base_rate;
  return Update(adaptive ? mitigation.residual_adaptive : mitigation.residual, tally,
                std::max(0.0, would_have - tally.successes));
}

}  // namespace ringfort
