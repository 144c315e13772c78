#pragma once

#include "attacks/attack.h"
#include "attacks/dense_algebra.h"

// The hidden dimension from logits: how wide is the model inside?
//
// Logits are the output layer W (vocabulary x h) times a hidden state of h numbers. So
// rows of logits, however many, span h dimensions and no more: stack more than h of them,
// and the singular values fall off a cliff behind the h-th.
//
//   h = 2:  hidden (1,0) (0,1) (1,1), W = ((1,0) (0,1) (1,1))
//   logits  (1,0,1) (0,1,1) (1,1,2)         singular values 3, 1, 0: dimension 2
//
// With U, S, V of that decomposition, V_h S_h is W itself up to an h x h matrix: the last
// layer is stolen up to a choice of coordinates.
//
// The attack asks for logits behind random tokens and doubles the number of rows until the
// cliff lies well inside (at most three quarters of the rows), or `rows`, or twice the
// vocabulary, is reached. Its
// score is the dimension found; 0 if no cliff was. It is on the model as such: `text` is not
// used. Needs logits. Its curve: how many dimensions so many rows show (singular values
// above the middle of the cliff), which rises with the rows and then stays at h.
// Limits: a LayerNorm without bias before W loses one dimension, a bias of the output adds
// one. Where the vocabulary is larger than `rows`, only so many of its tokens, drawn at
// random, are looked at: the rank is the same. Time O(rows^3), memory rows^2.
//
// N. Carlini et al., "Stealing Part of a Production Language Model", ICML 2024,
// arXiv:2403.06634.

namespace ringfort::attacks::model_to_model {

// The output layer up to an h x h matrix: one row a column of `logits`, `dimension` columns.
// Errors: those of Decompose; a dimension larger than the logits can show.
Result<DenseMatrix> StolenOutputLayer(const DenseMatrix& logits, std::size_t dimension);

// How far a stolen layer is from the true one, once the best matrix is found that turns
// one into the other: root of the mean squared difference over that of the true entries.
Result<double> AlignmentError(const DenseMatrix& stolen, const DenseMatrix& truth);

AttackEntry HiddenDimension();

}  // namespace ringfort::attacks::model_to_model
