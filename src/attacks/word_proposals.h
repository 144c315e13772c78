#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

// Texts like a given one: a word here and there replaced by another that fits between
// its neighbors. A word v between p and n is drawn in proportion to
//
//   (c(p, v) + u(v)) * (c(v, n) + u(v)) / u(v)
//
// with c the number of times two words follow each other in the background texts and
// u(v) the share of v among all words. Candidates are the words seen behind p, before n,
// and the 32 most frequent; never the word that stands there, without regard to case. A
// replaced word keeps the punctuation around it and the case of its first letter.
//
// Ours, in place of the masked language model of arXiv:2305.18462: no weights, no second
// engine, the same on every machine. The texts in which words are counted should be of
// the kind that is attacked and must not tell members from others.

namespace ringfort::attacks {

class WordProposals {
 public:
  explicit WordProposals(std::span<const std::string> background);

  // Up to `count` different neighbors of `text`, none equal to it, each with `changes`
  // words replaced (or as many as there are); fewer if the words do not give so many.
  // The same seed gives the same texts. O(count * words + candidates).
  std::vector<std::string> Neighbors(std::string_view text, std::size_t count, std::size_t changes,
                                     std::uint64_t seed) const;

  // `text` with every `every`-th of the words that begin behind the first `from` bytes replaced,
  // the `every`-th first; where no word fits one stays. REQUIRES: every > 0.
  std::string ReplaceEvery(std::string_view text, std::size_t from, std::size_t every, std::uint64_t seed) const;

 private:
  using Counts = std::map<std::string, double, std::less<>>;
  struct Choice {
    std::vector<const std::string*> words{};
    std::vector<double> weights{};  // running sums
  };

  static std::string Drawn(const Choice& choice, bool upper, Random& random);
  Choice ChoiceFor(std::string_view before, std::string_view word, std::string_view after) const;

  Counts share_;                                          // u
  std::map<std::string, Counts, std::less<>> followers_;  // c(p, .) by p
  std::map<std::string, Counts, std::less<>> leaders_;    // c(., n) by n
  std::vector<std::string> frequent_;
};

}  // namespace ringfort::attacks
