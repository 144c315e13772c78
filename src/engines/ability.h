#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

// What an engine can give and what an attack may need. An attack that needs more than
// its target gives is skipped, with the names of what lacks.

namespace ringfort::engines {

enum class Ability : std::uint8_t {
  kTokens,           // Tokenize, Detokenize: the model's own token numbers
  kScores,           // Score: log-probability of each token of a given text
  kMoments,          // Score with the moments of each next-token distribution
  kLogits,           // Logits: the whole row before softmax
  kTopAlternatives,  // Generate with the likeliest alternatives of each token
  kLogitBias,        // Generate with a bias on chosen tokens
  kGenerate,         // Generate from a text
  kChat,             // Generate from messages, by the model's own chat template
  kEmbeddings,       // Embed
  kHiddenStates,     // HiddenStates: the residual stream after each layer
  kAdapters,         // UseAdapter: LoRA on the fly
  kInputGradients,   // gradients with respect to the input embeddings
  kTraining,         // the weights can be trained further
  kWeights,          // the weights can be read
};

inline constexpr std::array<std::string_view, 14> kAbilityNames = {
    "tokens", "scores",     "moments",       "logits",   "top_alternatives", "logit_bias", "generate",
    "chat",   "embeddings", "hidden_states", "adapters", "input_gradients",  "training",   "weights"};

constexpr std::string_view Name(Ability ability) { return kAbilityNames[static_cast<std::size_t>(ability)]; }

// A set of abilities; a value.
class Abilities {
 public:
  constexpr Abilities() = default;
  constexpr Abilities(std::initializer_list<Ability> abilities) {
    for (const Ability ability : abilities) bits_ |= Bit(ability);
  }

  constexpr bool Has(Ability ability) const { return (bits_ & Bit(ability)) != 0; }
  constexpr bool Has(Abilities all) const { return (all.bits_ & ~bits_) == 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr Abilities Without(Abilities others) const { return FromBits(bits_ & ~others.bits_); }
  constexpr Abilities With(Abilities others) const { return FromBits(bits_ | others.bits_); }

  // "scores, logits"; empty for none.
  std::string Names() const {
    std::string names;
    for (std::size_t i = 0; i < kAbilityNames.size(); ++i) {
      if (!Has(static_cast<Ability>(i))) continue;
      if (!names.empty()) names += ", ";
      names += kAbilityNames[i];
    }
    return names;
  }

  friend constexpr bool operator==(Abilities, Abilities) = default;

 private:
  static constexpr std::uint32_t Bit(Ability ability) { return std::uint32_t{1} << static_cast<std::uint8_t>(ability); }
  static constexpr Abilities FromBits(std::uint32_t bits) {
    Abilities abilities;
    abilities.bits_ = bits;
    return abilities;
  }

  std::uint32_t bits_ = 0;
};

}  // namespace ringfort::engines
