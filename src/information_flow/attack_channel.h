#pragma once

#include <cstdint>

#include "information_flow/channel.h"
#include "statistics/interval.h"

// What an executed attack or a judge is worth in bits. A decision between two cases
// (member or not, harmful or not) is a binary channel: in goes the truth, out comes
// what was said. What is read out piece by piece is counted in bits of the secret.
//
// The channels and their capacities are Shannon's. Ours, and so marked where shown, are:
// to call the mean number of secret bits an extraction yields a query its flow, to count
// recovered parameters by the deviation that is left, and the interval of a decision's
// capacity from the intervals of its two rates.

namespace ringfort::information_flow {

// How often a decision was right and wrong. "Positive" is what the decision looks for.
struct Decisions {
  std::uint64_t true_positives = 0;
  std::uint64_t false_negatives = 0;
  std::uint64_t false_positives = 0;
  std::uint64_t true_negatives = 0;
};

// Input 0 is the negative case, 1 the positive; output 1 says "positive". Errors: a rate
// that is not in [0, 1]; counts without one of the cases.
Result<Channel> DecisionChannel(double true_positive_rate, double false_positive_rate);
Result<Channel> DecisionChannel(const Decisions& decisions);

struct DecisionFlow {
  double capacity = 0;              // bits a decision, at the prior that is best for who decides
  double information = 0;           // bits a decision, at the share of positives asked for
  statistics::Interval interval{};  // of the capacity

  // False where the interval holds zero: "no leak shown".
  bool leak_shown() const { return interval.lower > 0; }
};

// `positive_share`: how many of the cases that come are positive, in [0, 1]. The interval
// holds the capacity at least as often as `confidence` says: both rates lie in exact
// intervals at once with that confidence (each has half the error), and over these the
// capacity, convex in the pair of rates and 0 where they are equal, is largest in a
// corner and smallest where the rates are closest.
Result<DecisionFlow> MeasureDecisions(const Decisions& decisions, double positive_share = 0.5,
                                      double confidence = statistics::kUsualConfidence);

// Of secrets read out whole, each with so many bits: bits a query, with the exact
// interval of the success rate.
struct ExtractionFlow {
  double bits_per_query = 0;
  statistics::Interval interval{};

  bool leak_shown() const { return interval.lower > 0; }
};

// Errors: more exact matches than queries, no query, bits that are negative or not finite.
Result<ExtractionFlow> MeasureExtraction(std::uint64_t exact_matches, std::uint64_t queries, double bits_of_secret,
                                         double confidence = statistics::kUsualConfidence);

// Of secrets read as one of `choices` equally likely ones: bits a try. Where a share p of the tries names
// the right one, the answer tells at least
//
//   log2 k - h(p) - (1 - p) log2(k - 1)      h in bits; 0 where p is no more than 1 / k
//
// of the secret, whatever the wrong answers look like: Fano's inequality (R. Fano, 1961), met where the
// errors are spread evenly. Of 10,000 codes, 27 of 32 named: p = 0.84, 10.59 bits. Of 20 towns, 1 of 20 named: 0.
// The interval is that of the exact interval of p, over which the bound grows. Errors: more hits than
// tries, no try, fewer than two choices.
Result<ExtractionFlow> MeasureChoices(std::uint64_t hits, std::uint64_t tries, double choices,
                                      double confidence = statistics::kUsualConfidence);

// Parameters of a model that were known up to `deviation_before` and are known up to
// `deviation_after`, each: the bits that this takes if they are normally distributed
// (rate of the Gaussian source, Shannon 1959), by the queries spent. Errors: no query, a
// deviation that is not above 0 or not finite.
Result<double> ParameterBitsPerQuery(std::uint64_t parameters, double deviation_before, double deviation_after,
                                     std::uint64_t queries);

// Rate = capacity x bandwidth, bits a second. The bandwidth is queries, or allowed
// actions, a second. Error: negative or not a number.
Result<double> FlowRate(double bits_per_query, double queries_per_second);

}  // namespace ringfort::information_flow
