#include "threat_model/target_leakage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "information_flow/leakage_bound.h"

namespace ringfort {
namespace {

using graphs::Node;
using information_flow::FlowEdge;
using information_flow::kImpossible;
using information_flow::LeakageBound;
using information_flow::Lever;

constexpr std::string_view kMasking = "mitigation.confidence_masking";
constexpr std::string_view kRateLimit = "mitigation.rate_limit";
constexpr std::string_view kTogether = "all of these together";

// A channel of the target. Those without an endpoint are bounded nowhere.
struct Channel {
  graphs::Arc arc{};
  std::string name{};
  const Asset* endpoint = nullptr;
  bool to_strangers = false;
};

struct Observer {
  std::string name{};
  Node node = 0;
};

struct Network {
  std::size_t nodes = 0;
  std::vector<Channel> channels{};
  std::vector<Observer> observers{};
};

using Numbers = std::map<std::string_view, Node>;

Error Unknown(std::string_view id) {
  return {Fault::kInvalidInput, fmt::format("the target has no asset '{}'", Printable(id, 120))};
}

Result<Network> NetworkOf(const Target& target, const Numbers& numbers) {
  Network network;
  network.nodes = target.assets.size();
  for (const Tie& tie : target.ties) {
    const auto from = numbers.find(tie.from);
    const auto to = numbers.find(tie.to);
    if (from == numbers.end() || to == numbers.end()) return Unknown(from == numbers.end() ? tie.from : tie.to);
    // Secrets move against the tie, but for what is logged.
    const bool logs = tie.relation == Relation::kLogsTo;
    const graphs::Arc arc = logs ? graphs::Arc{from->second, to->second} : graphs::Arc{to->second, from->second};
    const Asset& source = target.assets[arc.from];
    network.channels.push_back({arc, fmt::format("{} {} {}", tie.from, Name(tie.relation), tie.to),
                                source.kind == AssetKind::kEndpoint ? &source : nullptr, false});
  }
  const auto observe = [&](const Asset& asset, std::string_view who, std::string channel) {
    const auto node = static_cast<Node>(network.nodes++);
    network.observers.push_back({fmt::format("{} {}", who, asset.id), node});
    const bool answers = asset.kind == AssetKind::kEndpoint;
    network.channels.push_back({{numbers.at(asset.id), node}, std::move(channel), answers ? &asset : nullptr, answers});
  };
  for (const Asset& asset : target.assets) {
    if (asset.kind == AssetKind::kEndpoint)
      observe(asset, "strangers at", fmt::format("{} answers", asset.id));
    else if (asset.published)
      observe(asset, "readers of", fmt::format("{} is published", asset.id));
  }
  return network;
}

// The secret that an asset holds, or nothing.
std::string_view SecretOf(const Asset& asset) {
  if (asset.published) return {};
  if (asset.kind == AssetKind::kDataset) return "records";
  if (asset.kind == AssetKind::kModel) return "weights";
  const bool label = asset.answers && asset.answers->classes;
  return asset.kind == AssetKind::kEndpoint && !label ? "system prompt" : std::string_view();
}

std::vector<bool> ReachedFrom(const Network& network, Node secret) {
  std::vector<std::vector<Node>> next(network.nodes);
  for (const Channel& channel : network.channels) next[channel.arc.from].push_back(channel.arc.to);
  std::vector<bool> reached(network.nodes, false);
  std::vector<Node> open = {secret};
  reached[secret] = true;
  while (!open.empty()) {
    const Node node = open.back();
    open.pop_back();
    for (const Node other : next[node])
      if (!reached[other]) reached[other] = true, open.push_back(other);
  }
  return reached;
}

double CostOf(const knowledge::Catalog& catalog, std::string_view id) {
  const knowledge::Mitigation* const mitigation = knowledge::Find(catalog.mitigations, id);
  if (mitigation == nullptr) return kImpossible;
  const knowledge::MitigationCost& cost = mitigation->cost;
  return std::max(cost.effort + cost.latency + cost.utility, 1e-6);
}

class LeakageFinder {
 public:
  LeakageFinder(const knowledge::Catalog& catalog, const Target& target, const LeakageOptions& options, Network network)
      : target_(target),
        options_(options),
        network_(std::move(network)),
        masking_cost_(CostOf(catalog, kMasking)),
        rate_limit_cost_(CostOf(catalog, kRateLimit)) {
    for (const AssetFacts& facts : options.facts) facts_[facts.asset] = facts;
    for (const Tie& tie : target.ties)
      if (tie.relation == Relation::kServes) {
        const auto known = facts_.find(tie.to);
        served_[tie.from].push_back(known == facts_.end() ? AssetFacts{tie.to, 0, 0} : known->second);
      }
  }

  Status AddSecret(Node node, std::string_view what) {
    const Asset& asset = target_.assets[node];
    const std::vector<bool> reached = ReachedFrom(network_, node);
    std::vector<const Observer*> observers;
    for (const Observer& observer : network_.observers)
      if (reached[observer.node]) observers.push_back(&observer);
    if (observers.empty()) return Done{};
    if (paths_.size() + observers.size() > kMostLeakagePairs)
      return Error{Fault::kLimitExceeded, fmt::format("more than {} pairs of secret and observer", kMostLeakagePairs)};

    CountChannels(asset.id);
    const std::string secret = fmt::format("{}: {}", asset.id, what);
    // The size of a system prompt is not that of any file.
    const auto known = facts_.find(asset.id);
    const double bits = known == facts_.end() || asset.kind == AssetKind::kEndpoint ? 0 : known->second.bits;
    std::vector<Node> all;
    for (const Observer* observer : observers) {
      TRY_STATUS(AddPath(secret, bits, node, observer->name, std::vector<Node>{observer->node}));
      all.push_back(observer->node);
    }
    if (all.size() > 1) TRY_STATUS(AddPath(secret, bits, node, std::string(kTogether), all));
    return Done{};
  }

  std::vector<LeakagePath> TakePaths() { return std::move(paths_); }

 private:
  // What each channel carries of the secret of this asset.
  void CountChannels(std::string_view secret) {
    capacities_.assign(network_.channels.size(), {});
    edges_.clear();
    for (std::size_t i = 0; i < network_.channels.size(); ++i) {
      const Channel& channel = network_.channels[i];
      FlowEdge edge{channel.arc, kImpossible, kImpossible, kImpossible, kImpossible};
      if (channel.endpoint != nullptr) {
        const std::vector<AssetFacts>& models = served_[channel.endpoint->id];
        // Attacks measure what strangers see, not what is logged.
        capacities_[i] = channel.to_strangers ? CountAnswers(*channel.endpoint, models, secret, options_.measured)
                                              : CountAnswers(*channel.endpoint, models);
        const AnswerCapacity& capacity = capacities_[i];
        edge.bits_per_use = capacity.bits_per_answer;
        edge.uses_per_second = capacity.answers_per_second;
        edge.cost_of_halving_bandwidth = rate_limit_cost_;
        const double halvings = std::log2(capacity.bits_per_answer / capacity.bits_without_scores);
        if (halvings > 0) edge.cost_of_halving_capacity = masking_cost_ / halvings;
      }
      edges_.push_back(edge);
    }
  }

  Status AddPath(const std::string& secret, double bits, Node from, std::string observer,
                 const std::vector<Node>& observers) {
    TRY(bound, information_flow::FindLeakageBound(network_.nodes, edges_, std::vector<Node>{from}, observers));
    LeakagePath path;
    path.secret = secret;
    path.observer = std::move(observer);
    path.bits_per_second = bound.bits_per_second;
    path.ground = Provenance::kMeasured;
    for (const information_flow::CutEdge& cut : bound.cut) {
      const Channel& channel = network_.channels[cut.edge];
      const AnswerCapacity& capacity = capacities_[cut.edge];
      const bool noise = cut.lever == Lever::kNoise;
      const bool none = cut.lever == Lever::kNone;
      const bool log = !channel.to_strangers;
      // That a log holds nothing but answers is our judgment, whatever is said of these.
      const Provenance ground = log ? Provenance::kAssumed : capacity.ground;
      path.cut.push_back({channel.name, capacity.bits_per_answer, capacity.answers_per_second, ground,
                          log ? "Nothing but answers goes this way (assumed). " + capacity.basis : capacity.basis,
                          none    ? ""
                          : noise ? "noise"
                                  : "bandwidth",
                          std::string(none    ? std::string_view()
                                      : noise ? kMasking
                                              : kRateLimit)});
      path.ground = std::max(path.ground, ground);
    }
    path.secret_bits = bits;
    if (bits > 0 && bound.bits_per_second > 0 && std::isfinite(bound.bits_per_second))
      path.seconds_at_least = bound.SecondsFor(bits);
    paths_.push_back(std::move(path));
    return Done{};
  }

  const Target& target_;
  const LeakageOptions& options_;
  Network network_;
  double masking_cost_;
  double rate_limit_cost_;
  std::map<std::string, AssetFacts, std::less<>> facts_{};
  std::map<std::string, std::vector<AssetFacts>, std::less<>> served_{};  // by endpoint
  std::vector<AnswerCapacity> capacities_{};                              // by channel
  std::vector<FlowEdge> edges_{};
  std::vector<LeakagePath> paths_{};
};

Status CheckOptions(const Target& target, const Numbers& numbers, const LeakageOptions& options) {
  for (const AssetFacts& facts : options.facts)
    if (!numbers.contains(facts.asset)) return Unknown(facts.asset);
  for (const MeasuredCapacity& one : options.measured) {
    const auto endpoint = numbers.find(one.endpoint);
    if (endpoint == numbers.end()) return Unknown(one.endpoint);
    if (target.assets[endpoint->second].kind != AssetKind::kEndpoint)
      return Error{Fault::kInvalidInput,
                   fmt::format("'{}' is no endpoint, so it answers no attack", Printable(one.endpoint, 120))};
    if (!one.secret.empty() && !numbers.contains(one.secret)) return Unknown(one.secret);
    // Written so that a NaN is outside.
    if (!(one.bits_per_query >= 0 && std::isfinite(one.bits_per_query) && one.queries > 0))
      return Error{Fault::kInvalidInput,
                   fmt::format("{} bits a query on {} queries measure nothing", one.bits_per_query, one.queries)};
  }
  return Done{};
}

}  // namespace

Result<std::vector<LeakagePath>> FindTargetLeakage(const knowledge::Catalog& catalog, const Target& target,
                                                   const LeakageOptions& options) {
  Numbers numbers;
  for (std::size_t i = 0; i < target.assets.size(); ++i) numbers[target.assets[i].id] = static_cast<Node>(i);
  TRY_STATUS(CheckOptions(target, numbers, options));
  TRY(network, NetworkOf(target, numbers));
  LeakageFinder finder(catalog, target, options, std::move(network));
  for (std::size_t i = 0; i < target.assets.size(); ++i)
    if (const std::string_view secret = SecretOf(target.assets[i]); !secret.empty())
      TRY_STATUS(finder.AddSecret(static_cast<Node>(i), secret));
  return finder.TakePaths();
}

}  // namespace ringfort
