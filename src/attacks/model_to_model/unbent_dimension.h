#pragma once

#include <span>
#include <vector>

#include "attacks/attack.h"

// The hidden dimension behind bent answers: hidden_dimension for one who knows of prediction
// poisoning.
//
// The defense (`prediction_poisoning`) tells y' = (1 - w) y + w z in place of y, where z is
// uniform over the likeliest token and the k least likely ones. Logarithms of a mixture are of
// full rank, so that the singular values show no cliff. But the mixture adds one and the same
// number c = w / (k + 1) to those k + 1 tokens, and it can be taken off again:
//
//   told     (0.55, 0.15, 0.30)      y = (0.6, 0.3, 0.1), z = (1/2, 0, 1/2), w = 1/2
//   c = 0.25 is taken from the first and the last:  (0.30, 0.15, 0.05) = (1 - w) y
//   the factor 1 - w is a shift of all logarithms of the row, and counts nothing
//
// All but a few tokens are among the k, so that c is the least number of the row, up to the
// least true one; and k is the number that the defense itself would have chosen for what then
// comes out. Tokens at the edge of the k, and those whose own part is not far above what the
// least of the row and the rounding leave unknown, are left out. A row whose small numbers do not
// crowd at its least is not bent and stays as it is.
//
// The attack asks for `rows` rows of logits behind random tokens, unbends each, takes those
// rows and tokens of which all is known, subtracts one column from the others, and looks for
// the cliff as hidden_dimension.h does: in parts of the rows, drawn at random, since a row that was
// misread adds a dimension. Its score is the least dimension found; 0 if no cliff was.
// Needs logits. Limits: a distance so large that rows are bent nearly all the way leaves nothing to
// unbend; rounding beside it hides what is small.
//
// The defense: T. Orekondy, B. Schiele, M. Fritz, ICLR 2020, arXiv:1906.10908. The way around it
// is ours; the cliff is that of N. Carlini et al., ICML 2024, arXiv:2403.06634.

namespace ringfort::attacks::model_to_model {

// ln of the true probabilities of a row but for a shift; not-a-number where it is lost. As
// long as `told`, which are logarithms of probabilities or logits. REQUIRES: none is
// not-a-number or plus infinity, one is finite.
std::vector<double> Unbend(std::span<const float> told);

AttackEntry UnbentDimension();

}  // namespace ringfort::attacks::model_to_model
