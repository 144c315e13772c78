#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/random.h"
#include "engines/torch/network.h"

namespace ringfort::defenses::data_to_model {

// Goes through texts in shuffled rounds. REQUIRES: the texts outlive it.
class TextBatches {
 public:
  TextBatches(std::span<const engines::TrainingText> texts, std::uint32_t batch, std::uint64_t seed)
      : texts_(texts), batch_(batch), random_(seed) {}

  std::vector<engines::TrainingText> Next() {
    std::vector<engines::TrainingText> batch;
    for (std::uint32_t i = 0; i < batch_ && i < texts_.size(); ++i) {
      if (order_.empty()) Shuffle();
      batch.push_back(texts_[order_.back()]);
      order_.pop_back();
    }
    return batch;
  }

 private:
  void Shuffle() {
    for (std::size_t i = 0; i < texts_.size(); ++i) order_.push_back(i);
    for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random_.Below(i)]);
  }

  std::span<const engines::TrainingText> texts_;
  std::uint32_t batch_;
  Random random_;
  std::vector<std::size_t> order_{};
};

}  // namespace ringfort::defenses::data_to_model
