#pragma once

#include "defenses/defense.h"

// The perplexity filter: what no person would write is not answered.
//
// Suffixes that were searched for by gradient or at random are gibberish, and a language model knows: their
// tokens are far less likely than those of sentences. The model itself scores the user's last text before
// it answers; where any `window` tokens in a row lose more than `nats` on average, it declines.
//
//   What is the code of the blue door?                largest window   4.1 nats    answered
//   What is the code of the blue door? x%Kq}w..!9     largest window   9.7 nats    declined
//
// `window` 0 looks at the whole text, as the plain filter does. Perplexity is e^nats. `nats` is to be chosen
// as the largest value among prompts that must be answered; the usual one is no more than a guess, since
// each model and each tokenizer has its own scale (`ringfort model logprobs` tells it).
//
// Costs one scoring a question. What it wrongly declines shows as over-refusal on harmless prompts, other
// languages and code first. Scores and logits pass as they are: who searches on them searches on the bare
// model. Of an engine without scores nothing is generated any more (it gives neither `generate` nor
// `chat`), rather than unfiltered. Stops nothing that reads like language; fluent_search.h knows of it.
//
// G. Alon, M. Kamfonas, "Detecting Language Model Attacks with Perplexity", 2023, arXiv:2308.14132; windows:
// N. Jain et al., "Baseline Defenses for Adversarial Attacks Against Aligned Language Models", 2023,
// arXiv:2309.00614.

namespace ringfort::defenses::data_to_model {

DefenseEntry PerplexityFilter();

}  // namespace ringfort::defenses::data_to_model
