#include "attacks/text_observer.h"

#include <algorithm>

#include "base/text.h"

namespace ringfort::attacks {
namespace {

Status CheckOptions(const ObserverOptions& options) {
  if (options.needs.conditioned && options.prefix.empty())
    return Error{Fault::kInvalidInput, "an attack needs texts behind a prefix, but no prefix is given"};
  if (options.needs.neighbors && (options.proposals == nullptr || options.neighbors == 0))
    return Error{Fault::kInvalidInput, "an attack needs neighbors of texts, but nothing is given to make them from"};
  if (options.needs.reference && options.reference == nullptr)
    return Error{Fault::kInvalidInput, "an attack needs a reference model, but none is given"};
  return Done{};
}

// FNV-1a: the neighbors of a text must not depend on its place in the list.
std::uint64_t Seed(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xCBF29CE484222325 ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

}  // namespace

std::optional<engines::TextScore> ScoreOfEnd(const engines::TextScore& whole, std::size_t bytes) {
  if (whole.cut) return std::nullopt;
  std::size_t first = whole.tokens.size(), size = 0;
  while (first > 0 && size + whole.tokens[first - 1].text.size() <= bytes) size += whole.tokens[--first].text.size();
  engines::TextScore end;
  end.tokens.assign(whole.tokens.begin() + static_cast<std::ptrdiff_t>(first), whole.tokens.end());
  return end;
}

Result<std::vector<TextView>> ObserveTexts(engines::Model& target, std::span<const std::string> texts,
                                           const ObserverOptions& options, Budget& budget) {
  TRY_STATUS(CheckOptions(options));
  const ViewNeeds& needs = options.needs;
  std::vector<TextView> views(texts.size());
  std::vector<std::string> derived;
  std::vector<std::size_t> neighbors_of(texts.size(), 0);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    views[i].text = texts[i];
    if (needs.lowercase) derived.push_back(LowerCase(texts[i]));
    if (needs.conditioned) derived.push_back(options.prefix + texts[i]);
    if (!needs.neighbors) continue;
    std::vector<std::string> neighbors =
        options.proposals->Neighbors(texts[i], options.neighbors, options.changed_words, Seed(texts[i], options.seed));
    neighbors_of[i] = neighbors.size();
    std::move(neighbors.begin(), neighbors.end(), std::back_inserter(derived));
  }
  TRY_STATUS(budget.Take(texts.size() + derived.size()));
  const TokenMeter meter(target, budget);

  TRY(own, target.Score(texts, needs.moments));
  std::vector<engines::TextScore> scores;
  if (!derived.empty()) {
    TRY(scored, target.Score(derived));
    scores = std::move(scored);
  }
  if (own.size() != texts.size() || scores.size() != derived.size())
    return Error{Fault::kInternal, "an engine answered another number of texts than it was asked"};
  auto next = scores.begin();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    views[i].score = std::move(own[i]);
    if (needs.lowercase) views[i].lowercase = std::move(*next++);
    if (needs.conditioned) views[i].conditioned = ScoreOfEnd(*next++, texts[i].size());
    for (std::size_t n = 0; n < neighbors_of[i]; ++n, ++next)
      if (!next->tokens.empty()) views[i].neighbors.push_back(next->Mean());
  }
  if (needs.reference) {
    TRY(reference, options.reference->Score(texts));
    if (reference.size() != texts.size())
      return Error{Fault::kInternal, "the reference model answered another number of texts than it was asked"};
    for (std::size_t i = 0; i < texts.size(); ++i) views[i].reference = std::move(reference[i]);
  }
  return views;
}

}  // namespace ringfort::attacks
