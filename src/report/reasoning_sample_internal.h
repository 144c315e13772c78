#pragma once

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "report/report_sample_internal.h"

// What could follow from the assessment of report_sample_internal.h: every kind of
// ground, a closed loop, a step of two needs, a secret that nothing bounds, a hostile
// name. Made by hand; the numbers are nobody's.

namespace ringfort::sample {

inline ReachedState State(std::string asset, std::string capability, double value, Provenance ground,
                          bool observed = false) {
  return {std::move(asset), std::move(capability), {value, value * 0.97, value + (1 - value) * 0.03, ground}, observed};
}

inline ReasonedStep Step(std::string id, std::string title, std::vector<std::size_t> needs, std::size_t gains,
                         double probability, Provenance ground, double loop_share = 0,
                         std::vector<std::string> answers = {}) {
  ReasonedStep step;
  step.id = "step." + std::move(id);
  step.title = std::move(title);
  step.needs = std::move(needs);
  step.gains = gains;
  step.probability = probability;
  step.ground = ground;
  step.loop_share = loop_share;
  step.answers = std::move(answers);
  return step;
}

inline Reasoning Reason() {
  constexpr Provenance kM = Provenance::kMeasured;
  constexpr Provenance kP = Provenance::kPublished;
  constexpr Provenance kA = Provenance::kAssumed;
  const std::string archive = "archive" + std::string(kInjection);
  Reasoning reasoning;
  reasoning.samples = 100'032;
  reasoning.seed = 42;
  reasoning.states = {
      State("corpus", "write", 0.61, kA),               // 0
      State("corpus", "poisoned", 0.53, kA),            // 1
      State("corpus", "records_recovered", 0.42, kP),   // 2
      State("corpus", "read", 0.34, kA),                // 3
      State("corpus", "membership_known", 0.33, kM),    // 4
      State("writer", "carries_payload", 1, kM, true),  // 5
      State("writer", "code_execution", 0.9, kA),       // 6
      State("writer", "backdoored", 0.59, kA),          // 7
      State("writer", "weights", 0.28, kP),             // 8
      State("chat", "query", 0.4, kA),                  // 9
      State("chat", "copied", 0.39, kP),                // 10
      State("chat", "jailbroken", 0.36, kM),            // 11
      State("chat", "injected", 0.22, kA),              // 12
      State("chat", "query_scores", 0.003, kA),         // 13
      State(archive, "read", 0.07, kA),                 // 14
      State("api", "reach", 0.5, kA),                   // 15
      State("api", "query", 0.37, kA),                  // 16
      State("api", "acts_for_attacker", 0.25, kA),      // 17
      State("api", "system_prompt_known", 0.0001, kP),  // 18
  };
  const std::string limit = "mitigation.rate_limit";
  const std::string filter = "mitigation.poison_filtering";
  reasoning.steps = {
      Step("entry.public_sources", "Records are planted in public sources", {}, 0, 0.25, kA, 0, {filter}),
      Step("poisoning.write", "Planted records survive into training", {0}, 1, 0.87, kP, 0.31, {filter}),
      Step("poisoning.train", "Training on poisoned records plants a backdoor", {1}, 7, 0.8, kP, 0.42, {filter}),
      Step("payload.load", "Loading the file runs its payload", {5}, 6, 0.9, kA),
      Step("payload.read", "Code in the model's process reads what lies beside it", {6}, 3, 0.6, kA),
      Step("payload.weights", "Code in the process copies the weights", {6}, 8, 0.5, kA),
      Step("payload.other", "Code in the process reads the archive beside it", {6}, 14, 0.1, kA),
      Step("entry.endpoint_reach", "An endpoint can be reached", {}, 15, 0.5, kA),
      Step("query", "Who reaches the endpoint may ask it", {15}, 16, 0.75, kA, 0, {limit}),
      Step("answers", "Who asks the endpoint gets the model's answers", {16}, 9, 1, kA),
      Step("extraction.training_data", "Complete known prefixes", {9}, 2, 0.35, kP, 0.12, {limit}),
      Step("recovered", "Recovered records can be read", {2}, 3, 1, kA),
      Step("extraction.model", "A student is trained on the answers", {9}, 10, 0.85, kP, 0, {limit}),
      Step("membership", "Lower loss on a record than on its neighbours", {9}, 4, 0.71, kM),
      Step("transfer", "A prompt found on the copy carries over", {9, 10}, 11, 0.62, kM, 0.2,
           {"mitigation.perplexity_filter"}),
      Step("jailbreak", "A known jailbreak works", {9}, 11, 0.44, kM),
      Step("feedback", "Answers are logged and trained on again", {11, 16}, 0, 0.5, kA, 0.37),
      Step("injection", "A planted record is quoted to the model", {0, 9}, 12, 0.33, kA),
      Step("agent", "An injected model calls a tool", {12}, 17, 0.5, kA),
      Step("scores", "The endpoint gives log-probabilities", {16}, 13, 0.01, kA),
      Step("prompt", "The system prompt is repeated", {9, 12}, 18, 0.002, kP),
  };
  for (const std::size_t certain : {9u, 11u}) reasoning.steps[certain].certain = true;
  for (const std::size_t seen : {13u, 14u, 15u}) reasoning.steps[seen].trials = 200;
  reasoning.loop_gain = 1.134;
  reasoning.loop = {0, 1, 2, 7, 9, 11};
  reasoning.ways = {{6, 0.9, 1, {3}},
                    {8, 0.45, 1, {3, 5}},
                    {1, 0.2175, 1, {0, 1}},
                    {7, 0.174, 2, {0, 1, 2}},
                    {2, 0.1313, 1, {7, 8, 9, 10}}};
  reasoning.cuts = {{2, {limit}, 2, true, 0.4, 0.25},
                    {7, {filter, "mitigation.dataset_provenance"}, 5, false, 0.2, 0.1},
                    {6, {}, 0, true, 0.3, 0.3}};
  reasoning.leakage = {
      {"corpus: records",
       "strangers at api",
       0.0021,
       kP,
       {{"chat answers through api", 0.021, 0.1, kP, "35 of 100 prefixes were completed; a query each ten seconds.",
         "bandwidth"},
        {"chat scores through api", 0.0001, 0.1, kA, "Scores are rounded to two digits.", "noise"}}},
      {archive + ": records", "whoever runs code in writer", std::numeric_limits<double>::infinity(), kA, {}},
      {"corpus: membership", "strangers at api", 0, kM, {}},
  };
  DefensePlan plan;
  plan.budget = {4, 2, 2};
  plan.loss_undefended = {0.62, 0.55, 0.7, kA};
  plan.loss = {0.2, 0.15, 0.28, kA};
  plan.lower_bound = 0.19;
  plan.mixed_loss = {0.17, 0.12, 0.24, kA};
  plan.deploy = {{limit, "Limit the rate of queries", {2, 0, 1}, 0.31, kA},
                 {filter, "Filter records before training", {2, 0, 0.5}, 0.2, kP}};
  plan.mixed = {{0.7, {limit, filter}}, {0.3, {filter}}};
  plan.open = {{8, 0.2, 1, {3, 5}}};
  plan.coverage = {{filter, 0.6, 0.3, kP}, {limit, 0.5, 0.45, kA}, {"mitigation.perplexity_filter", 0.2, 0.01, kM}};
  reasoning.defense = plan;
  return reasoning;
}

inline Assessment AssessAndReason() {
  Assessment assessment = Assess();
  assessment.reasoning = Reason();
  return assessment;
}

// The same with every text hostile.
inline Assessment HostileAssessment() {
  const std::string hostile = "\xff" + std::string(kInjection) + "\x1b[31m";
  Assessment assessment = AssessAndReason();
  for (Asset& asset : assessment.assets) asset.id += hostile;
  for (Tie& tie : assessment.ties) {
    tie.from += hostile;
    tie.to += hostile;
  }
  Reasoning& reasoning = *assessment.reasoning;
  for (ReachedState& state : reasoning.states) {
    state.asset += hostile;
    state.capability += hostile;
  }
  for (ReasonedStep& step : reasoning.steps) {
    step.id += hostile;
    step.title += hostile;
    for (std::string& answer : step.answers) answer += hostile;
  }
  for (HardeningCut& cut : reasoning.cuts)
    for (std::string& one : cut.mitigations) one += hostile;
  for (LeakagePath& path : reasoning.leakage) {
    path.secret += hostile;
    path.observer += hostile;
    for (LeakagePath::CutChannel& one : path.cut) {
      one.channel += hostile;
      one.basis += hostile;
      one.lever += hostile;
    }
  }
  for (DefensePlan::Deployment& one : reasoning.defense->deploy) {
    one.id += hostile;
    one.title += hostile;
  }
  for (DefensePlan::Mixture& one : reasoning.defense->mixed)
    for (std::string& id : one.mitigations) id += hostile;
  for (DefensePlan::Coverage& one : reasoning.defense->coverage) one.id += hostile;
  return assessment;
}

// Indices that lead nowhere, numbers that are none.
inline Reasoning Broken() {
  Reasoning reasoning = Reason();
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const std::size_t nowhere = std::numeric_limits<std::size_t>::max();
  reasoning.steps[0].gains = nowhere;
  reasoning.steps[1].needs = {nowhere, 99};
  reasoning.steps[2].probability = nothing;
  reasoning.states[3].probability = {nothing, nothing, nothing, Provenance::kAssumed};
  reasoning.states[4].probability.value = std::numeric_limits<double>::infinity();
  reasoning.loop.push_back(nowhere);
  reasoning.loop_gain = nothing;
  reasoning.ways.push_back({nowhere, nothing, nothing, {nowhere, 0}});
  reasoning.cuts[0].goal = nowhere;
  reasoning.leakage[0].bits_per_second = nothing;
  reasoning.leakage[0].cut[0].uses_per_second = std::numeric_limits<double>::infinity();
  reasoning.defense->loss.value = nothing;
  reasoning.defense->deploy[0].loss_after = nothing;
  reasoning.defense->open[0].steps.push_back(nowhere);
  return reasoning;
}

}  // namespace ringfort::sample
