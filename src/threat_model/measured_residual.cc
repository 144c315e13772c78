#include "threat_model/measured_residual.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "threat_model/belief.h"
#include "threat_model/joint_residual.h"

namespace ringfort {
namespace {

using knowledge::Catalog;
using knowledge::Mitigation;
using knowledge::Prior;
using knowledge::StepRule;
using statistics::BetaPosterior;

const Prior& PriorOf(const Mitigation& mitigation, bool adaptive) {
  return adaptive ? mitigation.residual_adaptive : mitigation.residual;
}

// All tries at the steps of a family, by the places of the mitigations in the catalog.
std::vector<ResidualTries> TriesOf(const Catalog& catalog, const std::string& family, bool adaptive,
                                   std::span<const Observation> observations) {
  std::vector<const Mitigation*> all;
  for (const Mitigation& mitigation : catalog.mitigations) all.push_back(&mitigation);
  std::vector<ResidualTries> tries;
  for (const StepRule& rule : catalog.step_rules) {
    if (rule.family != family) continue;
    // By set: of each, no fewer would have succeeded than did.
    std::map<std::vector<std::size_t>, std::pair<double, double>> counts;  // successes, trials
    for (const Observation& observation : observations) {
      if (observation.step != rule.id || observation.adaptive != adaptive || observation.mitigations.empty()) continue;
      const bool answered = std::ranges::all_of(observation.mitigations, [&](const std::string& id) {
        return std::ranges::find(rule.answered_by, id) != rule.answered_by.end();
      });
      const auto places = PlacesOf(observation, all);
      if (!answered || !places) continue;
      auto& [successes, trials] = counts[*places];
      successes += static_cast<double>(observation.successes);
      trials += static_cast<double>(observation.trials);
    }
    if (counts.empty()) continue;
    const double base_rate = rule.certain ? 1 : BelieveStep(rule, {}, observations).mean();
    for (const auto& [places, count] : counts)
      tries.push_back({places, count.first, std::max(0.0, count.second * base_rate - count.first)});
  }
  return tries;
}

}  // namespace

std::vector<ResidualBelief> MeasureResiduals(const Catalog& catalog, std::span<const Observation> observations) {
  std::set<std::string> families;
  for (const Observation& observation : observations)
    if (const StepRule* const rule = knowledge::Find(catalog.step_rules, observation.step); rule != nullptr)
      families.insert(rule->family);
  std::vector<ResidualBelief> beliefs;
  for (const std::string& family : families)
    for (const bool adaptive : {false, true}) {
      std::vector<ResidualTries> tries = TriesOf(catalog, family, adaptive, observations);
      std::set<std::size_t> tried;
      for (const ResidualTries& one : tries) tried.insert(one.mitigations.begin(), one.mitigations.end());
      std::vector<BetaPosterior> residuals;
      for (const Mitigation& mitigation : catalog.mitigations) {
        const Prior& prior = PriorOf(mitigation, adaptive);
        const auto belief = BetaPosterior::Create(prior.successes, prior.failures);
        residuals.push_back(belief.ok() ? belief.value() : BetaPosterior());
      }
      residuals = UpdateResiduals(std::move(residuals), std::move(tries));
      for (const std::size_t place : tried) {
        const Mitigation& mitigation = catalog.mitigations[place];
        const Prior& prior = PriorOf(mitigation, adaptive);
        beliefs.push_back({mitigation.id, family, adaptive, residuals[place],
                           residuals[place].weight() > 2 * prior.weight() ? Provenance::kMeasured : prior.kind});
      }
    }
  return beliefs;
}

}  // namespace ringfort
