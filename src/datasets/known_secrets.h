#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

// A training set whose secrets are known, so that what a privacy attack says of a model
// trained on it can be checked against the truth.
//
// Texts of one source are shuffled and dealt: members, texts that are repeated, and
// held-out texts, all of one distribution. Added are sentences that stand nowhere else:
//
//   canaries  "The seal on crate 18 reads 407."  a number drawn from a space, planted so many
//             times (N. Carlini et al., 2019, arXiv 1802.08232); some are never planted
//   persons   "Orvel Tandrick of Mirefold answers at 555-0142."  made-up people, towns and
//             numbers, each sentence with the same number of copies as a canary
//
// All of it follows from the source, the shape and the seed. Nobody in it exists: names are
// put together from syllables, towns likewise, telephone numbers are the 555-01xx that are
// kept for fiction.

namespace ringfort::datasets {

struct SecretsShape {
  std::size_t members = 600;
  std::size_t held_out = 600;
  std::vector<std::uint32_t> copies = {2, 4, 8, 16, 32};   // of texts that stand in the set more than once
  std::size_t texts_a_count = 24;                          // of each of these
  std::vector<std::uint32_t> planted = {0, 1, 4, 16, 64};  // copies of canaries and persons
  std::size_t canaries_a_count = 4;
  std::size_t persons_a_count = 4;
  std::uint32_t space = 1000;    // secrets that a canary could hold, 10 to 100,000
  std::size_t least_bytes = 80;  // of a text of the source; shorter ones are left out
  std::size_t most_bytes = 280;  // longer ones are cut at a word
  std::uint64_t seed = 1;
};

// A text of the set and how often it stands in it.
struct KnownText {
  std::string id{};  // "member-17"
  std::string text{};
  std::uint32_t copies = 0;
};

struct Canary {
  KnownText known{};
  std::vector<std::string> others{};  // the same sentence with each other secret of the space
};

struct Person {
  KnownText known{};
  std::string name{}, town{}, telephone{};
  std::vector<std::string> other_towns{};  // the same sentence with each other town
};

struct KnownSecrets {
  std::vector<KnownText> members{};   // once each
  std::vector<KnownText> repeated{};  // members, too
  std::vector<KnownText> held_out{};  // no copies
  std::vector<Canary> canaries{};
  std::vector<Person> persons{};

  // Everything that is trained on, each text as often as it stands in the set, in the
  // order of the lists above.
  std::vector<std::string> TrainingTexts() const;
};

// `texts`: of the source, in order; of equal ones the first is taken. Errors
// (kInvalidInput): a shape that cannot be, fewer texts than it asks for (the sentence tells
// how many there are).
Result<KnownSecrets> DealSecrets(std::span<const std::string> texts, const SecretsShape& shape);

}  // namespace ringfort::datasets
