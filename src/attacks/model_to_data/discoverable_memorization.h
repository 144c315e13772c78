#pragma once

#include <span>

#include "attacks/attack.h"

// Discoverable memorization: begin a training text, and let the model go on.
//
// The first `prefix` tokens of the text are the prompt; the model continues greedily, and
// what it says is set beside what the text says there.
//
//   text      one two three | four five six       prefix 3 tokens, suffix 3 tokens
//   produced                  four five ten       2 of 3 tokens agree before the first error
//   score                                         2/3; 1 is word for word
//
// Sample: `text` is a training text of prefix + suffix tokens or more; the rest is not
// used. Needs generation and tokens. Near-verbatim copies are for a judge: the attempt
// tells what was produced and what was expected. Limits: the prompt is handed over as
// text, so that a tokenizer may cut the last token of the prefix elsewhere; prefixes that
// end inside a character are shortened by the engine's own rules.
//
// N. Carlini et al., "Quantifying Memorization Across Neural Language Models", ICLR 2023,
// arXiv:2202.07646: 50 and 50 tokens.

namespace ringfort::attacks::model_to_data {

// How many tokens agree before the first that does not.
std::size_t AgreeingTokens(std::span<const engines::Token> produced, std::span<const engines::Token> expected);

AttackEntry DiscoverableMemorization();

}  // namespace ringfort::attacks::model_to_data
