#pragma once

#include <span>
#include <string_view>

#include "defenses/defense.h"

// Noisy embeddings: vectors that leave the model are blurred, so that less of the text can
// be read back from them.
//
// Each vector of n numbers gets normal noise of `deviation` times its own root mean square,
// and is then rounded to multiples of `step` times the same:
//
//   vector (3, -4)      root mean square 3.54
//   deviation 0.2       each number +- 0.71
//   step 0.5            each number to a multiple of 1.77
//
// The noise belongs to the text and the seed: whoever asks twice learns nothing more. Who
// asks for a text in m variants (another space, another full stop) and averages shrinks the
// noise by sqrt(m), but only of texts that he knows; of a vector that was stolen there is
// one. The attacks embedding_inversion and embedding_attribute learn from vectors of the
// same blurred model, so what they show is what an attacker gets who knows of the noise.
// Only Embed is changed: a model that also gives hidden
// states or logits gives the text away there, so of those hidden states are not given.
//
// What it costs is told by comparing what neighbors a text has before and after: noise of
// deviation d lowers the cosine of a vector with itself to about 1 / sqrt(1 + d^2).
//
// Gaussian noise on embeddings as a defense: J. Morris et al., "Text Embeddings Reveal
// (Almost) As Much As Text", EMNLP 2023, arXiv:2310.06816, section 6; rounding is ours.

namespace ringfort::defenses::model_to_data {

// `vector`, blurred in place. `key` decides the noise.
void BlurVector(std::span<float> vector, double deviation, double step, std::uint64_t key);

DefenseEntry NoisyEmbeddings();

}  // namespace ringfort::defenses::model_to_data
