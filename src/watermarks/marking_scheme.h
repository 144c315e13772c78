#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"

// How a secret key changes which token comes next, so that who has the key finds it in the
// text. Pure functions: the same key, tokens and logits give the same on every machine.
//
// A token behind its context has a number of 64 bits, its *draw*, a hash of the key and of
// both. Without the key the draws of different (context, token) are independent and
// uniform; that is all that detection (mark_evidence.h) stands on.
//
//   name        context of a draw           what is done to the next token
//   left_hash   the `width` tokens before   green ones, a share `green` of all, gain `bias` nats
//   self_hash   one of the last `width`     the same; the context is the one, of the token itself and
//               tokens                      the width - 1 before it, whose hash with the token is least
//   unigram     none                        the same list of green ones everywhere
//   gumbel      the `width` tokens before   of the shares p and the draws r in (0, 1) the largest
//                                           r^(1/p) comes, and no other
//   tournament  the `width` tokens before   each of `layers` bits g of the draw in turn:
//                                           p <- p (1 + g - sum of g p)
//
// The last two keep the distribution: over all keys each token comes as often as without a mark.
// They choose among what temperature, top_k and top_p left, and a context that came before in the
// same text is left alone, since its draws would be the same again. At temperature 0 they do nothing.
//
//   tournament, p = (0.5, 0.3, 0.2), first bits (1, 0, 1): sum of g p = 0.7,
//   p <- (0.5 * 1.3, 0.3 * 0.3, 0.2 * 1.3) = (0.65, 0.09, 0.26), again together 1
//   gumbel, p = (0.5, 0.5), r = (0.6, 0.9): 0.36 and 0.81, the second comes
//
// Sources: left_hash J. Kirchenbauer et al., ICML 2023, arXiv:2301.10226; self_hash J.
// Kirchenbauer et al., ICLR 2024, arXiv:2306.04634; unigram X. Zhao et al., ICLR 2024,
// arXiv:2306.17439; gumbel S. Aaronson, 2022, as described in R. Kuditipudi et al., TMLR 2024,
// arXiv:2307.15593 (whose shifted key sequence and edit distance are not here); tournament S.
// Dathathri et al., "SynthID-Text", Nature 634, 2024, with two leaves. Ours: that each token is
// green by a hash of its own instead of a permutation of the vocabulary, which makes counts
// exactly binomial; all hash functions; and self_hash over the whole vocabulary.

namespace ringfort::watermarks {

using Token = std::int32_t;  // as engines/model.h has it

enum class SchemeKind : std::uint8_t { kLeftHash, kSelfHash, kUnigram, kGumbel, kTournament };
inline constexpr std::array<std::string_view, 5> kSchemeNames = {"left_hash", "self_hash", "unigram", "gumbel",
                                                                 "tournament"};
constexpr std::string_view Name(SchemeKind kind) { return kSchemeNames[static_cast<std::size_t>(kind)]; }
std::optional<SchemeKind> SchemeKindFromName(std::string_view name);

inline constexpr std::uint32_t kMostWidth = 16;
inline constexpr std::uint32_t kMostLayers = 64;

// As published: 1 token for left_hash, 4 for self_hash, gumbel and tournament, none for unigram.
std::uint32_t UsualWidth(SchemeKind kind);

struct SchemeRule {
  SchemeKind kind = SchemeKind::kLeftHash;
  std::uint64_t key = 15485863;
  double green = 0.25;  // gamma, in (0, 1); of the first three
  double bias = 2;      // delta, nats, 0 to 100; of the first three
  std::uint32_t width = 1;
  std::uint32_t layers = 30;  // of tournament
};

class MarkingScheme {
 public:
  virtual ~MarkingScheme() = default;
  MarkingScheme(const MarkingScheme&) = delete;
  MarkingScheme& operator=(const MarkingScheme&) = delete;

  // Error (kInvalidInput): a number outside its bounds.
  static Result<std::unique_ptr<const MarkingScheme>> Make(const SchemeRule& rule);

  const SchemeRule& rule() const { return rule_; }
  // How many tokens have to stand before one that is marked.
  std::uint32_t context() const { return context_; }
  // Adds to logits whatever the temperature; else chooses among shares.
  bool adds_to_logits() const { return rule_.kind <= SchemeKind::kUnigram; }

  // Changes the logits of what follows `before`; where adds_to_logits() does not hold these are
  // logarithms of shares, minus infinity for what cannot come, and what cannot come stays so.
  // REQUIRES: before.size() >= context().
  virtual void Mark(std::span<const Token> before, std::span<float> logits) const = 0;

  // REQUIRES: before.size() >= context().
  virtual std::uint64_t Draw(std::span<const Token> before, Token token) const = 0;
  // A number for the context alone: equal ones have equal draws. As above.
  std::uint64_t Context(std::span<const Token> before) const;

  // What a draw tells: 1 for green, else 0; -ln(1 - r); how many of the bits are 1.
  virtual double Score(std::uint64_t draw) const = 0;

 protected:
  MarkingScheme(const SchemeRule& rule, std::uint32_t context);

  std::uint64_t seed() const { return seed_; }

 private:
  SchemeRule rule_;
  std::uint32_t context_;
  std::uint64_t seed_;  // the key, mixed
};

}  // namespace ringfort::watermarks
