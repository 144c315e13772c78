#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engines/model.h"

// A language model so small that it is made up on the spot: 256 bytes, a begin and an
// end, and weights drawn from a seed. It has what real ones have (layers, a residual
// stream, logits of the rank of the hidden dimension, texts that it knows by heart),
// so that an attack can be tested in a millisecond against a truth that is known.
//
//   s_t = s_(t-1) / 2 + x_t                      what came before, fading
//   x_t <- x_t + tanh(A x_t + B s_(t-1))         once a layer; the residual stream
//   logits = U x_t                               rank: the hidden dimension
//
// Coordinate 0 of the stream is the constant 1; its weights in U keep bytes that are no
// printable ASCII unlikely (20 nats), so that what is drawn is text.
//
// A memorized text adds to the logit of each of its bytes, where the four tokens before
// stand as in the text, memory_strength * (1 + log2(number of times it was given)). This
// adds to the rank. Ours; not a published model.

namespace ringfort::engines {

struct ByteLanguageShape {
  std::uint64_t seed = 1;
  std::uint32_t hidden_dimension = 16;  // at least 2
  std::uint32_t layers = 2;
  std::vector<std::string> memorized{};
  double memory_strength = 12;  // nats
};

class ByteLanguage {
 public:
  static constexpr Token kBegin = 256;
  static constexpr Token kEnd = 257;
  static constexpr std::uint32_t kVocabulary = 258;

  explicit ByteLanguage(const ByteLanguageShape& shape);

  std::uint32_t hidden_dimension() const { return dimension_; }
  std::uint32_t layers() const { return layers_; }
  std::uint64_t parameters() const;

  // Reads tokens one by one.
  class Reader {
   public:
    // Has read the begin token. REQUIRES: `language` outlives it.
    explicit Reader(const ByteLanguage& language);

    // REQUIRES: 0 <= token < kVocabulary.
    void Read(Token token);

    // After what was read: kVocabulary logits; the stream after layer `layer`.
    std::span<const float> logits() const { return logits_; }
    std::span<const float> stream(std::uint32_t layer) const {
      return std::span(streams_).subspan(std::size_t{layer} * language_.dimension_, language_.dimension_);
    }

   private:
    const ByteLanguage& language_;
    std::vector<float> faded_;    // s of each layer
    std::vector<float> streams_;  // x after each layer
    std::vector<float> x_;
    std::vector<float> step_;
    std::vector<float> logits_;
    std::uint64_t last_four_ = 0;
  };

 private:
  std::uint32_t dimension_;
  std::uint32_t layers_;
  double memory_strength_;
  std::vector<float> embedding_;  // kVocabulary x dimension
  std::vector<float> now_;        // A of each layer
  std::vector<float> before_;     // B of each layer
  std::vector<float> output_;     // U, kVocabulary x dimension
  std::unordered_map<std::uint64_t, std::unordered_map<Token, std::uint32_t>> memory_;
};

}  // namespace ringfort::engines
