#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringfort::study {

// How often each label was met, the most frequent first, equals by name.
using LabelCounts = std::vector<std::pair<std::string, std::uint64_t>>;

LabelCounts Ordered(const std::map<std::string, std::uint64_t>& counts);

// 0 for a label that was not met.
std::uint64_t CountOf(const LabelCounts& counts, std::string_view label);

// Splits each cell at its commas, trims the parts, collapses runs of blanks in them,
// and counts every part that is not empty (a part that stands twice counts twice).
LabelCounts CountLabels(const std::vector<std::string_view>& cells);

}  // namespace ringfort::study
