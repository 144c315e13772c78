#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/interview.h"

// Search for a few pieces of text behind a request that make a model likelier to begin its answer with
// agreement. All that is asked is the log-probability of an opening.

namespace ringfort::attacks {

// Where the suffix stands in a request: at `{}` if the request has it, else behind it and a blank.
std::string WithSuffix(std::string_view request, std::string_view suffix);

// The log-probability that the answer to `prompt` begins with `opening`, in nats:
//
//   - of all of the opening, where the target takes plain text and tells scores (one question);
//   - of its first token, where it chats or tells alternatives only: the likeliest of 20 alternatives
//     that the opening begins with; where none is among them, the least of the 20, which is an upper
//     bound (one question).
//
// Errors: the target's own; kInvalidInput where prompt and opening do not fit its context.
Result<double> OpeningLogProbability(Interview& interview, const std::string& prompt, std::string_view opening);

struct SuffixSearchSettings {
  std::size_t steps = 200;
  std::size_t pieces = 25;
  std::size_t change = 4;  // neighboring pieces changed at once, at first; one in the last quarter
  bool climbs = true;      // false: each step draws a fresh suffix, which is what climbing is compared with
  std::string_view between = "";
  std::uint64_t seed = 1;
};

struct FoundSuffix {
  std::string suffix{};
  double before = 0;  // log-probability without a suffix
  double after = 0;   // with the best
  BudgetCurve curve{};
};

// Keeps a change where the log-probability rises and `admits`, if there is one, admits the prompt: asked
// before the target is. REQUIRES: `alphabet` is not empty.
Result<FoundSuffix> SearchSuffix(Interview& interview, const std::string& request, std::string_view opening,
                                 const std::vector<std::string>& alphabet, const SuffixSearchSettings& settings,
                                 const std::function<Result<bool>(const std::string& prompt)>& admits = {});

}  // namespace ringfort::attacks
