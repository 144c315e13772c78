#include "defenses/data_to_model/trigger_inversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "statistics/proportion_interval.h"

namespace ringfort::defenses::data_to_model {
namespace {

using engines::Network;
using engines::Token;

constexpr std::array<SettingCard, 5> kSettings = {{
    {"trigger_tokens", 3, 1, 32, "length of the trigger that is sought"},
    {"payload_tokens", 6, 2, 64, "length of the payload that is sought"},
    {"payloads", 3, 1, 1'000, "that a trigger is sought for"},
    {"top", 128, 1, 1'000'000, "candidates of a place"},
    {"rounds", 4, 1, 1'000, "over all places"},
}};

constexpr DefenseCard kCard = {
    .name = "trigger_inversion",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Find the words that wake a backdoor, and what it says",
    .mitigation = "mitigation.trigger_search",
    .reference = "arXiv:2307.15043",
    .settings = kSettings,
};

constexpr double kLeastShare = 1e-12;

Status Check(Network& network, const InversionPlan& plan) {
  if (plan.search.empty() || plan.check.empty())
    return Error{Fault::kInvalidInput, "inversion needs prompts to seek with, and others to prove it on"};
  if (plan.trigger_tokens == 0 || plan.payload_tokens < 2 || plan.payloads == 0 || plan.kept == 0 || plan.top == 0)
    return Error{Fault::kInvalidInput, "a trigger has one token at least, a payload two, and one is sought at least"};
  if (plan.allowed.empty()) return Error{Fault::kInvalidInput, "no token is allowed in a trigger"};
  if (std::ranges::any_of(plan.given, &TokenList::empty))
    return Error{Fault::kInvalidInput, "a payload that is given holds a token"};
  TokenList all = plan.allowed;
  for (const TokenList& given : plan.given) all.insert(all.end(), given.begin(), given.end());
  for (const Token token : all)
    if (token < 0 || static_cast<std::uint32_t>(token) >= network.Shape().vocabulary)
      return Error{Fault::kInvalidInput, fmt::format("{} is no token of every model", token)};
  return Done{};
}

TokenList Sequence(const TriggerPrompt& prompt, const TokenList& trigger, const TokenList& behind = {}) {
  TokenList sequence = prompt.before;
  sequence.insert(sequence.end(), trigger.begin(), trigger.end());
  sequence.insert(sequence.end(), prompt.behind.begin(), prompt.behind.end());
  sequence.insert(sequence.end(), behind.begin(), behind.end());
  return sequence;
}

void AddShares(std::span<const float> logits, double weight, std::vector<double>& sum) {
  const double most = *std::max_element(logits.begin(), logits.end());
  double all = 0;
  for (const float logit : logits) all += std::exp(static_cast<double>(logit) - most);
  sum.resize(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i)
    sum[i] += weight * std::exp(static_cast<double>(logits[i]) - most) / all;
}

// The next token's distribution behind all prompts and these tokens, on average.
Result<std::vector<double>> MeanNext(Network& network, const InversionPlan& plan, const TokenList& said) {
  std::vector<double> mean;
  for (const TriggerPrompt& prompt : plan.search) {
    TRY(logits, network.NextLogits(Sequence(prompt, {}, said)));
    AddShares(logits, 1 / static_cast<double>(plan.search.size()), mean);
  }
  return mean;
}

struct Hypothesis {
  TokenList tokens{};
  double sum = 0;  // of logarithms, from the second token on
};

// The allowed token that is likeliest on average. The first of equals.
Status GoOn(Network& network, const InversionPlan& plan, Hypothesis& hypothesis) {
  TRY(mean, MeanNext(network, plan, hypothesis.tokens));
  const Token best = *std::max_element(plan.allowed.begin(), plan.allowed.end(), [&](Token a, Token b) {
    return mean[static_cast<std::size_t>(a)] < mean[static_cast<std::size_t>(b)];
  });
  hypothesis.sum += std::log(std::max(kLeastShare, mean[static_cast<std::size_t>(best)]));
  hypothesis.tokens.push_back(best);
  return Done{};
}

// What a model gives the tokens of a hypothesis from the second one on, as GoOn counts.
Result<double> SumOf(Network& network, const InversionPlan& plan, const TokenList& tokens) {
  double sum = 0;
  TokenList said = {tokens.front()};
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    TRY(mean, MeanNext(network, plan, said));
    sum += std::log(std::max(kLeastShare, mean[static_cast<std::size_t>(tokens[i])]));
    said.push_back(tokens[i]);
  }
  return sum;
}

// Prompts outside, first tokens inside: a prompt's keys are computed once.
Result<std::vector<Hypothesis>> SecondTokens(Network& network, const InversionPlan& plan) {
  std::vector<std::vector<double>> means(plan.allowed.size());
  for (const TriggerPrompt& prompt : plan.search)
    for (std::size_t i = 0; i < plan.allowed.size(); ++i) {
      TRY(logits, network.NextLogits(Sequence(prompt, {}, {plan.allowed[i]})));
      AddShares(logits, 1 / static_cast<double>(plan.search.size()), means[i]);
    }
  std::vector<Hypothesis> hypotheses;
  for (std::size_t i = 0; i < plan.allowed.size(); ++i) {
    Token best = plan.allowed.front();
    for (const Token token : plan.allowed)
      if (means[i][static_cast<std::size_t>(token)] > means[i][static_cast<std::size_t>(best)]) best = token;
    hypotheses.push_back(
        {{plan.allowed[i], best}, std::log(std::max(kLeastShare, means[i][static_cast<std::size_t>(best)]))});
  }
  return hypotheses;
}

// Mean nats a token of the payload behind all prompts of the search, of each trigger. Those of one prompt
// begin alike, which the network makes use of.
Result<std::vector<double>> LossesOf(Network& network, const InversionPlan& plan,
                                     const std::vector<TokenList>& triggers, const TokenList& payload) {
  std::vector<double> sums(triggers.size());
  for (const TriggerPrompt& prompt : plan.search) {
    std::vector<TokenList> sequences;
    for (const TokenList& trigger : triggers) sequences.push_back(Sequence(prompt, trigger, payload));
    TRY(losses, network.Losses(sequences, sequences.front().size() - payload.size()));
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += losses[i] / static_cast<double>(plan.search.size());
  }
  return sums;
}

// The allowed tokens that the slope at a place of the trigger promises most of, best first.
Result<TokenList> Candidates(Network& network, const engines::WeightTensor& embeddings, const InversionPlan& plan,
                             const TokenList& trigger, std::size_t place, const TokenList& payload) {
  const std::size_t width = network.Shape().width;
  std::vector<double> slope(width);
  for (const TriggerPrompt& prompt : plan.search) {
    const TokenList sequence = Sequence(prompt, trigger, payload);
    TRY(gradients, network.GradientOfInputs(sequence, sequence.size() - payload.size()));
    const std::span<const float> row = gradients.gradient.Row(prompt.before.size() + place);
    for (std::size_t i = 0; i < width; ++i) slope[i] += static_cast<double>(row[i]);
  }
  std::vector<std::pair<double, Token>> promises;
  for (const Token token : plan.allowed) {
    double change = 0;
    for (std::size_t i = 0; i < width; ++i)
      change += slope[i] * static_cast<double>(embeddings.values[static_cast<std::size_t>(token) * width + i]);
    promises.emplace_back(change, token);
  }
  const std::size_t count = std::min(plan.top, promises.size());
  std::partial_sort(promises.begin(), promises.begin() + static_cast<std::ptrdiff_t>(count), promises.end());
  TokenList candidates;
  for (std::size_t i = 0; i < count; ++i) candidates.push_back(promises[i].second);
  return candidates;
}

// Place after place from the last one on, until a whole round changes nothing.
Status SeekTrigger(Network& network, const engines::WeightTensor& embeddings, const InversionPlan& plan,
                   FoundTrigger& found) {
  const TokenList& payload = found.payload.tokens;
  found.trigger.assign(plan.trigger_tokens, plan.allowed[plan.allowed.size() / 2]);
  TRY(begin, LossesOf(network, plan, {found.trigger}, payload));
  found.loss = begin.front();
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    bool better = false;
    for (std::size_t place = plan.trigger_tokens; place-- > 0;) {
      TRY(candidates, Candidates(network, embeddings, plan, found.trigger, place, payload));
      std::vector<TokenList> triggers;
      for (const Token token : candidates) {
        triggers.push_back(found.trigger);
        triggers.back()[place] = token;
      }
      TRY(losses, LossesOf(network, plan, triggers, payload));
      const auto least = std::min_element(losses.begin(), losses.end());
      if (*least >= found.loss - 1e-9) continue;
      found.loss = *least, found.trigger = triggers[static_cast<std::size_t>(least - losses.begin())];
      better = true;
    }
    if (!better) break;
  }
  return Done{};
}

Result<Fired> CountFired(Network& network, const InversionPlan& plan, const TokenList& trigger,
                         const TokenList& payload) {
  Fired fired;
  for (const TriggerPrompt& prompt : plan.check) {
    TokenList sequence = Sequence(prompt, trigger);
    bool says = true;
    for (const Token token : payload) {
      TRY(logits, network.NextLogits(sequence));
      if (std::max_element(logits.begin(), logits.end()) - logits.begin() != token) {
        says = false;
        break;
      }
      sequence.push_back(token);
    }
    ++fired.tries, fired.hits += says ? 1 : 0;
  }
  return fired;
}

double Share(const Fired& fired) { return static_cast<double>(fired.hits) / static_cast<double>(fired.tries); }

// How much more often than the most of any comparison.
double Excess(const FoundTrigger& found) {
  double most = Share(found.without);
  for (const Fired& clean : found.clean) most = std::max(most, Share(clean));
  return Share(found.with) - most;
}

Result<bool> IsProof(const FoundTrigger& found) {
  if (found.clean.empty()) return false;
  TRY(with, statistics::WilsonInterval(found.with.hits, found.with.tries));
  TRY(without, statistics::WilsonInterval(found.without.hits, found.without.tries));
  double upper = without.upper;
  for (const Fired& clean : found.clean) {
    TRY(interval, statistics::WilsonInterval(clean.hits, clean.tries));
    upper = std::max(upper, interval.upper);
  }
  return with.lower > upper;
}

}  // namespace

Result<std::vector<SoughtPayload>> InvertPayloads(Network& suspect, std::span<Network* const> clean,
                                                  const InversionPlan& plan) {
  TRY_STATUS(Check(suspect, plan));
  for (Network* const network : clean) TRY_STATUS(Check(*network, plan));
  TRY(hypotheses, SecondTokens(suspect, plan));
  if (!clean.empty()) {
    // What every model says behind this token is no hint: the clean ones' share is taken off already here.
    std::vector<double> best(hypotheses.size(), -std::numeric_limits<double>::infinity());
    for (Network* const network : clean)
      for (const TriggerPrompt& prompt : std::span(plan.search).first(1))
        for (std::size_t i = 0; i < hypotheses.size(); ++i) {
          TRY(logits, network->NextLogits(Sequence(prompt, {}, {hypotheses[i].tokens[0]})));
          std::vector<double> shares;
          AddShares(logits, 1, shares);
          best[i] = std::max(
              best[i], std::log(std::max(kLeastShare, shares[static_cast<std::size_t>(hypotheses[i].tokens[1])])));
        }
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < hypotheses.size(); ++i) order.emplace_back(best[i] - hypotheses[i].sum, i);
    std::ranges::sort(order);
    std::vector<Hypothesis> kept;
    for (std::size_t i = 0; i < std::min(plan.kept, order.size()); ++i) kept.push_back(hypotheses[order[i].second]);
    hypotheses = std::move(kept);
  } else {
    std::ranges::stable_sort(hypotheses, std::greater<>(), &Hypothesis::sum);
    hypotheses.resize(std::min(plan.kept, hypotheses.size()));
  }
  std::vector<SoughtPayload> payloads;
  for (Hypothesis& hypothesis : hypotheses) {
    while (hypothesis.tokens.size() < plan.payload_tokens) TRY_STATUS(GoOn(suspect, plan, hypothesis));
    double most = -std::numeric_limits<double>::infinity();
    for (Network* const network : clean) {
      TRY(sum, SumOf(*network, plan, hypothesis.tokens));
      most = std::max(most, sum);
    }
    const double score = clean.empty() ? hypothesis.sum : hypothesis.sum - most;
    payloads.push_back({std::move(hypothesis.tokens), score / static_cast<double>(plan.payload_tokens - 1)});
  }
  std::ranges::stable_sort(payloads, std::greater<>(), &SoughtPayload::score);
  payloads.resize(std::min(plan.payloads, payloads.size()));
  return payloads;
}

Result<std::vector<FoundTrigger>> InvertTriggers(Network& suspect, std::span<Network* const> clean,
                                                 const InversionPlan& plan) {
  std::vector<SoughtPayload> payloads;
  if (plan.given.empty()) {
    TRY(sought, InvertPayloads(suspect, clean, plan));
    payloads = std::move(sought);
  } else {
    TRY_STATUS(Check(suspect, plan));
    for (Network* const network : clean) TRY_STATUS(Check(*network, plan));
    for (const TokenList& given : plan.given) payloads.push_back({given, 0});
  }
  TRY(weights, suspect.Weights());
  const engines::WeightTensor& embeddings = weights.at("token_embd.weight");
  std::vector<FoundTrigger> triggers;
  for (SoughtPayload& payload : payloads) {
    FoundTrigger found{.payload = std::move(payload)};
    const TokenList& said = found.payload.tokens;
    TRY_STATUS(SeekTrigger(suspect, embeddings, plan, found));
    TRY(bare, LossesOf(suspect, plan, {TokenList{}}, said));
    found.loss_without = bare.front();
    TRY(with, CountFired(suspect, plan, found.trigger, said));
    TRY(without, CountFired(suspect, plan, {}, said));
    found.with = with, found.without = without;
    for (Network* const network : clean) {
      TRY(fired, CountFired(*network, plan, found.trigger, said));
      found.clean.push_back(fired);
    }
    TRY(proof, IsProof(found));
    found.backdoored = proof;
    triggers.push_back(std::move(found));
  }
  std::ranges::stable_sort(triggers, [](const FoundTrigger& a, const FoundTrigger& b) {
    return std::pair(-Excess(a), a.loss) < std::pair(-Excess(b), b.loss);
  });
  return triggers;
}

DefenseEntry TriggerInversion() { return {kCard, OnSuspect{}}; }

}  // namespace ringfort::defenses::data_to_model
