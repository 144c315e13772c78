#pragma once

#include <string>
#include <vector>

#include "attacks/attack.h"
#include "base/random.h"

// Sponge search: breed the input whose answer costs most.
//
// A pool of texts of `words` words each, drawn from common words, figures, marks and fragments that tokenizers cut up,
// stands behind the question. In each generation every new text is asked; what an answer costs is its tokens, and of
// equal ones the tokens of the question. The best tenth, two at least, are kept, and the others bred from them: crossed
// at a point, then each word replaced with the chance 1 / words.
//
//   parents a b c d and w x y z, crossed behind the first: a x y z; its third word replaced: a x q z
//
// Nothing of the model is used but how long it goes on, so that it works on what only answers; that costs
// pool + generations * 9/10 pool questions. Told are `control_tokens` (the question alone), `ratio`, `first_tokens`
// (the best of the first, random pool: what the breeding is to beat), `question_tokens` and `endless`, whether the
// answer ran into the bound. Seconds stand in the trial log.
//
// Limits: the fitness is tokens, not joules; a bound on answers (defenses/data_to_model/output_budget.h) is a bound
// on it.
//
// I. Shumailov et al., "Sponge Examples", EuroS&P 2021, arXiv:2006.03463: pool 1,000, a tenth are parents.

namespace ringfort::attacks::data_to_model {

using SpongeWords = std::vector<std::string>;

// Texts are of one length, at least 1.
SpongeWords CrossedWords(const SpongeWords& one, const SpongeWords& other, std::size_t place);
SpongeWords MutatedWords(const SpongeWords& words, double chance, Random& random);
SpongeWords DrawnWords(std::size_t count, Random& random);

AttackEntry SpongeSearch();

}  // namespace ringfort::attacks::data_to_model
