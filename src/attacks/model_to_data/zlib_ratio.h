#pragma once

#include "attacks/attack.h"

// Likelihood over compressibility: was this text in the training data?
//
// A text that repeats itself is likely to any model, and zlib sees that too. So the
// mean log-probability is divided by the bytes of the compressed text:
//
//   text "aaaa...a" (1000 a's)     mean log-prob -0.1     zlib 17 bytes    -0.0059
//   1000 letters of a novel        mean log-prob -0.1     zlib 600 bytes   -0.00017
//
// Equally likely, the novel is the likelier member. Needs token scores. The level of
// zlib is fixed at 6, its usual one, or scores could not be compared; other builds of
// zlib may differ by some bytes. Limits: longer texts score higher.
//
// N. Carlini et al., "Extracting Training Data from Large Language Models", USENIX
// Security 2021, arXiv:2012.07805; with the mean, as in mink-plus-plus.

namespace ringfort::attacks::model_to_data {

// Bytes of the zlib stream of `text` at level 6; header and checksum count.
std::size_t CompressedSize(std::string_view text);

std::optional<double> ZlibRatioScore(const engines::TextScore& score, std::string_view text);

AttackEntry ZlibRatio();

}  // namespace ringfort::attacks::model_to_data
