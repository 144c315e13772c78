#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/torch_library.h"

// A small network that has learned some token sequences by heart, for tests of unlearning.
// Null where this build lacks libtorch.

namespace ringfort::defenses::model_to_data {

using Sequences = std::vector<std::vector<engines::Token>>;

inline Sequences RandomSequences(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  Sequences sequences(count);
  for (auto& sequence : sequences) {
    sequence.push_back(1);
    for (int i = 0; i < 12; ++i) sequence.push_back(static_cast<engines::Token>(3 + random.Below(250)));
  }
  return sequences;
}

inline std::unique_ptr<engines::Network> NetworkThatKnows(const Sequences& sequences) {
  auto made = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
  if (!made.ok()) return nullptr;
  std::vector<engines::TrainingText> texts;
  for (const auto& sequence : sequences) texts.push_back({.tokens = sequence});
  for (int step = 0; step < 80; ++step)
    if (!made.value()->Train(texts, {.learning_rate = 5e-3}).ok()) return nullptr;
  return std::move(made).value();
}

}  // namespace ringfort::defenses::model_to_data
