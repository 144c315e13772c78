#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"
#include "engines/checkpoint/token_vocabulary.h"

namespace ringfort::engines {

// A vocabulary of kSentencePiece learned from texts: the control tokens <unk>, <s> and
// </s>, all bytes, the characters of the texts by how often they stand there, then pairs
// of neighbors within words, the most frequent first, of equals the one learned first
// (byte-pair encoding: R. Sennrich et al., 2016, arXiv 1508.07909), until there are `size`.
// The scores fall in the order of learning, so that cutting a text joins in that order. Fewer
// tokens if the texts hold no more pairs that stand there twice.
//
// Errors (kInvalidInput): a size below 300 or above 100,000; no text. Time: texts * merges in
// the worst case; a megabyte and 1,000 tokens take a second.
Result<TokenVocabulary> LearnVocabulary(std::span<const std::string> texts, std::uint32_t size);

}  // namespace ringfort::engines
