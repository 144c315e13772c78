#include "engines/checkpoint/fresh_checkpoint.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "base/random.h"

namespace ringfort::engines {

Result<Checkpoint> FreshCheckpoint(NetworkShape shape, TokenVocabulary vocabulary, std::uint64_t seed) {
  if (shape.architecture != "llama") return Error{Fault::kUnsupported, "models are trained from nothing as llama only"};
  Checkpoint checkpoint;
  shape.vocabulary = vocabulary.size();
  if (shape.rotated == 0) shape.rotated = shape.head_width();
  checkpoint.shape = shape;
  checkpoint.vocabulary = std::move(vocabulary);
  TRY_STATUS(CheckShape(shape));
  // A training takes four times the weights.
  double parameters = 0;
  for (const auto& [name, sides] : TensorsOf(shape, true)) {
    double count = 1;
    for (const std::uint64_t side : sides) count *= static_cast<double>(side);
    parameters += count;
  }
  if (parameters > kMostFreshParameters)
    return Error{Fault::kLimitExceeded, fmt::format("{:.0f} parameters are more than the {:.0f} that are trained here; "
                                                    "take a smaller width or fewer layers",
                                                    parameters, kMostFreshParameters)};
  Random random(seed);
  for (const auto& [name, sides] : TensorsOf(shape, true)) {
    WeightTensor& tensor = checkpoint.tensors[name];
    tensor.shape = sides;
    std::uint64_t count = 1;
    for (const std::uint64_t side : sides) count *= side;
    if (sides.size() == 1) {
      tensor.values.assign(count, 1.0F);
      continue;
    }
    const bool writes = name.ends_with("attn_output.weight") || name.ends_with("ffn_down.weight");
    const double deviation = writes ? 0.02 / std::sqrt(2.0 * shape.layers) : 0.02;
    tensor.values.reserve(count);
    while (tensor.values.size() < count) {
      const double radius = std::sqrt(-2 * std::log(1 - random.Uniform()));
      tensor.values.push_back(
          static_cast<float>(deviation * radius * std::cos(2 * std::numbers::pi * random.Uniform())));
    }
  }
  TRY_STATUS(CheckCheckpoint(checkpoint));
  return checkpoint;
}

}  // namespace ringfort::engines
