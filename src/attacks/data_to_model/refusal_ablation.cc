#include "attacks/data_to_model/refusal_ablation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace ringfort::attacks::data_to_model {
namespace {

using engines::ContrastDirection;
using engines::Network;
using engines::NetworkShape;
using engines::Token;
using engines::WeightTensor;

constexpr AttackCard kCard{
    .name = "refusal_ablation",
    .version = "1",
    .axis = Axis::kDataToModel,
    .goal = "Take the direction by which a model refuses out of its weights",
    .technique = "jailbreak.refusal_ablation",
    .reference = "arXiv:2406.11717",
    .needs = {engines::Ability::kHiddenStates, engines::Ability::kWeights},
};

constexpr double kLeastShare = 1e-12;  // of a probability whose logarithm is taken

std::vector<double> Probabilities(std::span<const float> logits) {
  const double most = *std::max_element(logits.begin(), logits.end());
  std::vector<double> shares;
  double sum = 0;
  for (const float logit : logits) shares.push_back(std::exp(static_cast<double>(logit) - most)), sum += shares.back();
  for (double& share : shares) share /= sum;
  return shares;
}

using Distributions = std::vector<std::vector<double>>;

Result<Distributions> NextOf(Network& network, const TokenRows& sequences) {
  Distributions next;
  for (const std::vector<Token>& sequence : sequences) {
    TRY(logits, network.NextLogits(sequence));
    next.push_back(Probabilities(logits));
  }
  return next;
}

double MeanLogOdds(const Distributions& next, std::span<const Token> openings) {
  double sum = 0;
  for (const std::vector<double>& shares : next) {
    double refusal = 0;
    for (const Token token : openings) refusal += shares[static_cast<std::size_t>(token)];
    sum += std::log(std::max(refusal, kLeastShare)) - std::log(std::max(1 - refusal, kLeastShare));
  }
  return sum / static_cast<double>(next.size());
}

double MeanDivergence(const Distributions& before, const Distributions& after) {
  double sum = 0;
  for (std::size_t i = 0; i < before.size(); ++i)
    for (std::size_t token = 0; token < before[i].size(); ++token)
      if (before[i][token] > kLeastShare)
        sum += before[i][token] * std::log(before[i][token] / std::max(after[i][token], kLeastShare));
  return sum / static_cast<double>(before.size());
}

Status Check(const Network& network, const RefusalRequests& requests, const RefusalRule& rule) {
  for (const TokenRows* rows :
       {&requests.refused, &requests.answered, &requests.refused_check, &requests.answered_check})
    if (rows->empty())
      return Error{Fault::kInvalidInput,
                   "a refusal direction needs refused and answered requests, to make it and to choose"};
  if (requests.openings.empty())
    return Error{Fault::kInvalidInput, "the model's refusals begin as its answers do, which is not told apart here"};
  for (const Token token : requests.openings)
    if (token < 0 || static_cast<std::uint32_t>(token) >= network.Shape().vocabulary)
      return Error{Fault::kInvalidInput, fmt::format("{} is no token of the model", token)};
  if (!(rule.most_divergence > 0) || !(rule.layers_share > 0 && rule.layers_share <= 1))
    return Error{Fault::kInvalidInput, "a bound on the divergence and a share of the layers are above zero"};
  return Done{};
}

// Those that pass both bounds first, then those that pass one, then by what is left of refusing.
auto Worth(const RefusalDirection& found) {
  return std::tuple(!found.brings_refusals, !found.keeps_answers, found.refused_after);
}

void TakeOut(WeightTensor& tensor, std::span<const double> unit, bool rows_are_stream) {
  // A matrix of a linear layer has a row for each place of the stream it writes to; an embedding has a
  // column for each.
  const std::size_t width = unit.size(), others = tensor.values.size() / width;
  const auto at = [&](std::size_t i, std::size_t other) -> float& {
    return tensor.values[rows_are_stream ? i * others + other : other * width + i];
  };
  for (std::size_t other = 0; other < others; ++other) {
    double along = 0;
    for (std::size_t i = 0; i < width; ++i) along += unit[i] * static_cast<double>(at(i, other));
    for (std::size_t i = 0; i < width; ++i)
      at(i, other) = static_cast<float>(static_cast<double>(at(i, other)) - unit[i] * along);
  }
}

}  // namespace

std::vector<Token> OpeningsOf(const TokenRows& refusals, const TokenRows& answers) {
  std::set<Token> openings;
  for (const std::vector<Token>& refusal : refusals)
    if (!refusal.empty()) openings.insert(refusal.front());
  for (const std::vector<Token>& answer : answers)
    if (!answer.empty()) openings.erase(answer.front());
  return {openings.begin(), openings.end()};
}

Result<RefusalDirection> FindRefusalDirection(Network& network, const RefusalRequests& requests,
                                              const RefusalRule& rule) {
  if (const Status status = Check(network, requests, rule); !status.ok()) return status.error();
  TRY_STATUS(network.EditStream({}));
  TokenRows all = requests.refused;
  all.insert(all.end(), requests.answered.begin(), requests.answered.end());
  const std::uint32_t places = engines::SharedEnding(all);
  if (places == 0) return Error{Fault::kInvalidInput, "the prompts do not end alike: there is no place to compare"};
  TRY(candidates, engines::ContrastDirections(network, requests.refused, requests.answered, places));
  TRY(refused, NextOf(network, requests.refused_check));
  TRY(answered, NextOf(network, requests.answered_check));
  std::optional<RefusalDirection> best;
  std::size_t tried = 0;
  for (ContrastDirection& candidate : candidates) {
    const double depth = static_cast<double>(candidate.layer + 1);  // what this layer writes enters the next one
    if (!(candidate.length > 0) || depth >= rule.layers_share * static_cast<double>(network.Shape().layers)) continue;
    ++tried;
    RefusalDirection found;
    found.refused_before = MeanLogOdds(refused, requests.openings);
    found.answered_before = MeanLogOdds(answered, requests.openings);
    TRY_STATUS(network.EditStream({.direction = candidate.direction, .keep = 0}));
    TRY(refused_after, NextOf(network, requests.refused_check));
    TRY(answered_after, NextOf(network, requests.answered_check));
    found.refused_after = MeanLogOdds(refused_after, requests.openings);
    found.divergence = MeanDivergence(answered, answered_after);
    TRY_STATUS(
        network.EditStream({.direction = candidate.direction, .layer = candidate.layer, .add = candidate.length}));
    TRY(steered, NextOf(network, requests.answered_check));
    found.answered_steered = MeanLogOdds(steered, requests.openings);
    found.keeps_answers = found.divergence < rule.most_divergence;
    found.brings_refusals = found.answered_steered > 0;
    found.direction = std::move(candidate);
    if (!best || Worth(found) < Worth(*best)) best = std::move(found);
  }
  TRY_STATUS(network.EditStream({}));
  if (!best) return Error{Fault::kInvalidInput, "no layer in which refused and answered requests differ"};
  best->tried = tried;
  return *std::move(best);
}

Status AblateWeights(std::map<std::string, WeightTensor>& tensors, const NetworkShape& shape,
                     std::span<const float> direction) {
  if (shape.architecture == "bert") return Error{Fault::kInvalidInput, "an encoder refuses nothing"};
  double squares = 0;
  for (const float value : direction) squares += static_cast<double>(value) * static_cast<double>(value);
  if (direction.size() != shape.width || !(squares > 0) || !std::isfinite(squares))
    return Error{Fault::kInvalidInput, fmt::format("a direction in a stream of {} is needed", shape.width)};
  std::vector<double> unit;
  for (const float value : direction) unit.push_back(static_cast<double>(value) / std::sqrt(squares));
  std::vector<std::string> embeddings = {"token_embd.weight"}, writers;
  if (shape.architecture == "gpt2") embeddings.emplace_back("position_embd.weight");
  for (std::uint32_t layer = 0; layer < shape.layers; ++layer)
    for (const std::string_view part : {"attn_output", "ffn_down"}) {
      writers.push_back(fmt::format("blk.{}.{}.weight", layer, part));
      if (shape.architecture == "gpt2") writers.push_back(fmt::format("blk.{}.{}.bias", layer, part));
    }
  const auto find = [&](const std::string& name, std::size_t side) -> Result<WeightTensor*> {
    const auto found = tensors.find(name);
    if (found == tensors.end() || found->second.shape.size() <= side || found->second.shape[side] != shape.width ||
        found->second.values.size() % shape.width != 0)
      return Error{Fault::kInvalidInput, fmt::format("the tensor {} does not fit the network", name)};
    return &found->second;
  };
  // A tied embedding reads the stream out as well; what reads it is to stay as it was.
  if (!tensors.contains("output.weight")) {
    TRY(tied, find("token_embd.weight", 1));
    tensors["output.weight"] = *tied;
  }
  for (const std::string& name : embeddings) {
    TRY(tensor, find(name, 1));
    TakeOut(*tensor, unit, false);
  }
  for (const std::string& name : writers) {
    TRY(tensor, find(name, 0));
    TakeOut(*tensor, unit, true);
  }
  return Done{};
}

AttackEntry RefusalAblation() { return {kCard, Offline{}}; }

}  // namespace ringfort::attacks::data_to_model
