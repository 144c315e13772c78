#include "engines/scripted/byte_language.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace ringfort::engines {
namespace {

constexpr std::uint64_t kFourTokens = (std::uint64_t{1} << 36) - 1;

std::uint64_t Followed(std::uint64_t last_four, Token token) {
  return ((last_four << 9) | static_cast<std::uint64_t>(token)) & kFourTokens;
}

// Mean 0 and the given deviation; near enough to normal.
float Draw(Random& random, double deviation) {
  return static_cast<float>((random.Uniform() + random.Uniform() + random.Uniform() - 1.5) * 2 * deviation);
}

std::vector<float> DrawMany(Random& random, std::size_t count, double deviation) {
  std::vector<float> drawn(count);
  for (float& value : drawn) value = Draw(random, deviation);
  return drawn;
}

float Readiness(Token token) {
  if (token == ByteLanguage::kBegin) return -40;
  if (token == ByteLanguage::kEnd) return -2;
  return token == '\n' || (token >= ' ' && token <= '~') ? 0.0F : -20.0F;
}

}  // namespace

ByteLanguage::ByteLanguage(const ByteLanguageShape& shape)
    : dimension_(std::max(2U, shape.hidden_dimension)),
      layers_(std::max(1U, shape.layers)),
      memory_strength_(shape.memory_strength) {
  Random random(shape.seed);
  const double narrow = 1 / std::sqrt(static_cast<double>(dimension_));
  embedding_ = DrawMany(random, std::size_t{kVocabulary} * dimension_, 1);
  now_ = DrawMany(random, std::size_t{layers_} * dimension_ * dimension_, narrow);
  before_ = DrawMany(random, std::size_t{layers_} * dimension_ * dimension_, narrow);
  output_ = DrawMany(random, std::size_t{kVocabulary} * dimension_, 1.2 * narrow);
  for (Token token = 0; token < static_cast<Token>(kVocabulary); ++token) {
    const std::size_t row = static_cast<std::size_t>(token) * dimension_;
    embedding_[row] = 1;
    output_[row] = Readiness(token);
  }
  for (const std::string& text : shape.memorized) {
    std::uint64_t before = 0;
    for (int i = 0; i < 4; ++i) before = Followed(before, kBegin);
    for (const char byte : text) {
      const Token token = static_cast<unsigned char>(byte);
      ++memory_[before][token];
      before = Followed(before, token);
    }
    ++memory_[before][kEnd];
  }
}

std::uint64_t ByteLanguage::parameters() const {
  return embedding_.size() + now_.size() + before_.size() + output_.size();
}

ByteLanguage::Reader::Reader(const ByteLanguage& language)
    : language_(language),
      faded_(std::size_t{language.layers_} * language.dimension_),
      streams_(faded_.size()),
      x_(language.dimension_),
      step_(language.dimension_),
      logits_(kVocabulary) {
  for (int i = 0; i < 3; ++i) last_four_ = Followed(last_four_, kBegin);
  Read(kBegin);
}

void ByteLanguage::Reader::Read(Token token) {
  const std::size_t dimension = language_.dimension_;
  const float* const row = language_.embedding_.data() + static_cast<std::size_t>(token) * dimension;
  std::copy(row, row + dimension, x_.begin());
  for (std::size_t layer = 0; layer < language_.layers_; ++layer) {
    const float* const now = language_.now_.data() + layer * dimension * dimension;
    const float* const before = language_.before_.data() + layer * dimension * dimension;
    float* const faded = faded_.data() + layer * dimension;
    for (std::size_t i = 1; i < dimension; ++i) {
      float sum = 0;
      for (std::size_t j = 0; j < dimension; ++j) {
        sum += now[i * dimension + j] * x_[j] + before[i * dimension + j] * faded[j];
      }
      step_[i] = std::tanh(sum);
    }
    for (std::size_t i = 0; i < dimension; ++i) faded[i] = faded[i] / 2 + x_[i];
    for (std::size_t i = 1; i < dimension; ++i) x_[i] += step_[i];
    std::copy(x_.begin(), x_.end(), streams_.begin() + static_cast<std::ptrdiff_t>(layer * dimension));
  }
  for (std::size_t out = 0; out < kVocabulary; ++out) {
    const float* const weights = language_.output_.data() + out * dimension;
    float sum = 0;
    for (std::size_t j = 0; j < dimension; ++j) sum += weights[j] * x_[j];
    logits_[out] = sum;
  }
  last_four_ = Followed(last_four_, token);
  if (const auto known = language_.memory_.find(last_four_); known != language_.memory_.end()) {
    for (const auto& [next, times] : known->second) {
      logits_[static_cast<std::size_t>(next)] +=
          static_cast<float>(language_.memory_strength_ * (1 + std::log2(static_cast<double>(times))));
    }
  }
}

}  // namespace ringfort::engines
