#include "information_flow/attack_channel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "information_flow/capacity.h"
#include "information_flow/mutual_information.h"
#include "statistics/proportion_interval.h"

namespace ringfort::information_flow {
namespace {

Error Invalid(std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; }

Result<Capacity> CapacityOf(double true_positive_rate, double false_positive_rate) {
  TRY(channel, DecisionChannel(true_positive_rate, false_positive_rate));
  return FindCapacity(channel);
}

// Fano's bound on what an answer tells that is right with probability `right`.
double ChoiceBits(double right, double choices) {
  if (right * choices <= 1) return 0;
  const double wrong = 1 - right;
  const double entropy = wrong <= 0 ? 0 : -right * std::log2(right) - wrong * std::log2(wrong);
  return std::max(0.0, std::log2(choices) - entropy - wrong * std::log2(choices - 1));
}

}  // namespace

Result<Channel> DecisionChannel(double true_positive_rate, double false_positive_rate) {
  for (const double rate : {true_positive_rate, false_positive_rate})
    if (!(rate >= 0 && rate <= 1)) return Invalid(fmt::format("{} is not a rate", rate));
  return BinaryChannel(false_positive_rate, true_positive_rate);
}

Result<Channel> DecisionChannel(const Decisions& decisions) {
  const double positives =
      static_cast<double>(decisions.true_positives) + static_cast<double>(decisions.false_negatives);
  const double negatives =
      static_cast<double>(decisions.false_positives) + static_cast<double>(decisions.true_negatives);
  if (positives == 0 || negatives == 0)
    return Invalid(fmt::format("decisions on {} positive and {} negative cases are no channel", positives, negatives));
  return DecisionChannel(static_cast<double>(decisions.true_positives) / positives,
                         static_cast<double>(decisions.false_positives) / negatives);
}

Result<DecisionFlow> MeasureDecisions(const Decisions& decisions, double positive_share, double confidence) {
  if (!(positive_share >= 0 && positive_share <= 1))
    return Invalid(fmt::format("{} is not a share of positive cases", positive_share));
  TRY(channel, DecisionChannel(decisions));
  const double each = 1 - (1 - confidence) / 2;
  TRY(hits, statistics::ClopperPearsonInterval(decisions.true_positives,
                                               decisions.true_positives + decisions.false_negatives, each));
  TRY(alarms, statistics::ClopperPearsonInterval(decisions.false_positives,
                                                 decisions.false_positives + decisions.true_negatives, each));
  DecisionFlow flow;
  flow.capacity = FindCapacity(channel).bits();
  flow.information = MutualInformation(std::vector<double>{1 - positive_share, positive_share}, channel);
  for (const double hit : {hits.lower, hits.upper})
    for (const double alarm : {alarms.lower, alarms.upper}) {
      TRY(corner, CapacityOf(hit, alarm));
      flow.interval.upper = std::max(flow.interval.upper, corner.upper);
    }
  // A channel that says the contrary carries as much; only equal rates carry nothing.
  if (hits.lower > alarms.upper) {
    TRY(closest, CapacityOf(hits.lower, alarms.upper));
    flow.interval.lower = closest.lower;
  } else if (alarms.lower > hits.upper) {
    TRY(closest, CapacityOf(hits.upper, alarms.lower));
    flow.interval.lower = closest.lower;
  }
  return flow;
}

Result<ExtractionFlow> MeasureExtraction(std::uint64_t exact_matches, std::uint64_t queries, double bits_of_secret,
                                         double confidence) {
  if (queries == 0) return Invalid("an extraction without a query has no flow");
  if (!(bits_of_secret >= 0 && std::isfinite(bits_of_secret)))
    return Invalid(fmt::format("a secret of {} bits cannot be", bits_of_secret));
  TRY(rate, statistics::ClopperPearsonInterval(exact_matches, queries, confidence));
  return ExtractionFlow{static_cast<double>(exact_matches) / static_cast<double>(queries) * bits_of_secret,
                        {rate.lower * bits_of_secret, rate.upper * bits_of_secret}};
}

Result<ExtractionFlow> MeasureChoices(std::uint64_t hits, std::uint64_t tries, double choices, double confidence) {
  if (tries == 0) return Invalid("an extraction without a try has no flow");
  if (!(choices >= 2 && std::isfinite(choices))) return Invalid(fmt::format("{} choices hide nothing", choices));
  TRY(rate, statistics::ClopperPearsonInterval(hits, tries, confidence));
  return ExtractionFlow{ChoiceBits(static_cast<double>(hits) / static_cast<double>(tries), choices),
                        {ChoiceBits(rate.lower, choices), ChoiceBits(rate.upper, choices)}};
}

Result<double> ParameterBitsPerQuery(std::uint64_t parameters, double deviation_before, double deviation_after,
                                     std::uint64_t queries) {
  if (queries == 0) return Invalid("an extraction without a query has no flow");
  for (const double deviation : {deviation_before, deviation_after})
    if (!(deviation > 0 && std::isfinite(deviation)))
      return Invalid(fmt::format("a deviation of {} is not above 0", deviation));
  const double each = std::max(0.0, std::log2(deviation_before) - std::log2(deviation_after));
  return static_cast<double>(parameters) * each / static_cast<double>(queries);
}

Result<double> FlowRate(double bits_per_query, double queries_per_second) {
  for (const double factor : {bits_per_query, queries_per_second})
    if (!(factor >= 0 && std::isfinite(factor))) return Invalid(fmt::format("{} is not part of a rate", factor));
  return bits_per_query * queries_per_second;
}

}  // namespace ringfort::information_flow
