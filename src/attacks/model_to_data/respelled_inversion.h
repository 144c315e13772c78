#pragma once

#include <cstddef>
#include <string>

#include "attacks/attack.h"

// Respelled inversion: embedding_inversion by one who knows that the vectors are blurred.
//
// A defense that adds noise to embeddings (`noisy_embeddings`) adds the same noise to the same
// text, so that asking twice teaches nothing. But a text with another ending is another text
// to the defense and nearly the same to the model. The attacker has to take the stolen vectors as
// they are; the texts that it learns from it can embed in many spellings:
//
//   "the dog ran."   (0.9, 0.1) + noise      "the dog ran. "   (0.9, 0.1) + other noise
//   "the dog ran.."  (0.9, 0.1) + another    three rows to learn from, and one text
//
// With many noisy vectors of each text the fit is that of the noise as it is and not of the
// accidents of one draw. It is what embedding_inversion.h tells, with the same texts, parts, words and
// blind reader; `spellings` as many queries. Needs embeddings. Limits: what the noise took from
// the stolen vectors themselves stays taken, so that the gain ends where there are enough texts to
// learn from anyway; a model that embeds by the last token alone may see an ending as
// another text.
//
// C. Song, A. Raghunathan, "Information Leakage in Embedding Models", CCS 2020,
// arXiv:2004.00053, for the attack; spellings against a noise that is fixed to the text are
// ours.

namespace ringfort::attacks::model_to_data {

// The text with the ending number `spelling`: none for 0, then blanks, points and line ends, each
// time others. All differ.
std::string Respelled(const std::string& text, std::size_t spelling);

AttackEntry RespelledInversion();

}  // namespace ringfort::attacks::model_to_data
