#pragma once

#include "attacks/attack.h"
#include "attacks/dense_algebra.h"

// The adapter from the difference: what was a model taught after its base?
//
// Many a model is a public base with a LoRA adapter merged in: W' = W + B A, with B of
// few columns. Whoever has both weights subtracts them; the singular values of the
// difference end behind the adapter's rank, and U sqrt(S), sqrt(S) V^T are an adapter that
// does the same as the secret one.
//
//   W = ((1,0) (0,1)), W' = ((1,2) (0,1)):  difference ((0,2) (0,0)), singular values 2, 0
//   rank 1, B = (sqrt 2, 0)^T, A = (0, sqrt 2)
//
// Works on weights at hand; no model is asked. Limits: weights saved in half precision
// leave noise of full rank of about 1e-3 of their size: raise `tolerance`. A difference of
// full rank is a fine-tuning of all weights, not an adapter.
//
// The idea is plain algebra on E. Hu et al., "LoRA", ICLR 2022, arXiv:2106.09685; as an
// attack it is ours.

namespace ringfort::attacks::model_to_model {

struct StolenAdapter {
  std::size_t rank = 0;  // 0: the weights are the same
  bool low_rank = true;  // at most half of what the shape allows
  DenseMatrix up{};      // B, rows x rank
  DenseMatrix down{};    // A, rank x columns
  double rest = 0;       // share of the difference's size that B A does not hold
};

// Singular values above `tolerance` of the largest count. Errors (kInvalidInput): shapes
// that differ, those of Decompose, a tolerance outside (0, 1).
Result<StolenAdapter> StealAdapter(const DenseMatrix& base, const DenseMatrix& tuned, double tolerance = 1e-5);

AttackEntry AdapterDifference();

}  // namespace ringfort::attacks::model_to_model
