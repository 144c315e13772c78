#include "watermarks/mark_evidence.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "statistics/tail_probability.h"

namespace ringfort::watermarks {
namespace {

// The draws of one text that are evidence.
void AddDraws(const MarkingScheme& scheme, std::span<const Token> text, std::vector<std::uint64_t>& draws) {
  const std::size_t context = scheme.context();
  if (text.size() <= context) return;
  if (scheme.adds_to_logits()) {
    for (std::size_t i = context; i < text.size(); ++i) draws.push_back(scheme.Draw(text.first(i), text[i]));
    return;
  }
  std::vector<std::pair<std::uint64_t, std::size_t>> places;
  places.reserve(text.size() - context);
  for (std::size_t i = context; i < text.size(); ++i) places.emplace_back(scheme.Context(text.first(i)), i);
  std::sort(places.begin(), places.end());
  for (std::size_t i = 0; i < places.size(); ++i)
    if (i == 0 || places[i].first != places[i - 1].first)
      draws.push_back(scheme.Draw(text.first(places[i].second), text[places[i].second]));
}

MarkEvidence Weigh(const MarkingScheme& scheme, std::vector<std::uint64_t>& draws, std::uint64_t tokens) {
  std::sort(draws.begin(), draws.end());
  draws.erase(std::unique(draws.begin(), draws.end()), draws.end());
  MarkEvidence evidence{.tokens = tokens, .scored = draws.size()};
  if (draws.empty()) return evidence;
  for (const std::uint64_t draw : draws) evidence.statistic += scheme.Score(draw);
  const auto count = static_cast<double>(draws.size());
  if (scheme.rule().kind == SchemeKind::kGumbel) {
    evidence.z = (evidence.statistic - count) / std::sqrt(count);
    evidence.probability = statistics::GammaTail(draws.size(), evidence.statistic);
    return evidence;
  }
  const bool tournament = scheme.rule().kind == SchemeKind::kTournament;
  const double share = tournament ? 0.5 : scheme.rule().green;
  const std::uint64_t trials = tournament ? draws.size() * scheme.rule().layers : draws.size();
  const auto n = static_cast<double>(trials);
  evidence.z = (evidence.statistic - share * n) / std::sqrt(n * share * (1 - share));
  evidence.probability =
      statistics::BinomialTail(static_cast<std::uint64_t>(std::llround(evidence.statistic)), trials, share);
  return evidence;
}

}  // namespace

MarkEvidence FindMark(const MarkingScheme& scheme, std::span<const std::vector<Token>> texts) {
  std::vector<std::uint64_t> draws;
  std::uint64_t tokens = 0;
  for (const std::vector<Token>& text : texts) {
    AddDraws(scheme, text, draws);
    tokens += text.size();
  }
  return Weigh(scheme, draws, tokens);
}

MarkEvidence FindMark(const MarkingScheme& scheme, std::span<const Token> text) {
  std::vector<std::uint64_t> draws;
  AddDraws(scheme, text, draws);
  return Weigh(scheme, draws, text.size());
}

WindowEvidence FindMarkInWindows(const MarkingScheme& scheme, std::span<const Token> text, std::size_t shortest) {
  WindowEvidence found;
  const auto look = [&](std::size_t begin, std::size_t end) {
    const MarkEvidence evidence = FindMark(scheme, text.subspan(begin, end - begin));
    ++found.windows;
    if (found.windows > 1 && evidence.probability >= found.best.probability) return;
    found.best = evidence;
    found.begin = begin;
    found.end = end;
  };
  look(0, text.size());
  for (std::size_t length = shortest; length < text.size(); length *= 2) {
    const std::size_t step = std::max<std::size_t>(1, length / 2);
    for (std::size_t begin = 0;; begin += step) {
      if (begin + length >= text.size()) {
        look(text.size() - length, text.size());
        break;
      }
      look(begin, begin + length);
    }
  }
  found.probability = std::min(1.0, found.best.probability * static_cast<double>(found.windows));
  return found;
}

Result<double> CalibratedProbability(const SchemeRule& rule, std::span<const std::vector<Token>> texts,
                                     std::size_t keys, std::uint64_t seed) {
  TRY(own, MarkingScheme::Make(rule));
  const double asked = FindMark(*own, texts).probability;
  Random random(seed);
  std::size_t as_much = 0;
  for (std::size_t i = 0; i < keys; ++i) {
    SchemeRule other = rule;
    do other.key = random.Next();
    while (other.key == rule.key);
    TRY(scheme, MarkingScheme::Make(other));
    as_much += FindMark(*scheme, texts).probability <= asked ? 1 : 0;
  }
  return static_cast<double>(1 + as_much) / static_cast<double>(1 + keys);
}

}  // namespace ringfort::watermarks
