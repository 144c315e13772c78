#include "detectors/word_edits.h"

#include <algorithm>
#include <vector>

#include "detectors/words.h"

namespace ringfort::detectors {
namespace {

std::size_t Edits(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after) {
  std::vector<std::size_t> row(after.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= before.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= after.size(); ++j) {
      const std::size_t replaced = diagonal + (before[i - 1] == after[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::size_t WordEdits(std::string_view before, std::string_view after) {
  WordNumbers numbers;
  const auto first = numbers.Of(before), second = numbers.Of(after);
  return Edits(first, second);
}

double WordEditShare(std::string_view before, std::string_view after) {
  WordNumbers numbers;
  const auto first = numbers.Of(before), second = numbers.Of(after);
  const std::size_t longer = std::max(first.size(), second.size());
  return longer == 0 ? 0 : static_cast<double>(Edits(first, second)) / static_cast<double>(longer);
}

}  // namespace ringfort::detectors
