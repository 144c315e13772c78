#include "defenses/marked_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "engines/sampler.h"

namespace ringfort::defenses {
namespace {

using engines::Ability;
using engines::Token;
using watermarks::MarkingScheme;

constexpr float kNever = -std::numeric_limits<float>::infinity();

// Marks one answer.
class MarkingEditor final : public engines::LogitsEditor {
 public:
  MarkingEditor(const MarkingScheme& scheme, const engines::GenerateRequest& request)
      : scheme_(scheme), request_(request) {}

  void Edit(std::span<const Token> before, std::span<float> logits) override {
    if (request_.editor != nullptr) request_.editor->Edit(before, logits);
    const bool has_context = before.size() >= scheme_.context();
    if (scheme_.adds_to_logits()) {
      if (has_context) scheme_.Mark(before, logits);
      return;
    }
    KeepShares(logits, request_.temperature, request_.top_k, request_.top_p);
    if (has_context && seen_.insert(scheme_.Context(before)).second) scheme_.Mark(before, logits);
  }

 private:
  const MarkingScheme& scheme_;
  const engines::GenerateRequest& request_;
  std::set<std::uint64_t> seen_{};
};

}  // namespace

void KeepShares(std::span<float> logits, double temperature, std::uint32_t top_k, double top_p) {
  for (float& logit : logits)
    if (std::isnan(logit)) logit = kNever;
  if (logits.empty()) return;
  const double highest = *std::max_element(logits.begin(), logits.end());
  if (!std::isfinite(highest)) return;
  std::vector<double> share(logits.size());
  for (std::size_t v = 0; v < logits.size(); ++v)
    share[v] = std::exp((static_cast<double>(logits[v]) - highest) / temperature);
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t kept = order.size();
  if ((top_k > 0 && top_k < kept) || top_p < 1) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return share[a] > share[b]; });
    if (top_k > 0) kept = std::min<std::size_t>(kept, top_k);
    double total = 0, reached = 0;
    for (std::size_t i = 0; i < kept; ++i) total += share[order[i]];
    std::size_t needed = 0;
    while (needed < kept && (needed == 0 || reached < top_p * total)) reached += share[order[needed++]];
    kept = needed;
  }
  double total = 0;
  for (std::size_t i = 0; i < kept; ++i) total += share[order[i]];
  std::fill(logits.begin(), logits.end(), kNever);
  for (std::size_t i = 0; i < kept; ++i)
    if (share[order[i]] > 0) logits[order[i]] = static_cast<float>(std::log(share[order[i]] / total));
}

MarkedModel::MarkedModel(engines::Model& inner, std::unique_ptr<const MarkingScheme> scheme)
    : WrappedModel(inner), scheme_(std::move(scheme)) {}

bool MarkedModel::CanEdit() const { return inner().Gives().Has({Ability::kGenerate, Ability::kLogits}); }

bool MarkedModel::CanBias() const {
  return scheme_->adds_to_logits() && inner().Facts().vocabulary > 0 &&
         inner().Gives().Has({Ability::kGenerate, Ability::kLogitBias, Ability::kTokens});
}

engines::Abilities MarkedModel::Gives() const {
  const engines::Abilities gives = inner().Gives();
  if (CanEdit()) return gives;
  return CanBias() ? gives.Without({Ability::kChat}) : gives.Without({Ability::kChat, Ability::kGenerate});
}

Result<engines::Generation> MarkedModel::Generate(const engines::GenerateRequest& request) {
  if (!CanEdit()) return GenerateByBiases(request);
  MarkingEditor editor(*scheme_, request);
  engines::GenerateRequest marked = request;
  if (scheme_->adds_to_logits()) {
    marked.editor = &editor;
  } else if (request.temperature > 0) {  // else there is nothing to choose from
    marked.editor = &editor;
    marked.temperature = 1;
    marked.top_k = 0;
    marked.top_p = 1;
  }
  return inner().Generate(marked);
}

Result<engines::Generation> MarkedModel::GenerateByBiases(const engines::GenerateRequest& request) {
  if (!CanBias())
    return Error{Fault::kUnsupported, scheme_->adds_to_logits()
                                          ? "this model gives no logits and takes no biases on tokens, by one of which "
                                            "an answer is marked"
                                          : "this model gives no logits, and this mark chooses by them"};
  if (!request.messages.empty())
    return Error{Fault::kUnsupported, "this model takes biases alone: it gives marked continuations, no marked chats"};
  engines::Generation generation;
  engines::GenerateRequest step = request;
  step.maximum_tokens = 1;
  step.stop.clear();
  for (std::uint32_t made = 0; made < request.maximum_tokens; ++made) {
    step.prompt = request.prompt + generation.text;
    step.seed = request.seed + made;
    // The text is cut anew, so that a detector who has only the text sees the same contexts.
    TRY(before, inner().Tokenize(step.prompt));
    step.logit_bias = request.logit_bias;
    if (before.size() >= scheme_->context()) {
      std::vector<float> raised(inner().Facts().vocabulary, 0.0F);
      scheme_->Mark(before, raised);
      for (std::size_t token = 0; token < raised.size(); ++token)
        if (raised[token] != 0) step.logit_bias.push_back({static_cast<Token>(token), raised[token]});
    }
    TRY(next, inner().Generate(step));
    if (next.tokens.empty()) {
      generation.finish = next.finish;
      return generation;
    }
    generation.text += next.tokens.front().text;
    generation.tokens.push_back(std::move(next.tokens.front()));
    if (const std::size_t stop = engines::FindStop(generation.text, request.stop); stop != std::string::npos) {
      generation.text.resize(stop);
      return generation;
    }
    // A token without text would be asked for again and again.
    if (generation.tokens.back().text.empty()) return generation;
  }
  generation.finish = engines::FinishReason::kLength;
  return generation;
}

}  // namespace ringfort::defenses
