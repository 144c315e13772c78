#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "defenses/defense.h"
#include "engines/checkpoint/gguf_checkpoint.h"

// SafeLoRA: after somebody tuned an adapter on data of theirs, keep of it what lies in the directions
// that alignment once moved the weights in.
//
// For each matrix, V = W_aligned - W_base (out x in) is what alignment changed, C = V V^T / |V| spans
// its directions, and the adapter's change is dW = B A. Where cos(C dW, dW), taken over all numbers
// of the matrix, is at most `threshold`, B becomes C B; else the adapter stays.
//
//   V = [2 0; 0 0], B A = [0 0; 1 0]: C = [2 0; 0 0], C dW = 0, cosine 0: all of it goes
//   V = [2 0; 0 0], B A = [1 0; 0 0]: C dW = 2 dW, cosine 1: it stays
//
// Limits: needs the weights from before alignment, which the owner of a model has and others seldom
// do; adapters only. C is no projection: it weighs directions by how far alignment went in them (as
// published). What alignment did not move cannot be told from harm.
//
// C.-Y. Hsu et al., "Safe LoRA", NeurIPS 2024, arXiv:2405.16833: threshold 0.35.

namespace ringfort::defenses::data_to_model {

struct SafeLoraReport {
  std::size_t matrices = 0;  // of the adapter
  std::size_t changed = 0;   // whose factor was replaced
  double least_cosine = 1;   // over all of them
};

using Weights = std::map<std::string, engines::WeightTensor>;

// Changes the adapter. A matrix that alignment did not move has no direction: its change is set to
// zero. Errors (kInvalidInput): a threshold outside [-1, 1], a matrix that either model lacks or that is
// of another size there, a factor without its other half, a rank of zero.
Result<SafeLoraReport> ProjectAdapter(engines::AdapterCheckpoint& adapter, const Weights& aligned, const Weights& base,
                                      double threshold);

DefenseEntry SafeLora();

}  // namespace ringfort::defenses::data_to_model
