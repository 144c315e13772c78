#pragma once

#include <string>

#include "engines/checkpoint/checkpoint.h"

// How transformers name and lay a tensor that GGUF names and lays otherwise.

namespace ringfort::engines {

inline constexpr std::uint64_t kMostShards = 1'000;

enum class Layout : std::uint8_t {
  kSame,
  kTransposed,      // GPT-2's matrices
  kRotatedQueries,  // LLaMA's: halves instead of neighbors, by the heads
  kRotatedKeys,     // the same by the heads of keys
};

struct TransformersName {
  std::string name;  // without `transformer.` and `bert.`, which some files put before it
  Layout layout = Layout::kSame;
};

// Of a tensor that TensorsOf names.
TransformersName TransformersNameOf(const std::string& architecture, const std::string& gguf_name);

// A tensor without weights in it, or of a head that we do not compute.
bool PassedOver(const std::string& architecture, const std::string& name);

// From transformers' layout to GGUF's, and back. REQUIRES: the shape is that of TensorsOf,
// transposed first if the layout says so; CheckShape.
WeightTensor ToGguf(WeightTensor tensor, Layout layout, const NetworkShape& shape);
WeightTensor FromGguf(const WeightTensor& tensor, Layout layout, const NetworkShape& shape);

}  // namespace ringfort::engines
