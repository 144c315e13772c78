#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "defenses/defense.h"

// Deduplication: what stands in the training data often is learned by heart; keep it once.
//
// Texts are compared by their runs of `words` words (case and punctuation apart): near
// copies share most of them. The share is the Jaccard similarity, shared runs over all
// runs of both.
//
//   one two three four five six       runs of 5: 12345 23456
//   one two three four five seven     runs of 5: 12345 23457      similarity 1/3
//
// Comparing all pairs would take too long; MinHash finds the pairs worth comparing: of
// each text the least value of each of 128 hash functions over its runs; two texts agree
// in one with just the probability of their similarity. Texts that agree in all four of
// one of 32 bands are compared in full. A pair of similarity 0.8 is missed once in ten
// million, one of 0.5 once in eight; none is dropped without being compared.
//
// A text goes if it is as similar as `similarity` to one kept before it. Similarity 1 drops
// exact copies alone.
//
// Limits: short quotations within long texts stay; so do copies that change every few words.
//
// K. Lee et al., "Deduplicating Training Data Makes Language Models Better", ACL 2022,
// arXiv:2107.06499; A. Broder, SEQUENCES 1997.

namespace ringfort::defenses::model_to_data {

// Hashes of the runs, sorted, each once. A text of fewer words is one run.
std::vector<std::uint64_t> RunsOf(std::string_view text, std::size_t words);

// Of two such lists; 1 for two empty ones.
double JaccardSimilarity(std::span<const std::uint64_t> first, std::span<const std::uint64_t> second);

// The numbers of the texts to keep, ascending. O(texts * runs * 128), and the comparisons.
std::vector<std::size_t> KeptTexts(std::span<const std::string> texts, double similarity, std::size_t words);

DefenseEntry Deduplication();

}  // namespace ringfort::defenses::model_to_data
