#include "threat_model/belief.h"

#include <algorithm>
#include <map>
#include <utility>

#include "threat_model/joint_residual.h"

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

// What names an asset at hand, and the rest.
struct Tallies {
  Tally own{}, other{};

  void Add(const Observation& observation, std::span<const std::string> assets) {
    Tally& tally = std::ranges::find(assets, observation.asset) != assets.end() ? own : other;
    tally.successes += static_cast<double>(observation.successes);
    tally.trials += observation.trials;
  }
  // See belief.h.
  Tally Nearer() const {
    if (own.trials > 0) return own;
    Tally nearer = other;
    nearer.elsewhere = other.trials > 0;
    return nearer;
  }
};

// A prior that the catalog's reader has accepted never fails here.
BetaPosterior PosteriorOf(const Prior& prior) {
  const auto posterior = BetaPosterior::Create(prior.successes, prior.failures);
  return posterior.ok() ? posterior.value() : BetaPosterior();
}

Provenance GroundOf(const Prior& prior, double weight) {
  return weight > 2 * prior.weight() ? Provenance::kMeasured : prior.kind;
}

}  // namespace

Belief BelieveStep(const StepRule& rule, std::span<const std::string> assets,
                   std::span<const Observation> observations) {
  Tallies tallies;
  for (const Observation& observation : observations)
    if (observation.step == rule.id && observation.mitigations.empty()) tallies.Add(observation, assets);
  const Tally tally = tallies.Nearer();
  Belief belief;
  belief.trials = tally.trials;
  belief.elsewhere = tally.elsewhere;
  const auto after =
      PosteriorOf(rule.prior).Updated(tally.successes, static_cast<double>(tally.trials) - tally.successes);
  if (after.ok()) belief.posterior = after.value();
  belief.ground = GroundOf(rule.prior, rule.prior.weight() + static_cast<double>(tally.trials));
  return belief;
}

std::optional<std::vector<std::size_t>> PlacesOf(const Observation& observation,
                                                 std::span<const Mitigation* const> mitigations) {
  std::vector<std::size_t> places;
  for (const std::string& id : observation.mitigations) {
    const auto found = std::ranges::find(mitigations, id, &Mitigation::id);
    if (found == mitigations.end()) return std::nullopt;
    places.push_back(static_cast<std::size_t>(found - mitigations.begin()));
  }
  std::ranges::sort(places);
  return places;
}

std::vector<Belief> BelieveResiduals(std::span<const Mitigation* const> mitigations, bool adaptive,
                                     const StepRule& rule, double base_rate, std::span<const std::string> assets,
                                     std::span<const Observation> observations) {
  std::map<std::vector<std::size_t>, Tallies> by_set;
  for (const Observation& observation : observations) {
    if (observation.step != rule.id || observation.adaptive != adaptive || observation.mitigations.empty()) continue;
    if (const auto places = PlacesOf(observation, mitigations); places) by_set[*places].Add(observation, assets);
  }
  std::vector<Belief> beliefs(mitigations.size());
  std::vector<ResidualTries> tries;
  for (const auto& [places, tallies] : by_set) {
    const Tally tally = tallies.Nearer();
    const double would_have = static_cast<double>(tally.trials) * base_rate;
    tries.push_back({places, tally.successes, std::max(0.0, would_have - tally.successes)});
    for (const std::size_t place : places) {
      beliefs[place].trials += tally.trials;
      beliefs[place].elsewhere |= tally.elsewhere;
    }
  }
  std::vector<BetaPosterior> posteriors;
  const auto prior_of = [&](std::size_t i) -> const Prior& {
    return adaptive ? mitigations[i]->residual_adaptive : mitigations[i]->residual;
  };
  for (std::size_t i = 0; i < mitigations.size(); ++i) posteriors.push_back(PosteriorOf(prior_of(i)));
  posteriors = UpdateResiduals(std::move(posteriors), std::move(tries));
  for (std::size_t i = 0; i < mitigations.size(); ++i) {
    beliefs[i].posterior = posteriors[i];
    beliefs[i].ground = GroundOf(prior_of(i), posteriors[i].weight());
  }
  return beliefs;
}

}  // namespace ringfort
