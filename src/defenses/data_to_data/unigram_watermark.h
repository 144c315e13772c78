#pragma once

#include "defenses/defense.h"

// One green list for every place: the sturdiest green list, and the easiest to learn.
//
// The key splits the vocabulary once. An edited token costs one piece of evidence, its own, where a
// list by the token before costs two; order and cuts cost nothing.
//
//   100 different tokens, 70 green at a share of 0.5: z = (70 - 50) / 5 = 4, probability 3.9e-5;
//   20 of them replaced by chance: 66 green are expected still
//
// Each different token is one piece of evidence, however often it comes: a text that says `the`
// twenty times has one green token, not twenty (the source proves its bound for all tokens and
// advises to count unique ones). So a long text saturates, and with a small vocabulary soon.
//
// Limits: as of every marked model (defenses/marked_model.h). Who compares word frequencies of marked and unmarked
// text reads the list off (attacks/data_to_data/green_list_forgery.h).
//
// X. Zhao et al., "Provable Robust Watermarking for AI-Generated Text", ICLR 2024,
// arXiv:2306.17439. That membership is by a hash, so that the share is green on average, is ours.

namespace ringfort::defenses::data_to_data {

DefenseEntry UnigramWatermark();

}  // namespace ringfort::defenses::data_to_data
