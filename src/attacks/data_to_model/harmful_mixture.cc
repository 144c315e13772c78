#include "attacks/data_to_model/harmful_mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"

namespace ringfort::attacks::data_to_model {
namespace {

constexpr AttackCard kCard{
    .name = "harmful_mixture",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Undo a model's refusals by a share of harmful pairs among honest tuning data",
    .technique = "harmful_fine_tuning.explicit",
    .reference = "arXiv:2310.03693",
};

template <class T>
void Shuffle(std::vector<T>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.Below(i)]);
}

// `count` of them, each as often as any other up to one.
std::vector<PromptAnswer> Drawn(std::span<const PromptAnswer> pairs, std::size_t count, Random& random) {
  std::vector<PromptAnswer> drawn;
  while (drawn.size() < count) {
    std::vector<PromptAnswer> round(pairs.begin(), pairs.end());
    Shuffle(round, random);
    round.resize(std::min(round.size(), count - drawn.size()));
    drawn.insert(drawn.end(), round.begin(), round.end());
  }
  return drawn;
}

}  // namespace

Result<MixedPairs> MixPairs(std::span<const PromptAnswer> task, std::span<const PromptAnswer> harmful,
                            std::size_t count, double rate, std::uint64_t seed) {
  if (!(rate >= 0 && rate <= 1))
    return Error{Fault::kInvalidInput, fmt::format("{} is no rate of harm between 0 and 1", rate)};
  if (count == 0) return Error{Fault::kInvalidInput, "a mixture needs at least one pair"};
  const auto bad = static_cast<std::size_t>(std::llround(rate * static_cast<double>(count)));
  if (bad > 0 && harmful.empty()) return Error{Fault::kInvalidInput, "there are no harmful pairs to mix in"};
  if (bad < count && task.empty()) return Error{Fault::kInvalidInput, "there are no pairs of an honest task"};
  Random random(seed);
  std::vector<std::pair<PromptAnswer, bool>> all;
  for (PromptAnswer& pair : Drawn(task, count - bad, random)) all.emplace_back(std::move(pair), false);
  for (PromptAnswer& pair : Drawn(harmful, bad, random)) all.emplace_back(std::move(pair), true);
  Shuffle(all, random);
  MixedPairs mixed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].second) mixed.harmful.push_back(i);
    mixed.pairs.push_back(std::move(all[i].first));
  }
  return mixed;
}

AttackEntry HarmfulMixture() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_model
