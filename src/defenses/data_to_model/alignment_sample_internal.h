#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.h"
#include "engines/checkpoint/checkpoint_sample_internal.h"
#include "engines/torch/network.h"
#include "engines/torch/torch_library.h"

// What the tests of defenses that work before anybody tunes are tried on.

namespace ringfort::defenses::data_to_model {

// Of 9 tokens each, drawn.
inline std::vector<engines::TrainingText> Texts(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<engines::TrainingText> texts(count);
  for (engines::TrainingText& text : texts) {
    text.tokens.push_back(1);
    for (int i = 0; i < 8; ++i) text.tokens.push_back(static_cast<engines::Token>(3 + random.Below(250)));
  }
  return texts;
}

// A small network; none without libtorch.
inline std::unique_ptr<engines::Network> SampleNetwork() {
  auto made = engines::LoadTorchNetwork(engines::SampleCheckpoint("llama"));
  return made.ok() ? std::move(made).value() : nullptr;
}

}  // namespace ringfort::defenses::data_to_model
