#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "attacks/attack.h"
#include "engines/model.h"

// Green-list forgery: learn a mark from marked texts, then put it on one's own text, or keep it off.
//
// Who may ask a marked service, and has texts like its own that nobody marked, counts which tokens come
// behind which. Behind a context that both know,
//
//   r = share of the token among marked texts / share among plain ones
//   favor = min(r, 2) / 2 if r >= 1, else 0;  1 if no plain text has it, but `least` marked ones
//
//   behind "dog": "ran" 12 of 20 marked, 5 of 25 plain: r = 0.6 / 0.2 = 3, favor 1
//                 "sat"  3 of 20 marked, 9 of 25 plain: r = 0.42,          favor 0
//
// An editor adds strength * favor to the logits of the attacker's own model: with a positive strength
// its answers carry the owner's mark, and the owner is blamed for them; with a negative one what it
// writes avoids the mark (a remover that knows of it, with span_rewriting.h).
//
// Contexts are the last `width` tokens in their order, and nothing (0) for a unigram list. The
// self-hash has no fixed context and is not learned by this; Gumbel and tournament marks neither.
//
// Limits: the same tokens as the service; a vocabulary so large that few contexts repeat needs
// more texts: the source has 30,000 answers of 800 tokens for width 3. Plain texts that are unlike the
// service's show differences that are no mark.
//
// N. Jovanovic, R. Staab, M. Vechev, "Watermark Stealing in Large Language Models", ICML 2024,
// arXiv:2402.19361, with full contexts only (theirs also join shorter ones).

namespace ringfort::attacks::data_to_data {

class LearnedGreenList {
 public:
  struct Rule {
    std::uint32_t width = 1;
    std::uint32_t least = 2;  // marked occurrences that a favor needs
  };

  LearnedGreenList(std::span<const std::vector<engines::Token>> marked,
                   std::span<const std::vector<engines::Token>> plain, const Rule& rule);

  // In [0, 1]; 0 for what was not seen. REQUIRES nothing of `before`: too short a one favors nothing.
  double Favor(std::span<const engines::Token> before, engines::Token token) const;
  // Adds strength * favor.
  void Raise(std::span<const engines::Token> before, std::span<float> logits, double strength) const;

  std::size_t contexts() const { return favors_.size(); }
  // (context, token) that are favored at all.
  std::size_t favored() const;

 private:
  using Context = std::vector<engines::Token>;

  Rule rule_;
  std::map<Context, std::map<engines::Token, double>> favors_{};
};

// Puts the learned list on what a model says. REQUIRES: `list` outlives it.
class ForgingEditor final : public engines::LogitsEditor {
 public:
  ForgingEditor(const LearnedGreenList& list, double strength) : list_(list), strength_(strength) {}
  void Edit(std::span<const engines::Token> before, std::span<float> logits) override {
    list_.Raise(before, logits, strength_);
  }

 private:
  const LearnedGreenList& list_;
  double strength_;
};

AttackEntry GreenListForgery();

}  // namespace ringfort::attacks::data_to_data
