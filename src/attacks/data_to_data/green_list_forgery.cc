#include "attacks/data_to_data/green_list_forgery.h"

#include <algorithm>
#include <utility>

namespace ringfort::attacks::data_to_data {
namespace {

using engines::Token;

constexpr SettingCard kSettings[] = {{"width", 1, 0, 16, "tokens that the list is thought to depend on"},
                                     {"least", 2, 1, 1000000, "marked occurrences that a favor needs"},
                                     {"strength", 4, -100, 100, "nats that a favored logit is raised by"}};

constexpr AttackCard kCard{
    .name = "green_list_forgery",
    .version = "1",
    .axis = Axis::kDataToData,
    .goal = "Learn a watermark from marked texts and put it on others",
    .technique = "watermark_removal.forgery",
    .reference = "arXiv:2402.19361",
    .settings = kSettings,
};

struct Counts {
  double total = 0;
  std::map<Token, double> tokens{};
};

std::map<std::vector<Token>, Counts> CountsOf(std::span<const std::vector<Token>> texts, std::size_t width) {
  std::map<std::vector<Token>, Counts> counts;
  for (const std::vector<Token>& text : texts)
    for (std::size_t i = width; i < text.size(); ++i) {
      const std::span<const Token> before = std::span(text).subspan(i - width, width);
      Counts& here = counts[{before.begin(), before.end()}];
      here.total += 1;
      here.tokens[text[i]] += 1;
    }
  return counts;
}

}  // namespace

LearnedGreenList::LearnedGreenList(std::span<const std::vector<Token>> marked,
                                   std::span<const std::vector<Token>> plain, const Rule& rule)
    : rule_(rule) {
  const auto with = CountsOf(marked, rule.width), without = CountsOf(plain, rule.width);
  for (const auto& [context, counts] : with) {
    const auto known = without.find(context);
    if (known == without.end()) continue;
    for (const auto& [token, count] : counts.tokens) {
      if (count < rule.least) continue;
      const auto usual = known->second.tokens.find(token);
      double favor = 1;
      if (usual != known->second.tokens.end()) {
        const double ratio = (count / counts.total) / (usual->second / known->second.total);
        favor = ratio >= 1 ? std::min(ratio, 2.0) / 2 : 0;
      }
      if (favor > 0) favors_[context][token] = favor;
    }
  }
}

double LearnedGreenList::Favor(std::span<const Token> before, Token token) const {
  if (before.size() < rule_.width) return 0;
  const auto context = before.last(rule_.width);
  const auto found = favors_.find({context.begin(), context.end()});
  if (found == favors_.end()) return 0;
  const auto favored = found->second.find(token);
  return favored == found->second.end() ? 0 : favored->second;
}

void LearnedGreenList::Raise(std::span<const Token> before, std::span<float> logits, double strength) const {
  if (before.size() < rule_.width) return;
  const auto context = before.last(rule_.width);
  const auto found = favors_.find({context.begin(), context.end()});
  if (found == favors_.end()) return;
  for (const auto& [token, favor] : found->second)
    if (token >= 0 && static_cast<std::size_t>(token) < logits.size())
      logits[static_cast<std::size_t>(token)] += static_cast<float>(strength * favor);
}

std::size_t LearnedGreenList::favored() const {
  std::size_t count = 0;
  for (const auto& context : favors_) count += context.second.size();
  return count;
}

AttackEntry GreenListForgery() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_data
