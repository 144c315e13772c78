#include "study/label_count.h"

#include <algorithm>

#include "study/cell_internal.h"

namespace ringfort::study {

LabelCounts Ordered(const std::map<std::string, std::uint64_t>& counts) {
  LabelCounts ordered(counts.begin(), counts.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return ordered;
}

std::uint64_t CountOf(const LabelCounts& counts, std::string_view label) {
  for (const auto& [name, count] : counts)
    if (name == label) return count;
  return 0;
}

LabelCounts CountLabels(const std::vector<std::string_view>& cells) {
  std::map<std::string, std::uint64_t> counts;
  for (std::string_view cell : cells) {
    for (;;) {
      const std::size_t comma = cell.find(',');
      if (std::string label = Collapsed(cell.substr(0, comma)); !label.empty()) ++counts[std::move(label)];
      if (comma == std::string_view::npos) break;
      cell.remove_prefix(comma + 1);
    }
  }
  return Ordered(counts);
}

}  // namespace ringfort::study
