#pragma once

#include "defenses/defense.h"

// Output budget: an answer may cost so many tokens, and a conversation so many more.
//
// Questions are free and answers are not, so answers get a bound: `tokens` each, whatever the request asks for,
// and `conversation` for all of one conversation, which is read off the answers that the request itself brings
// along (four bytes a token). When a conversation has had its share, it is declined.
//
//   asked for 512 tokens, budget 128                        128 come, finish `length`
//   behind answers of 400 bytes, conversation 100 tokens    declined
//
// `conversation` 0 bounds single answers only. Costs harmless long answers their end: the share of them that
// finish by `length` where they did not before is what to measure. The budget is the service's own, so an
// attacker who goes on in the same conversation is stopped, and one who begins a new one is not
// (attacks/data_to_model/continued_answer.h tells both): that takes a ceiling for each client, which stands
// where clients are known, not around a model.
//
// Scores, logits and embeddings cost what they cost. Ours; a bound on output is what the literature on
// energy-latency attacks asks for first (arXiv:2006.03463, arXiv:2401.11170).

namespace ringfort::defenses::data_to_model {

DefenseEntry OutputBudget();

}  // namespace ringfort::defenses::data_to_model
