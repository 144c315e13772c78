#include "defenses/changed_numbers.h"

#include <bit>
#include <string_view>

namespace ringfort::defenses {
namespace {

// FNV-1a over what was asked, up to and including the token that the number is of.
class Key {
 public:
  explicit Key(std::uint64_t seed) : hash_(0xCBF29CE484222325 ^ seed) {}

  Key& Add(std::string_view bytes) {
    for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return Add(bytes.size());
  }
  Key& Add(std::uint64_t number) {
    for (int i = 0; i < 8; ++i, number >>= 8) hash_ = (hash_ ^ (number & 0xFF)) * 0x100000001B3;
    return *this;
  }
  // Each purpose at a place has a key of its own.
  std::uint64_t For(std::uint64_t purpose) const { return Key(*this).Add(purpose).hash_; }

 private:
  std::uint64_t hash_;
};

}  // namespace

Result<std::vector<engines::TextScore>> ChangedNumbers::Score(std::span<const std::string> texts, bool moments) {
  TRY(scores, inner().Score(texts, moments));
  for (engines::TextScore& score : scores) {
    Key key(seed_);
    for (engines::TokenScore& token : score.tokens) {
      key.Add(token.text).Add(static_cast<std::uint64_t>(token.token));
      token.log_probability = change_(token.log_probability, key.For(0));
      if (token.expected_log_probability)
        token.expected_log_probability = change_(*token.expected_log_probability, key.For(1));
      if (token.log_probability_variance)
        token.log_probability_variance = change_(*token.log_probability_variance, key.For(2));
    }
  }
  return scores;
}

Result<engines::Matrix> ChangedNumbers::Logits(std::span<const engines::Token> tokens) {
  TRY(logits, inner().Logits(tokens));
  Key key(seed_);
  for (std::size_t row = 0; row < logits.rows; ++row) {
    key.Add(static_cast<std::uint64_t>(tokens[row]));
    for (std::size_t column = 0; column < logits.columns; ++column) {
      float& value = logits.values[row * logits.columns + column];
      value = static_cast<float>(change_(static_cast<double>(value), key.For(3 + column)));
    }
  }
  return logits;
}

Result<engines::Generation> ChangedNumbers::Generate(const engines::GenerateRequest& request) {
  TRY(generation, inner().Generate(request));
  Key key(seed_);
  key.Add(request.prompt);
  for (const engines::ChatMessage& message : request.messages) key.Add(message.role).Add(message.content);
  // Another bias is another question: or the noise of one would cancel in two answers.
  for (const engines::LogitBias& bias : request.logit_bias)
    key.Add(static_cast<std::uint64_t>(bias.token)).Add(std::bit_cast<std::uint64_t>(bias.bias));
  for (engines::GeneratedToken& token : generation.tokens) {
    key.Add(token.text);
    // A token among the alternatives and the token itself show one number.
    token.log_probability = change_(token.log_probability, key.For(static_cast<std::uint64_t>(token.token)));
    for (engines::Alternative& alternative : token.alternatives)
      alternative.log_probability =
          change_(alternative.log_probability, key.For(static_cast<std::uint64_t>(alternative.token)));
  }
  return generation;
}

}  // namespace ringfort::defenses
