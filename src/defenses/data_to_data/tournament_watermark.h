#pragma once

#include "defenses/defense.h"

// The tournament: tokens drawn by the model play each other, and the key decides who wins.
//
// 2^layers tokens are drawn, and meet in pairs: in round l the one whose l-th keyed bit is 1 wins, and
// of equals either. The last one is said. No token need be drawn so often, since each round changes the shares by
//
//   p(v) <- p(v) (1 + g(v) - sum of g(u) p(u))
//
//   p = (0.5, 0.3, 0.2), bits (1, 0, 1): (0.65, 0.09, 0.26); the next round uses the next bits
//
// Over all keys every token keeps its share. Who has the key counts ones in the bits of what was said:
// by chance half of layers * n are. A token that was sure to come has bits of chance; each round after
// the first finds less to choose from, so that ones are commonest in the first layers.
//
//   200 tokens, 30 layers, 3,150 ones of 6,000: z = 3.9, probability 5.6e-5
//
// A context is marked once a text, as by the source. All layers count alike here, where the source
// also has weights and a learned score; that would find more, but its chance is not so plainly exact.
//
// Limits: as of every marked model (defenses/marked_model.h); nothing is marked at temperature 0; needs logits.
//
// S. Dathathri et al., "Scalable watermarking for identifying large language model outputs",
// Nature 634, 818-823, 2024 (SynthID-Text).

namespace ringfort::defenses::data_to_data {

DefenseEntry TournamentWatermark();

}  // namespace ringfort::defenses::data_to_data
