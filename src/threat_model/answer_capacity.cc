#include "threat_model/answer_capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace ringfort {
namespace {

struct Stated {
  double value = 0;
  Provenance ground = Provenance::kAssumed;
  std::string_view by{};  // as it stands in a sentence
};

Stated Said(const std::optional<double>& said, double assumed) {
  if (said) return {*said, Provenance::kMeasured, "declared"};
  return {assumed, Provenance::kAssumed, "assumed"};
}

Stated VocabularyOf(const AnswerChannel& said, std::span<const AssetFacts> models) {
  double largest = 0;
  bool all_known = !models.empty();
  for (const AssetFacts& model : models) {
    all_known = all_known && model.vocabulary >= 2;
    largest = std::max(largest, model.vocabulary);
  }
  if (!said.vocabulary && all_known) return {largest, Provenance::kMeasured, "read from the model"};
  return Said(said.vocabulary, kAssumedVocabulary);
}

std::string Amount(const Stated& stated, std::string_view one, std::string_view many) {
  return fmt::format("{:.10g} {} ({})", stated.value, stated.value == 1 ? one : many, stated.by);
}

std::string Rate(const Stated& queries) { return fmt::format("{} a second", Amount(queries, "query", "queries")); }

}  // namespace

AnswerCapacity CountAnswers(const Asset& endpoint, std::span<const AssetFacts> models) {
  const AnswerChannel said = endpoint.answers.value_or(AnswerChannel{});
  const Stated queries = Said(said.queries_per_second, kAssumedQueriesPerSecond);
  Stated scores = Said(said.top_logprobs, kAssumedTopLogprobs);
  const Stated score_bits = Said(said.score_bits, kAssumedScoreBits);
  const bool label = said.classes.has_value();
  const Stated symbols = label ? Stated{1, Provenance::kMeasured, ""} : Said(said.answer_tokens, kAssumedAnswerTokens);
  const Stated alphabet = label ? Said(said.classes, 0) : VocabularyOf(said, models);
  scores.value = std::min(scores.value, alphabet.value);  // no more can be scored than there are

  AnswerCapacity capacity;
  const double symbol_bits = std::log2(alphabet.value);
  capacity.bits_without_scores = symbols.value * symbol_bits;
  capacity.bits_per_answer = symbols.value * (symbol_bits + scores.value * (symbol_bits + score_bits.value));
  capacity.answers_per_second = queries.value;
  capacity.ground = std::max({queries.ground, scores.ground, symbols.ground, alphabet.ground});
  if (scores.value > 0) capacity.ground = std::max(capacity.ground, score_bits.ground);

  const std::string text = label ? fmt::format("one of {}", Amount(alphabet, "label", "labels"))
                                 : fmt::format("at most {} out of {}", Amount(symbols, "token", "tokens"),
                                               Amount(alphabet, "token", "tokens"));
  const std::string shown = scores.value > 0
                                ? fmt::format("{} {} of {} bits ({})", label ? "with" : "each with",
                                              Amount(scores, "score", "scores"), score_bits.value, score_bits.by)
                                : fmt::format("no scores ({})", scores.by);
  capacity.basis = fmt::format("An answer is {}, {}; {}.", text, shown, Rate(queries));
  return capacity;
}

AnswerCapacity CountAnswers(const Asset& endpoint, std::span<const AssetFacts> models, std::string_view secret,
                            std::span<const MeasuredCapacity> measured) {
  AnswerCapacity capacity = CountAnswers(endpoint, models);
  const MeasuredCapacity* worst = nullptr;
  for (const MeasuredCapacity& one : measured) {
    if (one.endpoint != endpoint.id || (!one.secret.empty() && one.secret != secret)) continue;
    if (worst == nullptr || one.bits_per_query > worst->bits_per_query) worst = &one;
  }
  if (worst == nullptr) return capacity;
  const Stated queries = Said(endpoint.answers.value_or(AnswerChannel{}).queries_per_second, kAssumedQueriesPerSecond);
  // What masking scores would save was not measured; the share is that of the counting.
  const double unmasked = capacity.bits_without_scores / capacity.bits_per_answer;
  capacity.basis = fmt::format("Measured by {} on {:.10g} queries, where {:.4g} bits an answer were possible; {}.",
                               worst->attack, worst->queries, capacity.bits_per_answer, Rate(queries));
  capacity.bits_per_answer = worst->bits_per_query;
  capacity.bits_without_scores = worst->bits_per_query * unmasked;
  capacity.ground = queries.ground;
  return capacity;
}

}  // namespace ringfort
