#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/model_attacks.h"

// What attacks showed a model to give away, so that no reader takes clean files for a model
// that keeps its secrets. Counted is only what was tried on the model as it stands, without
// one of our defenses, and
//
//   membership   a score whose reading is `leaks`
//   answers      what was said word for word of texts that it was trained on, or of secrets;
//                where the same was tried on texts that it never saw, only if the interval of
//                the rate lies above the rate of those
//
// What a judge says that is not by definition is not counted: it may err. Nor is what an attack
// learned of the model itself, such as its width: that is no secret in its data.

namespace ringfort {

struct ShownLeak {
  std::string asset{};
  std::vector<std::string> how{};  // clauses for people, the strongest score first
};

// Of each leaking model one, in their order; two files of one asset are one.
std::vector<ShownLeak> ShownLeaks(const ModelAttacks& attacks);

// Whether the asset is among them.
bool Leaks(const std::vector<ShownLeak>& leaks, std::string_view asset);

}  // namespace ringfort
