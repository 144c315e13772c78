#pragma once

#include "attacks/attack.h"
#include "attacks/dense_algebra.h"

// Equation solving: a softmax layer from its answers.
//
// A classifier that is linear up to the softmax tells for an input x, of class i against a
// reference class r:
//
//   log p_i(x) - log p_r(x) = (w_i - w_r) . x + (b_i - b_r)
//
// One equation a question, linear in the unknown. d + 1 questions with independent (x, 1)
// give the layer exactly, up to what no answer shows: a shift common to all classes.
//
//   d = 1, two classes: p(1 | x=0) = 1/2, p(1 | x=1) = 0.7311  ->  b = 0, w = 1
//
// Works on numbers at hand; no language model is asked (of one, the hidden states are not
// the attacker's to choose). Limits: answers rounded to r digits leave an error of 10^-r
// times the condition number of the questions, which is what rounding defends with.
//
// F. Tramer et al., "Stealing Machine Learning Models via Prediction APIs", USENIX
// Security 2016, arXiv:1609.02943.

namespace ringfort::attacks::model_to_model {

// `inputs` n x d, `log_probabilities` n x classes. The answer is classes x (d + 1): weights
// and, last, the bias of each class less those of the last class, whose row is 0. Errors
// (kInvalidInput): other numbers of rows, fewer than d + 1 of them, fewer than 2 classes, a
// number that is not finite.
Result<DenseMatrix> SolveSoftmaxLayer(const DenseMatrix& inputs, const DenseMatrix& log_probabilities);

AttackEntry EquationSolving();

}  // namespace ringfort::attacks::model_to_model
