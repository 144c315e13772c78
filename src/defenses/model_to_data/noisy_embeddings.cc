#include "defenses/model_to_data/noisy_embeddings.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/random.h"
#include "defenses/wrapped_model.h"

namespace ringfort::defenses::model_to_data {
namespace {

using engines::Ability;

constexpr SettingCard kSettings[] = {
    {"deviation", 0.5, 0, 100, "of the noise, in root mean squares of the vector"},
    {"step", 0, 0, 100, "that numbers are rounded to, in root mean squares; 0: not rounded"}};

constexpr DefenseCard kCard{
    .name = "noisy_embeddings",
    .version = "1",
    .axis = Axis::kModelToData,
    .goal = "Blur embeddings so that texts cannot be read back from them",
    .mitigation = "mitigation.embedding_noise",
    .reference = "arXiv:2310.06816",
    .settings = kSettings,
};

std::uint64_t KeyOf(std::uint64_t seed, std::string_view text) {
  return std::stoull(Sha256Hex(AsBytes(std::to_string(seed) + ' ' + std::string(text))).substr(0, 16), nullptr, 16);
}

class BlurredModel final : public WrappedModel {
 public:
  BlurredModel(engines::Model& model, double deviation, double step, std::uint64_t seed)
      : WrappedModel(model), deviation_(deviation), step_(step), seed_(seed) {}

  engines::Abilities Gives() const override { return inner().Gives().Without({Ability::kHiddenStates}); }

  Result<engines::Matrix> Embed(std::span<const std::string> texts) override {
    TRY(vectors, inner().Embed(texts));
    for (std::size_t row = 0; row < vectors.rows; ++row)
      BlurVector(std::span(vectors.values).subspan(row * vectors.columns, vectors.columns), deviation_, step_,
                 KeyOf(seed_, texts[row]));
    return vectors;
  }

  Result<std::vector<engines::Matrix>> HiddenStates(std::span<const engines::Token>) override {
    return Error{Fault::kUnsupported, "hidden states are not given: they would tell what the embeddings hide"};
  }

 private:
  double deviation_;
  double step_;
  std::uint64_t seed_;
};

}  // namespace

void BlurVector(std::span<float> vector, double deviation, double step, std::uint64_t key) {
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  const double size = std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, vector.size())));
  Random random(key);
  for (float& value : vector) {
    double blurred = value;
    if (deviation > 0) {
      const double radius = std::sqrt(-2 * std::log(1 - random.Uniform()));
      blurred += deviation * size * radius * std::cos(2 * std::numbers::pi * random.Uniform());
    }
    const double grid = step * size;
    if (grid > 0) blurred = std::round(blurred / grid) * grid;
    value = static_cast<float>(blurred);
  }
}

DefenseEntry NoisyEmbeddings() {
  return {
      kCard,
      [](engines::Model& inner, const Settings& settings, const Material& material) -> std::unique_ptr<engines::Model> {
        return std::make_unique<BlurredModel>(inner, settings["deviation"], settings["step"], material.seed);
      }};
}

}  // namespace ringfort::defenses::model_to_data
