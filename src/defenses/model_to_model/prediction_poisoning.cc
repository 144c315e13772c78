#include "defenses/model_to_model/prediction_poisoning.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "defenses/wrapped_model.h"
#include "engines/sampler.h"
#include "engines/token_distribution.h"

namespace ringfort::defenses::model_to_model {
namespace {

using engines::Ability;
using engines::Token;

constexpr SettingCard kSettings[] = {
    {"distance", 0.5, 0, 2, "most that a told distribution differs from the true one, in sum over tokens"}};

constexpr DefenseCard kCard{
    .name = "prediction_poisoning",
    .version = "1",
    .axis = Axis::kModelToModel,
    .goal = "Bend told distributions so that a copy learns in a wrong direction",
    .mitigation = "mitigation.prediction_poisoning",
    .reference = "arXiv:1906.10908",
    .settings = kSettings,
};

constexpr engines::Abilities kTold = {Ability::kScores, Ability::kMoments, Ability::kTopAlternatives};

class PoisonedModel final : public WrappedModel {
 public:
  PoisonedModel(engines::Model& model, double distance) : WrappedModel(model), distance_(distance) {}

  engines::Abilities Gives() const override {
    const engines::Abilities gives = inner().Gives().Without({Ability::kHiddenStates});
    return CanPoison() ? gives : gives.Without(kTold).Without({Ability::kLogits});
  }

  Result<engines::Matrix> Logits(std::span<const Token> tokens) override {
    if (!CanPoison()) return Denied();
    TRY(rows, inner().Logits(tokens));
    for (std::size_t row = 0; row < rows.rows; ++row)
      Bend(std::span(rows.values).subspan(row * rows.columns, rows.columns));
    return rows;
  }

  Result<std::vector<engines::TextScore>> Score(std::span<const std::string> texts, bool moments) override {
    if (!CanPoison() || !inner().Gives().Has(Ability::kScores)) return Denied();
    TRY(scores, inner().Score(texts, moments));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::vector<engines::TokenScore>& scored = scores[i].tokens;
      if (scored.empty()) continue;
      TRY(tokens, inner().Tokenize(texts[i]));
      // Without a begin token the first one has no score.
      const std::size_t skipped = scores[i].cut ? (tokens.front() == scored.front().token ? 0 : 1)
                                                : tokens.size() - std::min(tokens.size(), scored.size());
      if (skipped > 1 || skipped + scored.size() > tokens.size())
        return Error{Fault::kInternal, "a text has more scores than tokens"};
      TRY(rows, Rows(std::span(tokens).first(skipped + scored.size()), skipped == 0));
      for (std::size_t k = 0; k < scored.size(); ++k) {
        const auto row = rows.Row(k);
        if (scored[k].token < 0) return Denied();
        const engines::TokenDistribution distribution = engines::Distribution(row, moments);
        scored[k].log_probability = distribution.LogProbability(row[static_cast<std::size_t>(scored[k].token)]);
        if (!moments) continue;
        scored[k].expected_log_probability = distribution.mean;
        scored[k].log_probability_variance = distribution.variance;
      }
    }
    return scores;
  }

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {
    const bool told = CanPoison() && request.messages.empty();
    if (!told && request.top_alternatives > 0) return Denied();
    engines::GenerateRequest plain = request;
    plain.top_alternatives = 0;
    TRY(generation, inner().Generate(plain));
    if (!told) {
      for (engines::GeneratedToken& token : generation.tokens) token.log_probability = 0;
      return generation;
    }
    if (generation.tokens.empty()) return generation;
    TRY(tokens, inner().Tokenize(request.prompt));
    const std::size_t before = tokens.size();
    for (const engines::GeneratedToken& token : generation.tokens) {
      if (token.token < 0) return Denied();
      tokens.push_back(token.token);
    }
    // The bias comes before the softmax, and so before the poison.
    TRY(rows, Rows(tokens, before == 0, before == 0 ? 0 : before - 1, request.logit_bias));
    for (std::size_t k = 0; k < generation.tokens.size(); ++k) {
      const auto row = rows.Row(k);
      const engines::TokenDistribution distribution = engines::Distribution(row, false);
      engines::GeneratedToken& token = generation.tokens[k];
      token.log_probability = distribution.LogProbability(row[static_cast<std::size_t>(token.token)]);
      token.alternatives.clear();
      if (request.top_alternatives == 0) continue;
      token.alternatives = engines::LikeliestTokens(row, distribution, request.top_alternatives);
      for (engines::Alternative& alternative : token.alternatives) {
        TRY(text, inner().Detokenize(std::span(&alternative.token, 1)));
        alternative.text = alternative.token == token.token ? token.text : std::move(text);
      }
    }
    return generation;
  }

  Result<std::vector<engines::Matrix>> HiddenStates(std::span<const Token>) override {
    return Error{Fault::kUnsupported, "hidden states are not given: they would tell the true distributions"};
  }

 private:
  bool CanPoison() const { return inner().Gives().Has({Ability::kLogits, Ability::kTokens}); }
  static Error Denied() {
    return {Fault::kUnsupported, "this model tells no number here: it cannot bend what it does not see whole"};
  }

  void Bend(std::span<float> row) const {
    const std::vector<double> bent = Poisoned(row, distance_);
    for (std::size_t i = 0; i < row.size(); ++i)
      row[i] = bent[i] > 0 ? static_cast<float>(std::log(bent[i])) : -std::numeric_limits<float>::infinity();
  }

  // Bent rows of what follows each of `tokens` from number `from` on, but the last; in front,
  // if it is asked for, of what follows nothing.
  Result<engines::Matrix> Rows(std::span<const Token> tokens, bool with_begin, std::size_t from = 0,
                               std::span<const engines::LogitBias> bias = {}) {
    engines::Matrix rows{.columns = inner().Facts().vocabulary};
    if (with_begin) {
      TRY_STATUS(LearnBegin());
      rows.values = begin_;
      rows.rows = 1;
    }
    if (tokens.size() > 1) {
      TRY(more, inner().Logits(tokens.first(tokens.size() - 1)));
      rows.values.insert(rows.values.end(), more.values.begin() + static_cast<std::ptrdiff_t>(from * more.columns),
                         more.values.end());
      rows.rows += more.rows - from;
    }
    for (std::size_t row = 0; row < rows.rows; ++row) {
      const auto values = std::span(rows.values).subspan(row * rows.columns, rows.columns);
      engines::AddBias(values, bias);
      Bend(values);
    }
    return rows;
  }

  // What follows nothing, which no row of logits tells: asked for as alternatives, once.
  Status LearnBegin() {
    if (!begin_.empty()) return Done{};
    const std::uint32_t vocabulary = inner().Facts().vocabulary;
    TRY(first, inner().Generate({.maximum_tokens = 1, .top_alternatives = vocabulary}));
    std::vector<float> row(vocabulary, -std::numeric_limits<float>::infinity());
    if (first.tokens.empty()) return Error{Fault::kUnsupported, "the model ends before it begins"};
    for (const engines::Alternative& one : first.tokens[0].alternatives)
      if (one.token >= 0 && static_cast<std::uint32_t>(one.token) < vocabulary)
        row[static_cast<std::size_t>(one.token)] = static_cast<float>(one.log_probability);
    begin_ = std::move(row);
    return Done{};
  }

  double distance_;
  std::vector<float> begin_;
};

}  // namespace

std::vector<double> Poisoned(std::span<const float> logits, double distance) {
  const engines::TokenDistribution told = engines::Distribution(logits, false);
  const std::size_t size = logits.size();
  std::vector<double> y(size);
  for (std::size_t i = 0; i < size; ++i) y[i] = std::exp(told.LogProbability(logits[i]));
  const auto top = static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
  std::vector<std::size_t> rising;
  for (std::size_t i = 0; i < size; ++i)
    if (i != top) rising.push_back(i);
  std::ranges::stable_sort(rising, [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });

  // Of the corner over `top` and the k least likely others: (z - s) . (y - s) = mean of y over
  // it - 1/n, and |z - s|^2 = 1/(k + 1) - 1/n; |y - s| is the same for all. The corner of all
  // tokens is s itself and has no direction.
  const double share = 1 / static_cast<double>(size);
  double mass = y[top], worst = std::numeric_limits<double>::infinity();
  std::size_t others = 0;
  for (std::size_t k = 0; k + 1 < size; ++k) {
    if (k > 0) mass += y[rising[k - 1]];
    const double each = 1 / static_cast<double>(k + 1);
    const double cosine = (mass * each - share) / std::sqrt(each - share);
    if (cosine >= worst) continue;
    worst = cosine;
    others = k;
  }
  if (!std::isfinite(worst)) return y;  // of one token

  std::vector<double> corner(size, 0);
  corner[top] = 1 / static_cast<double>(others + 1);
  for (std::size_t k = 0; k < others; ++k) corner[rising[k]] = corner[top];
  double apart = 0;
  for (std::size_t i = 0; i < size; ++i) apart += std::abs(corner[i] - y[i]);
  // Never all the way, where the likeliest token would be one of many.
  const double way = apart > 0 ? std::min(0.99, distance / apart) : 0;
  for (std::size_t i = 0; i < size; ++i) y[i] += way * (corner[i] - y[i]);
  return y;
}

DefenseEntry PredictionPoisoning() {
  return {kCard,
          [](engines::Model& inner, const Settings& settings, const Material&) -> std::unique_ptr<engines::Model> {
            return std::make_unique<PoisonedModel>(inner, settings["distance"]);
          }};
}

}  // namespace ringfort::defenses::model_to_model
