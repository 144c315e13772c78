#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "defenses/defense.h"
#include "defenses/model_to_data/gradient_ascent.h"
#include "engines/torch/network.h"

// Unlearning by a task vector: learn what is to be forgotten even better, see where the
// weights went, and go the other way.
//
//   vector = weights after learning the forgotten texts - weights before
//   weights = weights before - scale * vector
//
//   one weight: 0.50 before, 0.58 after, scale 1      0.42
//
// Limits: a walk in a straight line; of a model that the forgotten texts changed little it
// takes other abilities along. Verified as gradient_ascent.h says.
//
// G. Ilharco et al., "Editing Models with Task Arithmetic", ICLR 2023, arXiv:2212.04089.

namespace ringfort::defenses::model_to_data {

// before - scale * (after - before), tensor by tensor. Error (kInvalidInput): other names or
// shapes in the two.
Result<std::map<std::string, engines::WeightTensor>> Negate(const std::map<std::string, engines::WeightTensor>& before,
                                                            const std::map<std::string, engines::WeightTensor>& after,
                                                            double scale);

struct TaskVectorRule {
  std::uint32_t epochs = 3;  // over the forgotten texts
  std::uint32_t batch = 16;
  double learning_rate = 1e-3;
  double scale = 1;
};

// Changes the network. The retained texts are only looked at, for the report. Errors
// (kInvalidInput): no texts to forget, a rule that cannot be; the network's own.
Result<UnlearningReport> UnlearnByTaskVector(engines::Network& network,
                                             std::span<const std::vector<engines::Token>> forget,
                                             std::span<const std::vector<engines::Token>> retain,
                                             const TaskVectorRule& rule);

DefenseEntry TaskVector();

}  // namespace ringfort::defenses::model_to_data
