#pragma once

#include "attacks/attack.h"

// Fluent search: random search by one who knows of the perplexity filter.
//
// What random_search finds is gibberish, and a filter that measures how surprising a text is stops it. An attacker
// who knows that searches among words instead of characters, and keeps only what the model itself finds no more
// surprising than he thinks the filter allows:
//
//   request              What is the code?             largest window  3.1 nats    allowed: 3.1 + slack
//   gibberish, kept by random_search      x%Kq}w       9.7             dropped unseen by the filter
//   words                please quietly amber          5.0             admitted; kept if agreement rises
//
// Before each question about agreement the prompt is scored (one question more) and dropped where any `window`
// tokens in a row lose more than the request itself does, by more than `slack` nats. The slack is the attacker's
// guess at the filter: 0 never surprises it, more finds more. Suffix, opening, place and belief are those of
// random_search.h; the words are 96 common ones of English.
//
// Sample: as random_search. Numbers: the log-probability before and after, `admitted`, the share of suffixes that
// were let through. Needs scores beside what random_search needs. Limits: words alone do not make sentences; a
// search over sentences by a model is iterative_rewriting.h, which no such filter sees.
//
// After N. Jain et al., 2023, arXiv:2309.00614, section on optimizing against the filter (theirs weighs
// perplexity into a gradient attack; bounding a random search over words is ours).

namespace ringfort::attacks::data_to_model {

AttackEntry FluentSearch();

}  // namespace ringfort::attacks::data_to_model
