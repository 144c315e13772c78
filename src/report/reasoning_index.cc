#include <algorithm>
#include <cmath>
#include <queue>
#include <string_view>
#include <tuple>
#include <utility>

#include "knowledge/catalog/catalog.h"
#include "report/reasoning_index_internal.h"

namespace ringfort {
namespace {

bool LeadsSomewhere(const ReasonedStep& step, std::size_t states) {
  return step.gains < states && std::ranges::all_of(step.needs, [&](std::size_t need) { return need < states; });
}

// Knuth's generalization of Dijkstra's algorithm: a step is as good as its chance times
// that of all its needs, which never exceeds any of them.
std::vector<std::size_t> BestSteps(const Reasoning& reasoning, const ReasoningIndex& index) {
  constexpr std::size_t kNone = ReasoningIndex::kNone;
  std::vector<std::size_t> best(reasoning.states.size(), kNone);
  std::vector<double> score(reasoning.states.size(), -1);
  std::vector<bool> settled(reasoning.states.size(), false);
  std::vector<std::size_t> missing(reasoning.steps.size());
  std::vector<double> product(reasoning.steps.size());
  // The score, then the lower state, so that ties are always broken alike.
  std::priority_queue<std::tuple<double, std::size_t>> queue;
  const auto offer = [&](std::size_t state, double value, std::size_t step) {
    if (settled[state] || value <= score[state]) return;
    score[state] = value;
    best[state] = step;
    queue.emplace(value, kNone - state);
  };
  for (std::size_t state = 0; state < reasoning.states.size(); ++state) {
    for (const std::size_t step : index.into[state]) {
      missing[step] = reasoning.steps[step].needs.size();
      product[step] = Chance(reasoning.steps[step]);
    }
  }
  for (std::size_t state = 0; state < reasoning.states.size(); ++state) {
    if (reasoning.states[state].observed) offer(state, 2, kNone);
    for (const std::size_t step : index.into[state])
      if (missing[step] == 0) offer(state, product[step], step);
  }
  while (!queue.empty()) {
    const std::size_t state = kNone - std::get<1>(queue.top());
    queue.pop();
    if (settled[state]) continue;
    settled[state] = true;
    for (const std::size_t step : index.out[state]) {
      product[step] *= std::min(1.0, score[state]);
      if (--missing[step] == 0) offer(reasoning.steps[step].gains, product[step], step);
    }
  }
  return best;
}

}  // namespace

double Chance(const ReasonedStep& step) {
  return std::isfinite(step.probability) ? std::clamp(step.probability, 0.0, 1.0) : 0;
}

ReasoningIndex::ReasoningIndex(const Reasoning& reasoning)
    : into(reasoning.states.size()), out(reasoning.states.size()), on_loop(reasoning.states.size(), false) {
  for (std::size_t i = 0; i < reasoning.steps.size(); ++i) {
    const ReasonedStep& step = reasoning.steps[i];
    if (!LeadsSomewhere(step, reasoning.states.size())) continue;
    into[step.gains].push_back(i);
    for (const std::size_t need : step.needs) out[need].push_back(i);
  }
  best = BestSteps(reasoning, *this);
  const auto likelier = [&](std::size_t a, std::size_t b) {
    return Chance(reasoning.steps[a]) > Chance(reasoning.steps[b]);
  };
  for (auto* lists : {&into, &out})
    for (std::vector<std::size_t>& steps : *lists) {
      std::stable_sort(steps.begin(), steps.end(), likelier);
      steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
    }
  for (std::size_t state = 0; state < into.size(); ++state)
    if (const auto at = std::ranges::find(into[state], best[state]); at != into[state].end())
      std::rotate(into[state].begin(), at, at + 1);
  for (const std::size_t state : reasoning.loop)
    if (state < on_loop.size()) on_loop[state] = true;
}

std::vector<std::vector<std::size_t>> StatesShown(const Assessment& assessment) {
  std::vector<std::vector<std::size_t>> shown(assessment.findings.size());
  if (!assessment.reasoning) return shown;
  const std::vector<ReachedState>& states = assessment.reasoning->states;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const PlacedFinding& placed = assessment.findings[i];
    const Finding& finding = assessment.scan.artifacts[placed.artifact].findings[placed.finding];
    if (placed.asset.empty() || !finding.suppressed.empty()) continue;
    const RuleCard* const card = FindCard(assessment.scan, finding.rule);
    if (card == nullptr) continue;
    for (const std::string_view threat : card->threats) {
      const auto* technique = knowledge::Find(knowledge::BuiltinCatalog().techniques, threat);
      if (technique == nullptr || !technique->IsShownBy(finding.severity)) continue;
      for (std::size_t state = 0; state < states.size(); ++state)
        if (states[state].observed && states[state].asset == placed.asset &&
            states[state].capability == technique->finding_sets && !std::ranges::count(shown[i], state))
          shown[i].push_back(state);
    }
  }
  return shown;
}

}  // namespace ringfort
