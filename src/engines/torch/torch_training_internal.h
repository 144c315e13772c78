#pragma once

#include <ATen/ATen.h>

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engines/torch/network.h"
#include "engines/torch/torch_network_internal.h"

// Gradients of weights, and what is done with them. Part of the module: nothing outside it sees this.

namespace ringfort::engines {

// What a step moves, in one fixed order.
using Movables = std::vector<std::pair<std::string, at::Tensor>>;

// Of the mean loss over the learned tokens of all texts, one a movable. `perturbation`: as in TrainingRule.
// Sets the report's loss.
std::vector<at::Tensor> Gradients(const PassWeights& weights, const Movables& movables,
                                  std::span<const TrainingText> texts, double perturbation, StepReport& report);

// The noisy mean of private training.
std::vector<at::Tensor> PrivateGradients(const PassWeights& weights, const Movables& movables,
                                         std::span<const TrainingText> texts, const TrainingRule& rule,
                                         StepReport& report);

double NormOf(std::span<const at::Tensor> gradients);

class AdamW {
 public:
  // `cut` times the gradients.
  void Move(const Movables& movables, std::span<const at::Tensor> gradients, double cut, const TrainingRule& rule);
  void Forget() { moments_.clear(), steps_ = 0; }

 private:
  struct Moments {
    at::Tensor first, second;
  };
  std::map<std::string, Moments> moments_;
  int steps_ = 0;
};

}  // namespace ringfort::engines
