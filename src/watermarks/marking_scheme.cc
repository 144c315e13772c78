#include "watermarks/marking_scheme.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace ringfort::watermarks {
namespace {

constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
constexpr float kNever = -std::numeric_limits<float>::infinity();

// SplitMix64's last step: every bit of the input moves every bit of the output.
constexpr std::uint64_t Mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
  return value ^ (value >> 31);
}

std::uint64_t Number(Token token) { return static_cast<std::uint32_t>(token); }

// In [0, 1), 53 bits.
double Uniform(std::uint64_t draw) { return static_cast<double>(draw >> 11) * 0x1p-53; }

class GreenList : public MarkingScheme {
 public:
  using MarkingScheme::MarkingScheme;
  double Score(std::uint64_t draw) const final { return Uniform(draw) < rule().green ? 1 : 0; }

 protected:
  void Raise(float& logit, std::uint64_t draw) const {
    if (Score(draw) > 0) logit += static_cast<float>(rule().bias);
  }
};

// Also unigram, whose context is empty.
class LeftHash final : public GreenList {
 public:
  using GreenList::GreenList;
  void Mark(std::span<const Token> before, std::span<float> logits) const override {
    const std::uint64_t context = Context(before);
    for (std::size_t v = 0; v < logits.size(); ++v) Raise(logits[v], Mix(context + kGolden + v));
  }
  std::uint64_t Draw(std::span<const Token> before, Token token) const override {
    return Mix(Context(before) + kGolden + Number(token));
  }
};

class SelfHash final : public GreenList {
 public:
  using GreenList::GreenList;
  void Mark(std::span<const Token> before, std::span<float> logits) const override {
    for (std::size_t v = 0; v < logits.size(); ++v) Raise(logits[v], Draw(before, static_cast<Token>(v)));
  }
  std::uint64_t Draw(std::span<const Token> before, Token token) const override {
    const std::uint64_t own = Mix(seed() + Number(token) * kGolden);
    std::uint64_t least = Mix(own + Number(token));
    for (const Token other : before.last(context())) least = std::min(least, Mix(own + Number(other)));
    return Mix(least + kGolden);  // the least of some draws is small; its hash is uniform again
  }
};

class Gumbel final : public MarkingScheme {
 public:
  using MarkingScheme::MarkingScheme;
  // The largest r^(1/p) is the largest ln(r) / p.
  void Mark(std::span<const Token> before, std::span<float> logits) const override {
    const std::uint64_t context = Context(before);
    std::size_t chosen = logits.size();
    double best = 0;
    for (std::size_t v = 0; v < logits.size(); ++v) {
      if (!(logits[v] > kNever)) continue;
      const double r = std::max(Uniform(Mix(context + kGolden + v)), 0x1p-54);
      const double value = std::log(r) / std::exp(static_cast<double>(logits[v]));
      if (chosen == logits.size() || value > best) {
        chosen = v;
        best = value;
      }
    }
    if (chosen == logits.size()) return;
    std::fill(logits.begin(), logits.end(), kNever);
    logits[chosen] = 0;
  }
  std::uint64_t Draw(std::span<const Token> before, Token token) const override {
    return Mix(Context(before) + kGolden + Number(token));
  }
  double Score(std::uint64_t draw) const override { return -std::log1p(-Uniform(draw)); }
};

class Tournament final : public MarkingScheme {
 public:
  using MarkingScheme::MarkingScheme;
  void Mark(std::span<const Token> before, std::span<float> logits) const override {
    const std::uint64_t context = Context(before);
    struct Player {
      std::size_t token = 0;
      std::uint64_t bits = 0;
      double share = 0;
    };
    std::vector<Player> players;
    double total = 0;
    for (std::size_t v = 0; v < logits.size(); ++v)
      if (logits[v] > kNever) {
        players.push_back({v, Mix(context + kGolden + v), std::exp(static_cast<double>(logits[v]))});
        total += players.back().share;
      }
    if (players.empty() || !(total > 0) || !std::isfinite(total)) return;
    for (Player& player : players) player.share /= total;
    for (std::uint32_t layer = 0; layer < rule().layers; ++layer) {
      double ones = 0;
      for (const Player& player : players)
        if (((player.bits >> layer) & 1) != 0) ones += player.share;
      for (Player& player : players) player.share *= 1 + static_cast<double>((player.bits >> layer) & 1) - ones;
    }
    for (const Player& player : players)
      logits[player.token] = player.share > 0 ? static_cast<float>(std::log(player.share)) : kNever;
  }
  std::uint64_t Draw(std::span<const Token> before, Token token) const override {
    return Mix(Context(before) + kGolden + Number(token));
  }
  double Score(std::uint64_t draw) const override {
    const std::uint64_t kept = rule().layers >= 64 ? draw : draw & ((std::uint64_t{1} << rule().layers) - 1);
    return std::popcount(kept);
  }
};

}  // namespace

std::optional<SchemeKind> SchemeKindFromName(std::string_view name) {
  for (std::size_t i = 0; i < kSchemeNames.size(); ++i)
    if (kSchemeNames[i] == name) return static_cast<SchemeKind>(i);
  return std::nullopt;
}

std::uint32_t UsualWidth(SchemeKind kind) {
  switch (kind) {
    case SchemeKind::kLeftHash: return 1;
    case SchemeKind::kUnigram: return 0;
    default: return 4;
  }
}

MarkingScheme::MarkingScheme(const SchemeRule& rule, std::uint32_t context)
    : rule_(rule), context_(context), seed_(Mix(rule.key + kGolden)) {}

std::uint64_t MarkingScheme::Context(std::span<const Token> before) const {
  std::uint64_t state = seed_;
  for (const Token token : before.last(context_)) state = Mix(state + Number(token));
  return state;
}

Result<std::unique_ptr<const MarkingScheme>> MarkingScheme::Make(const SchemeRule& rule) {
  if (!(rule.green > 0 && rule.green < 1))
    return Error{Fault::kInvalidInput, fmt::format("a green share of {} is not between 0 and 1", rule.green)};
  if (!(rule.bias >= 0 && rule.bias <= 100))
    return Error{Fault::kInvalidInput, fmt::format("a bias of {} is not in 0 to 100", rule.bias)};
  const bool unigram = rule.kind == SchemeKind::kUnigram;
  if (unigram ? rule.width != 0 : rule.width < 1 || rule.width > kMostWidth)
    return Error{Fault::kInvalidInput, unigram
                                           ? fmt::format("unigram has no context: a width of 0, not {}", rule.width)
                                           : fmt::format("a width of {} is not in 1 to {}", rule.width, kMostWidth)};
  if (rule.kind == SchemeKind::kTournament && (rule.layers < 1 || rule.layers > kMostLayers))
    return Error{Fault::kInvalidInput, fmt::format("{} layers are not in 1 to {}", rule.layers, kMostLayers)};
  using Made = std::unique_ptr<const MarkingScheme>;
  switch (rule.kind) {
    case SchemeKind::kLeftHash:
    case SchemeKind::kUnigram: return Made(new LeftHash(rule, rule.width));
    case SchemeKind::kSelfHash: return Made(new SelfHash(rule, rule.width - 1));
    case SchemeKind::kGumbel: return Made(new Gumbel(rule, rule.width));
    case SchemeKind::kTournament: return Made(new Tournament(rule, rule.width));
  }
  return Error{Fault::kInternal, "a marking scheme without a name"};
}

}  // namespace ringfort::watermarks
