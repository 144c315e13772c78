#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

// What travels around the loop between data and models. An attack takes some kinds and
// yields one; two attacks compose where what the first yields serves as what the second
// takes.

namespace ringfort::chain {

enum class AssetKind : std::uint8_t {
  kAnswers,   // a model that can be asked
  kWeights,   // a model whose weights are at hand; it can be asked, too
  kTexts,     // texts to train on or to look into
  kRequests,  // what a model is to be brought to say: a request and the answer that would be a success
  kPrompts,   // the same requests, each rewritten by an attacker
  kNothing,   // of a last link that only looks
};

inline constexpr std::array<std::string_view, 6> kAssetKindNames = {"answers",  "weights", "texts",
                                                                    "requests", "prompts", "nothing"};
// As a sentence says it.
inline constexpr std::array<std::string_view, 6> kAssetKindPhrases = {
    "a model that answers", "a model's weights", "texts", "requests", "rewritten prompts", "nothing"};

constexpr std::string_view Name(AssetKind kind) { return kAssetKindNames[static_cast<std::size_t>(kind)]; }
constexpr std::string_view Phrase(AssetKind kind) { return kAssetKindPhrases[static_cast<std::size_t>(kind)]; }

constexpr std::optional<AssetKind> AssetKindFromName(std::string_view name) {
  for (std::size_t i = 0; i < kAssetKindNames.size(); ++i)
    if (kAssetKindNames[i] == name) return static_cast<AssetKind>(i);
  return std::nullopt;
}

// Whether `given` may stand where `wanted` is asked for: the same kind, or weights where
// answers are enough. Nothing serves nowhere.
constexpr bool Serves(AssetKind given, AssetKind wanted) {
  if (given == AssetKind::kNothing) return false;
  return given == wanted || (given == AssetKind::kWeights && wanted == AssetKind::kAnswers);
}

constexpr bool IsModel(AssetKind kind) { return kind == AssetKind::kAnswers || kind == AssetKind::kWeights; }

}  // namespace ringfort::chain
