#pragma once

#include "attacks/attack.h"

// Tree of attacks with pruning (TAP): many rewritings side by side, of which the best are kept.
//
// As in iterative_rewriting.h a model writes prompts from what the last ones were answered. But each
// prompt is rewritten in `branch` ways; those that no longer ask for the goal are cut before the target is
// asked (the writer says YES or NO); of the answered ones the `width` with the highest belief go on.
//
//   depth 1   p1            p2
//   pruned    p1                          p2 asks for something else: never sent
//   depth 2   p11  p12                    belief 0.1, 0.3: with width 1, p12 goes on
//   depth 3   p121 p122                   p122 is believed: done
//
// So fewer questions reach the target than are written, and the drift that PAIR's streams suffer from
// ends early. The belief is the refusal detector's (attacks/interview.h), the writer is the model that the
// plan names, else the target itself.
//
// Sample: `text` is the request, the first of `candidates` what a success would hold, if known. Numbers:
// `questions` of the target, `written` by the writer (its YES and NO among them), `pruned`. Needs chat.
// Limits: those of the writer; one that answers neither YES nor NO prunes nothing.
//
// A. Mehrotra et al., "Tree of Attacks: Jailbreaking Black-Box LLMs Automatically", NeurIPS 2024,
// arXiv:2312.02119 (branch 4, width 10, depth 10; ours are smaller). The wording is ours.

namespace ringfort::attacks::data_to_model {

AttackEntry TreeOfAttacks();

}  // namespace ringfort::attacks::data_to_model
