#pragma once

#include <string>
#include <vector>

#include "domain/axis.h"

namespace ringfort::knowledge {

// A stage of a model's life, and its names elsewhere.
struct Stage {
  std::string id{};  // `stage.fine_tuning`
  std::string title{};
  std::string summary{};
  LifecycleStage domain = LifecycleStage::kTraining;  // the coarse stage of domain/axis.h
  std::vector<std::string> ttp_graph{};               // of the 9 + 1 stages of arXiv 2512.23132's graph
  std::vector<std::string> matrix{};                  // of the 7 columns of its tactic matrix
  std::vector<std::string> macro{};                   // of its 5 macro phases
  std::vector<std::string> cosai{};                   // of CoSAI's 8
};

}  // namespace ringfort::knowledge
