#pragma once

#include <string>
#include <vector>

#include "domain/assessment.h"
#include "report/reasoning_index_internal.h"
#include "report/rule_index_internal.h"

namespace ringfort {

// One assessment's reasoning and what the parts of a page that show it look up in it.
struct ReasoningPage {
  const Assessment& assessment;
  const Reasoning& reasoning;
  const RuleIndex& rules;
  ReasoningIndex index;
  std::vector<std::vector<std::size_t>> shown;  // see StatesShown
};

inline constexpr std::size_t kMostStateCards = 600;

// `chat: query` as a link to its card, or as text if it has none.
std::string StateLink(const Reasoning& reasoning, std::size_t state);

// All states of all assets: how probable, by which steps, what follows, and the findings
// that show it. Closed at first; the script shows single cards beside the graph.
std::string StateCards(const ReasoningPage& page);

// What a finding means on the graph, one sentence for each state it shows; empty if none.
std::string FindingOnGraph(const ReasoningPage& page, std::size_t finding);

// What a step is: its title, its chance, its ground, how often it was tried here.
std::string StepLine(const ReasonedStep& step);

}  // namespace ringfort
