#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "knowledge/catalog/catalog.h"
#include "report/reasoning_words_internal.h"

namespace ringfort {
namespace {

constexpr std::string_view kByDefinition = "definition";

// Of several grounds the weakest counts, and a definition takes nothing away.
std::string_view Weakest(bool any, Provenance ground) { return any ? Name(ground) : kByDefinition; }

}  // namespace

std::string StateName(const Reasoning& reasoning, std::size_t state) {
  if (state >= reasoning.states.size()) return fmt::format("state {}", state);
  return fmt::format("{}: {}", reasoning.states[state].asset, reasoning.states[state].capability);
}

std::string_view GroundOf(const ReasonedStep& step) { return Weakest(!step.certain, step.ground); }

std::string_view GroundOf(const Reasoning& reasoning, const AttackWay& way) {
  bool any = false;
  Provenance ground = Provenance::kMeasured;
  for (const std::size_t step : way.steps) {
    if (step >= reasoning.steps.size() || reasoning.steps[step].certain) continue;
    any = true;
    ground = std::max(ground, reasoning.steps[step].ground);
  }
  return Weakest(any, ground);
}

std::string_view LoopGround(const Reasoning& reasoning) {
  bool any = false;
  Provenance ground = Provenance::kMeasured;
  for (const ReasonedStep& step : reasoning.steps) {
    if (step.certain || !(step.loop_share > 0)) continue;
    any = true;
    ground = std::max(ground, step.ground);
  }
  return Weakest(any, ground);
}

std::string MitigationTitle(const Reasoning& reasoning, std::string_view id) {
  if (reasoning.defense)
    for (const DefensePlan::Deployment& one : reasoning.defense->deploy)
      if (one.id == id && !one.title.empty()) return one.title;
  if (const auto* known = knowledge::Find(knowledge::BuiltinCatalog().mitigations, id)) return known->title;
  constexpr std::string_view kPrefix = "mitigation.";
  std::string words(id.starts_with(kPrefix) ? id.substr(kPrefix.size()) : id);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string NumberText(double value) {
  if (std::isnan(value)) return "not a number";
  if (std::isinf(value)) return value > 0 ? "infinite" : "minus infinite";
  if (value > 0 && value < 0.0001) return "below 0.0001";
  if (value > 0 && value < 0.00995) return fmt::format("{:.2g}", value);
  return fmt::format("{:.3f}", value == 0 ? 0.0 : value);
}

}  // namespace ringfort
