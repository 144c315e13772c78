#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "attacks/attack.h"
#include "engines/model.h"

// Embedding inversion: which words does a text hold, told from its embedding alone?
//
// Vectors of texts are stored and passed on as if they were no longer the texts. Who may
// ask the same model can embed texts of its own, learn how words show in the vectors, and
// then read words from vectors of texts that it never saw.
//
//   learned from   "the dog ran" -> (0.9, 0.1),  "the cat sat" -> (0.1, 0.8), ...
//   given          (0.85, 0.15)
//   read           {the, dog}                    what most texts hold, and what this one holds
//
// The texts are dealt into parts; each part is read by a fit to the others, so that every
// text is once unseen. A word is one that at least `least` of the known texts hold, the
// `words` commonest of them. One ridge regression predicts all words at once
// (ridge_readout.h); a word is said to be in a text when its prediction passes a threshold,
// the one that gave the best F1 on known texts left out in turn.
//
// The same with the vectors taken away says of every text the words that most texts hold.
// That blind reader is the measure: the score is F1 minus the blind reader's F1, over all
// (text, word) together, with an interval from drawing texts again. Around 0: the vectors
// tell of no words.
//
// Behind a defense the known texts are embedded through it as well: the attacker learns to
// read blurred vectors. Needs embeddings. Limits: a linear reader, so what it cannot read may still be there; words
// that the known texts do not hold cannot be read; order is not looked for (Vec2Text, J.
// Morris et al., 2023, arXiv:2310.06816, finds whole texts).
//
// C. Song, A. Raghunathan, "Information Leakage in Embedding Models", CCS 2020,
// arXiv:2004.00053, multi-label classification; ridge regression in its place, the blind
// reader and the choice of threshold are ours.

namespace ringfort::attacks::model_to_data {

struct InversionRule {
  std::uint32_t folds = 5;
  std::uint32_t least_texts = 5;  // that hold a word
  std::uint32_t most_words = 500;
  std::uint64_t seed = 1;
};

struct WordReading {
  double precision = 0, recall = 0, f1 = 0;  // 0 where nothing was said, or nothing was there
};

struct Inversion {
  WordReading read{};
  WordReading blind{};
  double gain = 0;                        // read.f1 - blind.f1
  double gain_lower = 0, gain_upper = 0;  // 95 %
  std::uint64_t texts = 0;
  std::uint64_t words = 0;  // of the last part
};

// `more`: further embeddings of the same texts, of which those of the known texts are learned from as
// well. REQUIRES: as many rows as texts in each. Errors (kInvalidInput): fewer than four texts a
// part; no word that is common enough; an entry that is not finite.
Result<Inversion> InvertEmbeddings(const engines::Matrix& embeddings, std::span<const std::string> texts,
                                   const InversionRule& rule, std::span<const engines::Matrix> more = {});

// What an attack shows of it.
Attempt AttemptOf(const Inversion& inversion);

// Some texts at a time, out of a budget. Errors: the budget's; the model's.
Result<engines::Matrix> EmbedAll(engines::Model& target, std::span<const std::string> texts, Budget& budget);

AttackEntry EmbeddingInversion();

}  // namespace ringfort::attacks::model_to_data
