#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacks/budget.h"
#include "attacks/text_view.h"
#include "attacks/word_proposals.h"
#include "base/result.h"
#include "engines/model.h"

// Sees each text once for all membership attacks: one call of Score for the texts and
// all that is derived from them (lower case, behind the prefix, neighbors), so that the
// engine may batch them as it likes.

namespace ringfort::attacks {

struct ObserverOptions {
  ViewNeeds needs{};
  std::string prefix{};                      // for `conditioned`: texts that are surely no members
  std::uint32_t neighbors = 25;              // for `neighbors`: how many a text
  std::uint32_t changed_words = 1;           // and words changed in each
  const WordProposals* proposals = nullptr;  // and where they come from; outlives the call
  engines::Model* reference = nullptr;       // for `reference`; outlives the call
  std::uint64_t seed = 1;                    // a text's neighbors depend on it and on the text alone
};

// One view a text, in order. Takes from the budget one query for each text that the
// target scores; those of the reference model are free. Hand over as many texts at once
// as may be lost together: an error loses all.
//
// A text whose prefixed form is cut by the context has no `conditioned`; one without
// words no `neighbors`. Errors: kInvalidInput where a need has no prefix, proposals or
// reference; kLimitExceeded before anything is asked that the budget does not hold; the
// model's own.
Result<std::vector<TextView>> ObserveTexts(engines::Model& target, std::span<const std::string> texts,
                                           const ObserverOptions& options, Budget& budget);

// The score of the last `bytes` bytes of a longer text: its tokens from the end, as
// many as lie wholly within them. Nothing if the end was cut off.
std::optional<engines::TextScore> ScoreOfEnd(const engines::TextScore& whole, std::size_t bytes);

}  // namespace ringfort::attacks
