#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "domain/model_attacks.h"

// Which ways through the loop were tried on the target's models, for whoever asks what an
// assessment covers: a way on which nothing was tried is not one that is safe.

namespace ringfort {

// In the order of Axis.
struct TriedAxis {
  std::size_t attacks = 0;  // that differ and were tried at least once, with or without a defense
  // What got furthest on a model as it stands, for people: of rates that a comparison with a known
  // truth decided, areas whose reading is `leaks` (as 2 AUROC - 1) and what was taken, the one whose lower
  // bound is highest. Empty: nothing was shown.
  std::string furthest{};
};
std::array<TriedAxis, 4> TriedAxes(const ModelAttacks& attacks);

}  // namespace ringfort
