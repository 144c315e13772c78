#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ringfort {

// Where a number comes from; on screen beside every one of them. In the order of
// trust: of a result with several grounds the last one counts.
enum class Provenance : std::uint8_t {
  kMeasured,   // here, by the evidence in the store or by reading the target itself
  kPublished,  // by the source that is named
  kAssumed,    // our judgment
};
inline constexpr std::array<std::string_view, 3> kProvenanceNames = {"measured", "published", "assumed"};
constexpr std::string_view Name(Provenance word) { return kProvenanceNames[static_cast<std::size_t>(word)]; }

// A number with the interval in which it lies and its ground.
struct Quantity {
  double value = 0;
  double low = 0;   // <= value
  double high = 0;  // >= value
  Provenance ground = Provenance::kAssumed;
};

}  // namespace ringfort
