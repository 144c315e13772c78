#include "detectors/near_overlap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include "detectors/words.h"

namespace ringfort::detectors {
namespace {

constexpr DetectorCard kCard{
    .name = "near_overlap",
    .goal = "Find a reference text but for a few edits",
    .reference = "Sellers 1980; threshold ours",
    .scale = "1 - edits / words of the reference, at the nearest stretch; from 0.9 on near-verbatim",
};

using Numbers = std::span<const std::uint32_t>;

}  // namespace

std::optional<std::size_t> EditDistance(Numbers first, Numbers second, std::size_t limit) {
  if (first.size() > second.size()) std::swap(first, second);
  if (second.size() - first.size() > limit) return std::nullopt;
  limit = std::min(limit, second.size());
  constexpr std::size_t kFar = std::numeric_limits<std::size_t>::max() / 2;
  // Row i of the table, of which only columns i - limit .. i + limit can hold limit or less.
  std::vector<std::size_t> row(first.size() + 1, kFar);
  for (std::size_t j = 0; j <= std::min(limit, first.size()); ++j) row[j] = j;
  for (std::size_t i = 1; i <= second.size(); ++i) {
    const std::size_t begin = i > limit ? i - limit : 0;
    const std::size_t end = std::min(first.size(), i + limit);
    if (begin > first.size()) return std::nullopt;
    std::size_t diagonal = begin > 0 ? row[begin - 1] : 0;
    if (begin > 0) row[begin - 1] = kFar;
    for (std::size_t j = begin; j <= end; ++j) {
      const std::size_t above = row[j];
      if (j == 0)
        row[j] = i;
      else
        row[j] = std::min({diagonal + (second[i - 1] == first[j - 1] ? 0 : 1), above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row[first.size()] <= limit ? std::optional(row[first.size()]) : std::nullopt;
}

std::size_t NearestStretch(Numbers text, Numbers reference) {
  if (!reference.empty()) text = text.first(std::min(text.size(), kMostCells / reference.size()));
  // column[j]: fewest edits that turn the reference's first j into a stretch that ends here.
  std::vector<std::size_t> column(reference.size() + 1);
  std::iota(column.begin(), column.end(), std::size_t{0});
  std::size_t nearest = column.back();
  for (const std::uint32_t token : text) {
    std::size_t diagonal = column[0];  // 0: a stretch may begin anywhere
    for (std::size_t j = 1; j <= reference.size(); ++j) {
      const std::size_t left = column[j];
      column[j] = std::min({diagonal + (token == reference[j - 1] ? 0 : 1), left + 1, column[j - 1] + 1});
      diagonal = left;
    }
    nearest = std::min(nearest, column.back());
  }
  return nearest;
}

double BleuScore(Numbers text, Numbers reference) {
  if (text.empty() || reference.empty()) return 0;
  double logarithms = 0;
  for (std::size_t length = 1; length <= 4; ++length) {
    if (text.size() < length) return 0;
    std::map<std::vector<std::uint32_t>, std::size_t> available;
    for (std::size_t i = 0; i + length <= reference.size(); ++i)
      ++available[{reference.begin() + static_cast<std::ptrdiff_t>(i),
                   reference.begin() + static_cast<std::ptrdiff_t>(i + length)}];
    std::size_t found = 0;
    for (std::size_t i = 0; i + length <= text.size(); ++i) {
      const auto run = available.find(
          {text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(i + length)});
      // Each run of the reference counts once only.
      if (run == available.end() || run->second == 0) continue;
      --run->second;
      ++found;
    }
    if (found == 0) return 0;
    logarithms += std::log(static_cast<double>(found) / static_cast<double>(text.size() - length + 1)) / 4;
  }
  const double ratio = static_cast<double>(reference.size()) / static_cast<double>(text.size());
  return std::exp(logarithms + std::min(0.0, 1 - ratio));
}

double NearOverlapScore(std::string_view text, std::string_view reference) {
  WordNumbers words;
  const std::vector<std::uint32_t> own = words.Of(text);
  const std::vector<std::uint32_t> wanted = words.Of(reference);
  if (wanted.empty()) return 0;
  return 1 - static_cast<double>(NearestStretch(own, wanted)) / static_cast<double>(wanted.size());
}

DetectorEntry NearOverlap() { return {kCard, nullptr, NearOverlapScore}; }

}  // namespace ringfort::detectors
