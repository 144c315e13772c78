#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attacks/attack.h"
#include "engines/model.h"

// Attribute inference from embeddings: which author, which sex, which disease, told from
// the embedding of a text alone.
//
// The attacker holds texts whose attribute is known, embeds them with the same model, and
// learns which vectors go with which value:
//
//   known     (0.9, 0.1) austen   (0.8, 0.2) austen   (0.1, 0.7) twain   (0.2, 0.9) twain
//   given     (0.7, 0.3)          ->  austen
//
// The texts are dealt into parts, each told by a ridge regression (ridge_readout.h) on the
// others that predicts one number a value; the largest wins. Three readers stand side by
// side, over texts that none of them saw:
//
//   accuracy           of the reader of embeddings
//   blind_accuracy     always the commonest value: what is known without any vector
//   words_accuracy     a bag of words of the texts themselves (blind_baseline.h, one value
//                      against the others): what the text gives away to whoever holds it
//
// The score is accuracy - blind_accuracy, with an interval from drawing texts again. Around
// 0: the vectors do not tell the attribute. An embedding that beats the bag of words tells
// what is not in single words.
//
// The sample's candidates are the texts, each with its value and a tab in front
// ("austen\tIt is a truth ..."); a plan names a file of them. Two to 20 values, each on at
// least as many texts as there are parts. Needs embeddings. Limits: a linear reader; equal
// texts are never on both sides, texts of one source may be.
//
// C. Song, A. Raghunathan, "Information Leakage in Embedding Models", CCS 2020,
// arXiv:2004.00053, section 4; ridge regression and the readers beside it are ours.

namespace ringfort::attacks::model_to_data {

struct AttributeRule {
  std::uint32_t folds = 5;
  std::uint64_t seed = 1;
};

struct AttributeReading {
  double accuracy = 0;
  double blind_accuracy = 0;
  double words_accuracy = 0;
  double gain = 0;                        // accuracy - blind_accuracy
  double gain_lower = 0, gain_upper = 0;  // 95 %
  std::uint64_t texts = 0;
  std::uint64_t values = 0;
};

// REQUIRES: as many rows and attributes as texts. Errors (kInvalidInput): not 2 to 20
// values, or one on fewer texts than parts; an entry that is not finite.
Result<AttributeReading> ReadAttribute(const engines::Matrix& embeddings, std::span<const std::string> texts,
                                       std::span<const std::string> attributes, const AttributeRule& rule);

AttackEntry EmbeddingAttribute();

}  // namespace ringfort::attacks::model_to_data
