#pragma once

#include <span>
#include <string_view>

#include "domain/axis.h"

namespace ringfort {

// Where a finding stands on the loop.
struct Placement {
  Axis axis = Axis::kModelToModel;
  LifecycleStage stage = LifecycleStage::kSupplyChain;
  friend bool operator==(const Placement&, const Placement&) = default;
};

// Places a finding by the threat ids of its rule. Our own ids (`prompt_injection.template`)
// speak first, in the order given, then ATLAS ids; CWE ids say how, not where, and
// are passed over. A finding without a word that we know is a matter of the supply
// chain, where a tampered model takes an honest one's place (model_to_model): all
// that an artifact scanner sees is a file that arrived from somewhere.
//
//   PlaceOf({"prompt_injection.template", "AML.T0051.001"}) -> data_to_model, operation
Placement PlaceOf(std::span<const std::string_view> threats);

}  // namespace ringfort
