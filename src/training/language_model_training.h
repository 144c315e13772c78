#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"
#include "engines/torch/network.h"

// Trains a language model from nothing, or further: each epoch reads every sequence once,
// in a new order, in batches; the learning rate rises over the first twentieth of the steps
// and falls along a cosine to a tenth of itself (I. Loshchilov, F. Hutter, 2017, arXiv
// 1608.03983).
//
// Two defenses work here. Early stop: after `patience` epochs without a better loss on held-out
// sequences the training ends, with the weights of the best epoch. Private training (DP-SGD:
// M. Abadi et al., 2016, arXiv 1607.00133): each step draws every sequence with the
// probability batch / sequences, cuts each one's gradient and adds the noise that keeps
// `epsilon` over all steps by the accountant of defenses/dp_accountant.h. What is private is
// one sequence: a text that stands in the set k times has k of them.
//
// Deterministic for the same network, sequences, rule and machine, with one thread.

namespace ringfort::training {

struct TrainingPlan {
  std::uint32_t epochs = 20;
  std::uint32_t batch = 16;
  double learning_rate = 2e-3;
  double weight_decay = 0;
  std::uint32_t patience = 0;  // 0: all epochs
  double epsilon = 0;          // 0: not private
  double delta = 1e-5;
  double private_clip = 1;
  std::uint64_t seed = 1;
};

struct Epoch {
  double loss = 0;                        // mean over the learned tokens, while it was read
  std::optional<double> held_out_loss{};  // after it; none without held-out sequences
};

struct TrainingReport {
  std::vector<Epoch> epochs{};
  std::size_t best_epoch = 0;  // whose weights the network has now, from 0; the last one without patience
  std::uint64_t steps = 0;
  std::uint64_t tokens = 0;  // learned, over all epochs
  double noise = 0;          // of private training: the multiplier
  double epsilon = 0;        // spent, at the plan's delta; 0: not private
  bool stopped = false;      // by the progress
};

// Errors (kInvalidInput): no sequence, a sequence of fewer than two tokens or longer than the
// context, no epochs or batch, an epsilon that no noise keeps; a training that diverged.
// The progress is shown steps.
Result<TrainingReport> TrainLanguageModel(engines::Network& network,
                                          std::span<const std::vector<engines::Token>> sequences,
                                          std::span<const std::vector<engines::Token>> held_out,
                                          const TrainingPlan& plan, Progress* progress = nullptr);

}  // namespace ringfort::training
