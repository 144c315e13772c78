#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// Which part of a set of labeled texts is held out when: so that no text is ever scored
// by a fit that has seen it. Texts that are equal byte for byte share a fold, whatever
// their labels, or a fit would know the answer by heart. Each label is spread evenly.

namespace ringfort::attacks {

// A number below `folds` for each text. The same texts in any order, labels, folds and
// seed give each text the same fold. O(n log n).
std::vector<std::uint32_t> FoldOfTexts(std::span<const std::string_view> texts, std::span<const std::uint8_t> labels,
                                       std::uint32_t folds, std::uint64_t seed);

}  // namespace ringfort::attacks
