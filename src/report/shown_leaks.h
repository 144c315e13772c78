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
// What got into a model, from data to it, is another question: requests that it was to refuse, orders
// in text that it was to read only. A breach is an attack on that axis that got through at least once on
// the bare model, by a judge that compares with a known truth, harmless samples (label `benign`) left out.
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

// The same of models that gave way; of an attack the label that got through most often, the highest rate first.
std::vector<ShownLeak> ShownBreaches(const ModelAttacks& attacks);

// "a model leaks and gives way"; empty: neither was shown.
std::string WhatModelsDo(const std::vector<ShownLeak>& leaks, const std::vector<ShownLeak>& breaches);

// Whether the asset is among them.
bool Leaks(const std::vector<ShownLeak>& leaks, std::string_view asset);

}  // namespace ringfort
