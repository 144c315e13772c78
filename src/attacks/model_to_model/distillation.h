#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "attacks/budget.h"
#include "engines/checkpoint/checkpoint.h"

// Distillation: buy answers, and train a copy on them.
//
// The thief has prompts of its own and no weights. It asks the target to go on from each, and
// trains a small model on prompts and answers. How good the copy is, is told as its
// fidelity: how often it goes on from unseen prompts as the target does, right or wrong.
//
//   budget   0: trained on the thief's own prompts alone; what needs no target
//   budget 100: the same number of texts, 100 of them with the target's answers
//
//   target says "the sea at night"    copy says "the sea by day"    first word agrees, answer not,
//   8 of the 14 characters of the shorter one before the first that differs: 0.57
//
// The vocabulary is learned from prompts and answers, since the target's is not the thief's.
// Answers are drawn at temperature 1: each tells more of the target's distribution than its
// likeliest words would. Fidelity is taken greedily on both sides.
//
// Limits: hard answers only, no log-probabilities; the copy's shape is the caller's guess.
// A curve that is flat from budget 0 on says that prompts alone give it away.
//
// T. Orekondy et al., "Knockoff Nets", CVPR 2019, arXiv:1812.02766; of texts: E. Wallace et al.,
// EMNLP 2020, arXiv:2004.15015. Fidelity: arXiv:1909.01838. Budget 0 as the baseline is ours.

namespace ringfort::attacks::model_to_model {

struct DistillationRule {
  std::vector<std::uint32_t> budgets = {0, 100, 400};  // queries; at most as many as prompts
  std::uint32_t answer_tokens = 32;                    // asked for, of the target's
  std::uint32_t prompt_bytes = 40;                     // of each text, up to a word; the rest is not used
  std::uint32_t vocabulary = 512;
  engines::NetworkShape shape{
      .width = 64, .layers = 2, .heads = 4, .key_heads = 4, .feed_forward = 160, .context = 128};
  std::uint32_t epochs = 10;
  std::uint32_t batch = 16;
  double learning_rate = 3e-3;
  std::uint32_t wash_every = 0;     // of the answers' words one in so many is replaced; 0: none (washed_distillation.h)
  std::uint32_t probe_tokens = 16;  // of the copy's and of the target's, compared up to the shorter one
  std::uint64_t seed = 1;
};

// One copy. Shares are over the probes.
struct Copy {
  std::uint32_t queries = 0;
  double first_word = 0;  // share of answers whose first word is the target's
  double same = 0;        // share of answers that are the target's, as far as the shorter goes
  double prefix = 0;      // mean share of characters before the first that differs
  double loss = 0;        // nats a token of the copy on the target's answers to the probes
};

struct DistillationReport {
  std::vector<Copy> copies{};      // one a budget, ascending
  engines::Checkpoint checkpoint;  // of the last one
};

// The first `bytes` of a text, up to a word; all of a shorter one.
std::string PromptOf(std::string_view text, std::size_t bytes);

// How one answer is like another: 1 if either begins with the other, else the share of the
// shorter one's characters before the first that differs. 0 if one is empty and the other not.
double SharedPrefix(std::string_view one, std::string_view other);

// Asks the target each prompt once, up to the largest budget, and each probe once; trains a
// copy a budget. Errors (kInvalidInput): no prompts or probes, a rule that cannot be;
// kLimitExceeded when the budget is spent; kUnsupported without libtorch; the target's own.
Result<DistillationReport> Distill(engines::Model& target, std::span<const std::string> prompts,
                                   std::span<const std::string> probes, const DistillationRule& rule, Budget& budget);

AttackEntry Distillation();

}  // namespace ringfort::attacks::model_to_model
