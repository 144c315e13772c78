#pragma once

#include <span>
#include <vector>

#include "attacks/attack.h"

// Logits from the few alternatives that an API shows, by logit bias.
//
// An API tells the k likeliest tokens with their log-probabilities, and takes a bias on
// chosen tokens. Bias a reference token and k - 1 others by the same large B: they are the
// k likeliest now, and what they show differs by their logits alone:
//
//   log p(i) - log p(reference) = (z_i + B) - (z_ref + B) = z_i - z_ref
//
// k - 1 tokens a question, the whole row in V / (k - 1) questions. The sum over all tokens,
// which a log-probability hides in, cancels. From the rows the hidden dimension follows as
// in hidden_dimension.h.
//
//   z = (3, 1, 0), reference 0, k = 2, B = 50:  bias 0 and 1: log p = -0.127, -2.127
//                                               difference -2 = 1 - 3
//
// Sample: `text` and `candidates` are prompts, one row each. Score: the dimension found
// from `columns` tokens of each row; 0 if no cliff was. Needs generation with alternatives
// and logit bias. Limits: of the paper's ways the one for top-k with k >= 2; engines in
// single precision leave errors of about 1e-6.
//
// N. Carlini et al., ICML 2024, arXiv:2403.06634; biasing the reference too is ours (the
// paper lets it stand, and subtracts B).

namespace ringfort::attacks::model_to_model {

// z_i - z_reference of each of `tokens` after `prompt`. `reference` is 0 in it if asked for.
// Errors: kUnsupported where the engine tells no token numbers; kUnavailable if a biased
// token is not among the alternatives even at the largest bias; the budget's; the model's.
Result<std::vector<double>> RecoverLogits(engines::Model& target, const std::string& prompt,
                                          std::span<const engines::Token> tokens, engines::Token reference,
                                          std::uint32_t alternatives, double bias, Budget& budget);

AttackEntry LogitBiasRecovery();

}  // namespace ringfort::attacks::model_to_model
