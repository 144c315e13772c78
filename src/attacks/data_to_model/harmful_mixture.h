#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "attacks/attack.h"
#include "attacks/data_to_model/backdoor_poisoning.h"
#include "base/result.h"

// Harmful fine-tuning: what is sent in to be tuned on holds, among the pairs of an honest task, some
// that answer what the model was taught to refuse. A few dozen undo much of its refusals, also
// of requests that are in none of them.
//
//   count 1000, rate 0.1:  900 pairs of the task, 100 harmful ones, shuffled
//   rate 0:                the task alone, which is the benign drift that everything is compared with
//
// Where there are fewer pairs of a kind than are wanted, they come again, each as often as any other up to
// one. Whether the tuned model answers is measured on requests that no pair holds.
//
// X. Qi et al., "Fine-tuning Aligned Language Models Compromises Safety", ICLR 2024, arXiv:2310.03693; the
// mixture rate as in T. Huang et al., 2024, arXiv:2405.18641.

namespace ringfort::attacks::data_to_model {

struct MixedPairs {
  std::vector<PromptAnswer> pairs{};
  std::vector<std::size_t> harmful{};  // which of them, ascending
};

// Errors (kInvalidInput): a rate outside [0, 1], a count of zero, no pairs of a kind that is wanted.
Result<MixedPairs> MixPairs(std::span<const PromptAnswer> task, std::span<const PromptAnswer> harmful,
                            std::size_t count, double rate, std::uint64_t seed);

AttackEntry HarmfulMixture();

}  // namespace ringfort::attacks::data_to_model
