#include "information_flow/semantic_capacity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "information_flow/channel.h"
#include "information_flow/mutual_information.h"

namespace ringfort::information_flow {
namespace {

Error Invalid(std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; }

bool AllFinite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

}  // namespace

Result<std::vector<double>> ConceptVector(std::span<const std::vector<double>> references) {
  if (references.empty() || references[0].empty()) return Invalid("a concept needs a clean reference");
  std::vector<double> mean(references[0].size(), 0.0);
  for (const std::vector<double>& reference : references) {
    if (reference.size() != mean.size())
      return Invalid(fmt::format("references of {} and {} dimensions have no mean", mean.size(), reference.size()));
    if (!AllFinite(reference)) return Invalid("a reference holds what is not a finite number");
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += reference[i] / static_cast<double>(references.size());
  }
  const double length = std::sqrt(std::inner_product(mean.begin(), mean.end(), mean.begin(), 0.0));
  if (!(length > 0 && std::isfinite(length))) return Invalid("the references cancel out: their mean has no direction");
  for (double& part : mean) part /= length;
  return mean;
}

Result<SignalAndNoise> MeasureSignal(std::span<const double> embedding, std::span<const double> concept_vector,
                                     double variance) {
  if (embedding.size() != concept_vector.size() || embedding.empty())
    return Invalid(fmt::format("an embedding of {} dimensions does not fit a concept of {}", embedding.size(),
                               concept_vector.size()));
  if (!AllFinite(embedding) || !AllFinite(concept_vector))
    return Invalid("an embedding holds what is not a finite number");
  if (!(variance >= 0 && std::isfinite(variance))) return Invalid(fmt::format("{} is not a variance", variance));
  const double along = std::inner_product(embedding.begin(), embedding.end(), concept_vector.begin(), 0.0);
  double across = 0;
  for (std::size_t i = 0; i < embedding.size(); ++i) {
    const double rest = embedding[i] - along * concept_vector[i];
    across += rest * rest;
  }
  return SignalAndNoise{along * along, across + variance};
}

Result<double> ActionBandwidth(std::span<const double> policy, const std::vector<bool>& allowed) {
  if (policy.size() != allowed.size())
    return Invalid(fmt::format("a policy over {} actions does not fit {} permissions", policy.size(), allowed.size()));
  TRY(whole, Distribution(policy));
  double left = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) left += allowed[i] ? whole[i] : whole[i] = 0;
  if (!(left > 0)) return Invalid("the policy takes no action that is allowed");
  for (double& share : whole) share /= left;
  return Entropy(whole);
}

double SemanticCapacity(double bandwidth, const SignalAndNoise& signal) {
  if (bandwidth == 0) return 0;  // also where the ratio is infinite
  return ShannonHartley(bandwidth, signal.ratio());
}

}  // namespace ringfort::information_flow
