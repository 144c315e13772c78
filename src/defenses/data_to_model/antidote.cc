#include "defenses/data_to_model/antidote.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace ringfort::defenses::data_to_model {
namespace {

constexpr std::array<SettingCard, 1> kSettings = {{
    {"pruned", 0.1, 0, 1, "share of each matrix"},
}};

constexpr DefenseCard kCard = {
    .name = "antidote",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Set the weights to zero that matter most for harmful answers",
    .mitigation = "mitigation.post_tuning_repair",
    .reference = "arXiv:2408.09600",
    .settings = kSettings,
};

}  // namespace

Result<std::size_t> PruneByScore(std::map<std::string, engines::WeightTensor>& weights,
                                 const std::map<std::string, std::vector<double>>& norms, double pruned) {
  if (!(pruned >= 0 && pruned <= 1))
    return Error{Fault::kInvalidInput, fmt::format("{} is no share between 0 and 1", pruned)};
  if (norms.empty()) return Error{Fault::kInvalidInput, "nothing was seen to come into any matrix"};
  for (const auto& [name, columns] : norms) {
    const auto found = weights.find(name);
    if (found == weights.end() || found->second.shape.size() != 2 || columns.empty() ||
        found->second.shape[1] != columns.size() || found->second.values.size() % columns.size() != 0)
      return Error{Fault::kInvalidInput, fmt::format("the matrix {} does not fit what comes into it", name)};
  }
  std::size_t gone = 0;
  for (const auto& entry : norms) {
    const std::vector<double>& columns = entry.second;
    std::vector<float>& values = weights.at(entry.first).values;
    const auto count = static_cast<std::size_t>(pruned * static_cast<double>(values.size()));
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto score = [&](std::size_t i) {
      return std::abs(static_cast<double>(values[i])) * columns[i % columns.size()];
    };
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return score(a) > score(b); });
    for (std::size_t i = 0; i < count; ++i) values[order[i]] = 0;
    gone += count;
  }
  return gone;
}

DefenseEntry Antidote() { return {kCard, InTraining{}}; }

}  // namespace ringfort::defenses::data_to_model
