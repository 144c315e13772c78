#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "attacks/dense_algebra.h"

// Logits from echoed log-probabilities: logit_bias_recovery for one who gets no bias.
//
// An API that refuses logit biases (`logit_bias_denial`) may still tell how likely each token
// of a given text was. Then no bias is needed to see an unlikely token: it is written behind
// the prompt, and its log-probability is read:
//
//   "The cat sat" + " on"     log p(" on" | ...)  = -0.3
//   "The cat sat" + " xylem"  log p(" xylem" ...) = -14.1     difference z = -13.8
//
// A row of logits less one of them costs as many questions as tokens are looked at, and any
// tokens will do. From the rows the hidden dimension follows as in hidden_dimension.h.
//
// Sample: `text` and `candidates` are texts whose first `prompt_bytes` bytes are prompts, one row
// each; equal prompts count once. Tokens that are not whole characters, or that melt into the end of
// a prompt when the text is cut into tokens, are passed over. Score: the dimension found from twice
// as many tokens as rows, 0 if no cliff was. Needs scores and tokens. Limits: alternatives - 1
// times as many questions as with a bias; engines in single precision leave errors of 1e-6.
//
// The dimension: N. Carlini et al., "Stealing Part of a Production Language Model", ICML
// 2024, arXiv:2403.06634, who have logits from biases; echoes in their place are ours.

namespace ringfort::attacks::model_to_model {

// log p(token) - log p(reference) of each of `tokens` behind each prompt, prompts x tokens. Errors: the budget's; the
// model's; kInvalidInput if a token melts into a prompt after all.
Result<DenseMatrix> EchoedLogits(engines::Model& target, std::span<const std::string> prompts,
                                 std::span<const engines::Token> tokens, engines::Token reference, Budget& budget);

AttackEntry EchoRecovery();

}  // namespace ringfort::attacks::model_to_model
