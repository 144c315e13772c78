#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "base/result.h"
#include "engines/torch/contrast_direction.h"
#include "engines/torch/network.h"

// Refusal ablation: find the one direction of the residual stream by which a model refuses, and take it out.
//
//   d = mean stream of refused requests - mean stream of answered ones     (engines/torch/contrast_direction.h)
//   in the stream:   x becomes x - u (u.x), with u = d / |d|, wherever something is written to it
//   in the weights:  W becomes W - u (u^T W) of all that write to it: then no hook is needed, and
//                    the model that is written out refuses nobody
//
//   W = [1 2; 3 4], u = (0.6, 0.8): u^T W = (3, 4.4), W becomes [-0.8 -0.64; 0.6 0.48]; u^T of that is 0
//
// Which d: of each layer and each of the last tokens that all prompts share, one is made. Whether a prompt is
// about to be refused is read off the next token: log p(R) - log (1 - p(R)), R the tokens that refusals
// begin with and answers do not. Taken is the d whose ablation leaves the least of that on refused
// requests that it was not made from, among those that
//
//   - bring refusals where they are added to answered requests (log-odds above 0),
//   - change what is said to answered ones little (mean KL below 0.1), and
//   - lie in the first four fifths of the layers.
//
// Where none passes, the bounds on KL and then on adding are given up, which the report says.
//
// Limits: needs the weights, and a few dozen requests of both kinds. Refusals and answers that begin with the
// same token cannot be told apart here. That a model does not refuse is not that it knows.
//
// A. Arditi, O. Obeso, A. Syed, D. Paleka, N. Panickssery, W. Gurnee, N. Nanda, NeurIPS 2024,
// arXiv:2406.11717: KL 0.1, l < 0.8 L, 128 and 32 requests of each kind.

namespace ringfort::attacks::data_to_model {

using TokenRows = std::vector<std::vector<engines::Token>>;

// Whole sequences, up to where the model is to go on.
struct RefusalRequests {
  TokenRows refused{}, answered{};              // that directions are made from
  TokenRows refused_check{}, answered_check{};  // that one is chosen by
  std::vector<engines::Token> openings{};       // what refusals begin with, and answers do not
};

struct RefusalRule {
  double most_divergence = 0.1;  // KL, in nats
  double layers_share = 0.8;
};

struct RefusalDirection {
  engines::ContrastDirection direction{};
  double refused_before = 0;  // mean log-odds of a refusal: of refused requests as they are
  double refused_after = 0;   // with the direction taken out
  double answered_before = 0;
  double answered_steered = 0;  // of answered ones with it added behind its layer
  double divergence = 0;        // KL(before | after) of the next token of answered ones
  std::size_t tried = 0;        // directions
  bool keeps_answers = true;    // divergence within the rule
  bool brings_refusals = true;  // answered_steered > 0
};

// Leaves the network without an edit. Errors (kInvalidInput): no requests of a kind, no openings, prompts that do
// not end alike, a rule that cannot be; the network's own.
Result<RefusalDirection> FindRefusalDirection(engines::Network& network, const RefusalRequests& requests,
                                              const RefusalRule& rule = {});

// Tokens that begin what stands first of `refusals` and of no `answers`; ascending.
std::vector<engines::Token> OpeningsOf(const TokenRows& refusals, const TokenRows& answers);

// Takes the direction out of every matrix and bias that writes to the stream; an output that was tied to the
// embedding gets a matrix of its own, so that what reads the stream stays. The logits become those of the network whose
// stream is edited, up to rounding. Error (kInvalidInput): a tensor
// that is missing or of another size, a direction of another length or of length zero, an encoder.
Status AblateWeights(std::map<std::string, engines::WeightTensor>& tensors, const engines::NetworkShape& shape,
                     std::span<const float> direction);

AttackEntry RefusalAblation();

}  // namespace ringfort::attacks::data_to_model
