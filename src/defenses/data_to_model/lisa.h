#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/torch/network.h"

// Lisa: tune in two states. Steps on alignment data and steps on the customer's data take turns, and
// each state is drawn back towards where the other one ended, so that tuning cannot run away from
// alignment.
//
//   loss of a state = its data's loss + (rho / 2) |weights - weights where the other state ended|^2
//
// The pull is laid on at the end of each state: k steps of the learning rate eta against rho alone leave
// the share (1 - eta rho)^k of the way, which is what is kept here of what the state has moved. (In
// the paper each step pulls. Taken at once, the optimizer keeps its moments within a state; ours.)
//
//   eta 0.01, rho 1, k = 100: 0.366 of the way is kept; rho 0: all of it
//
// Limits: whoever tunes must run it, and must have alignment data. A pull that is strong enough to hold
// harm back holds the task back as well: both are to be measured.
//
// T. Huang et al., "Lisa", NeurIPS 2024, arXiv:2405.18641: 100 and 900 steps, rho 1.

namespace ringfort::defenses::data_to_model {

struct LisaRule {
  std::uint32_t rounds = 10;  // of both states
  std::uint32_t alignment_steps = 2;
  std::uint32_t task_steps = 18;
  std::uint32_t batch = 16;
  double learning_rate = 1e-3;
  double pull = 1;  // rho
  std::uint64_t seed = 1;
};

struct LisaReport {
  std::uint64_t steps = 0;
  double kept_alignment = 1;  // share of the way, of each state
  double kept_task = 1;
};

// Weights between two of the same names and shapes: `kept` of the way from `from` to `to`. Error
// (kInvalidInput): they are not alike.
Result<std::map<std::string, engines::WeightTensor>> PartOfTheWay(
    const std::map<std::string, engines::WeightTensor>& from, const std::map<std::string, engines::WeightTensor>& to,
    double kept);

// Changes the network, not an adapter. Errors (kInvalidInput): no data of either kind, a rule that
// cannot be; the network's own. Deterministic.
Result<LisaReport> TuneWithLisa(engines::Network& network, std::span<const engines::TrainingText> alignment,
                                std::span<const engines::TrainingText> task, const LisaRule& rule);

DefenseEntry Lisa();

}  // namespace ringfort::defenses::data_to_model
