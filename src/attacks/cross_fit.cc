#include "attacks/cross_fit.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/random.h"

namespace ringfort::attacks {

std::vector<std::uint32_t> FoldOfTexts(std::span<const std::string_view> texts, std::span<const std::uint8_t> labels,
                                       std::uint32_t folds, std::uint64_t seed) {
  std::vector<std::uint32_t> fold_of(texts.size(), 0);
  if (folds < 2) return fold_of;
  // Distinct texts in an order that is the seed's alone; of a text with both labels the
  // larger one counts.
  std::map<std::string_view, std::uint8_t> label_of;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::uint8_t& label = label_of[texts[i]];
    label = std::max<std::uint8_t>(label, labels[i] != 0 ? 1 : 0);
  }
  std::vector<std::tuple<std::uint8_t, std::uint64_t, std::string_view>> order;
  Random random(seed);
  for (const auto& [text, label] : label_of) order.emplace_back(label, random.Next(), text);
  std::sort(order.begin(), order.end());
  std::map<std::string_view, std::uint32_t> fold_of_text;
  std::uint32_t next = 0;
  for (const auto& [label, key, text] : order) fold_of_text[text] = next++ % folds;
  for (std::size_t i = 0; i < texts.size(); ++i) fold_of[i] = fold_of_text[texts[i]];
  return fold_of;
}

}  // namespace ringfort::attacks
