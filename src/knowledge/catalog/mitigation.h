#pragma once

#include <string>
#include <vector>

#include "knowledge/catalog/prior.h"
#include "knowledge/catalog/vocabulary.h"

namespace ringfort::knowledge {

// What a mitigation takes, on scales of our own from 0 (nothing) to 5 (prohibitive).
// Assumed, all of them: a target's owner may state better ones.
struct MitigationCost {
  double effort = 0;   // money and work to put up and keep
  double latency = 0;  // added to each answer
  double utility = 0;  // lost on honest use
  std::string note{};
};

// What still gets through: the chance that an attack which would have succeeded
// succeeds all the same, against attackers who do not know the mitigation and
// against those who adapt to it. Kept apart, for the two differ most.
struct Mitigation {
  std::string id{};  // `mitigation.rate_limit`
  std::string title{};
  std::string summary{};
  MitigationLevel level = MitigationLevel::kData;
  StatedBy level_by = StatedBy::kOurs;  // whether the published matrix holds it there
  std::vector<Verb> verbs{};
  std::vector<std::string> atlas{};     // `AML.M0004`
  std::vector<std::string> families{};  // Family::id it answers
  std::vector<ChannelComponent> channel{};
  MitigationCost cost{};
  Prior residual{};
  Prior residual_adaptive{};
  std::string evidence{};  // what is known of its effect, and what is not
  std::vector<std::string> references{};
};

}  // namespace ringfort::knowledge
