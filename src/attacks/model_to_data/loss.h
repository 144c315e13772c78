#pragma once

#include "attacks/attack.h"

// Loss: was this text in the training data?
//
// Training makes the training texts likely. The mean log-probability a token, minus
// the loss, lies higher for them:
//
//   tokens     The   cat   sat
//   log-prob  -0.1  -2.0  -0.6        score -0.9
//
// Needs token scores. Limits: a text that is simple for everybody looks like a member;
// the attacks beside this one each take a way to correct for that.
//
// S. Yeom et al., "Privacy Risk in Machine Learning", CSF 2018, arXiv:1709.01604.

namespace ringfort::attacks::model_to_data {

// Nothing for a text without scored tokens.
std::optional<double> LossScore(const engines::TextScore& score);

AttackEntry Loss();

}  // namespace ringfort::attacks::model_to_data
