#include "information_flow/leakage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ringfort::information_flow {
namespace {

constexpr std::size_t kMostGains = 1'000'000;

}  // namespace

double PriorBayesVulnerability(std::span<const double> prior) { return *std::max_element(prior.begin(), prior.end()); }

double PosteriorBayesVulnerability(std::span<const double> prior, const Channel& channel) {
  std::vector<double> best(channel.outputs(), 0.0);
  for (std::size_t x = 0; x < channel.inputs(); ++x) {
    const std::span<const double> row = channel.Row(x);
    for (std::size_t y = 0; y < row.size(); ++y) best[y] = std::max(best[y], prior[x] * row[y]);
  }
  return std::accumulate(best.begin(), best.end(), 0.0);
}

double MinEntropyLeakage(std::span<const double> prior, const Channel& channel) {
  return std::max(0.0, std::log2(PosteriorBayesVulnerability(prior, channel) / PriorBayesVulnerability(prior)));
}

double MultiplicativeCapacity(const Channel& channel) {
  return PosteriorBayesVulnerability(std::vector<double>(channel.inputs(), 1.0), channel);
}

double MinCapacity(const Channel& channel) { return std::max(0.0, std::log2(MultiplicativeCapacity(channel))); }

Result<GainFunction> GainFunction::Create(std::vector<std::vector<double>> gains) {
  if (gains.empty() || gains[0].empty()) return Error{Fault::kInvalidInput, "a gain function needs a guess"};
  for (std::size_t w = 0; w < gains.size(); ++w) {
    if (gains[w].size() != gains[0].size())
      return Error{Fault::kInvalidInput, fmt::format("guess {} has {} gains where the first has {}", w + 1,
                                                     gains[w].size(), gains[0].size())};
    for (const double gain : gains[w])
      if (!(gain >= 0 && std::isfinite(gain)))
        return Error{Fault::kInvalidInput, fmt::format("guess {}: {} is not a gain", w + 1, gain)};
  }
  return GainFunction(std::move(gains));
}

GainFunction GainFunction::Identity(std::size_t inputs) {
  std::vector<std::vector<double>> gains(inputs, std::vector<double>(inputs, 0.0));
  for (std::size_t x = 0; x < inputs; ++x) gains[x][x] = 1;
  return GainFunction(std::move(gains));
}

Result<GainFunction> GainFunction::Tries(std::size_t inputs, std::size_t tries) {
  if (inputs == 0 || tries == 0) return Error{Fault::kInvalidInput, "a guess needs something to try"};
  std::vector<std::size_t> chosen(std::min(inputs, tries));
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  std::vector<std::vector<double>> gains;
  for (;;) {
    if ((gains.size() + 1) * inputs > kMostGains)
      return Error{Fault::kLimitExceeded, fmt::format("{} tries of {} are too many guesses", tries, inputs)};
    std::vector<double>& gain = gains.emplace_back(inputs, 0.0);
    for (const std::size_t x : chosen) gain[x] = 1;
    // The next combination in order: the last place that can still move up does.
    std::size_t place = chosen.size();
    while (place > 0 && chosen[place - 1] == inputs - chosen.size() + place - 1) --place;
    if (place == 0) return GainFunction(std::move(gains));
    ++chosen[place - 1];
    for (std::size_t i = place; i < chosen.size(); ++i) chosen[i] = chosen[i - 1] + 1;
  }
}

double PriorGVulnerability(const GainFunction& gain, std::span<const double> prior) {
  double best = 0;
  for (std::size_t w = 0; w < gain.guesses(); ++w)
    best = std::max(best, std::inner_product(prior.begin(), prior.end(), gain.Of(w).begin(), 0.0));
  return best;
}

double PosteriorGVulnerability(const GainFunction& gain, std::span<const double> prior, const Channel& channel) {
  std::vector<double> best(channel.outputs(), 0.0);
  std::vector<double> worth(channel.outputs());
  for (std::size_t w = 0; w < gain.guesses(); ++w) {
    std::fill(worth.begin(), worth.end(), 0.0);
    for (std::size_t x = 0; x < channel.inputs(); ++x) {
      const double weight = prior[x] * gain.Of(w)[x];
      if (weight == 0) continue;
      const std::span<const double> row = channel.Row(x);
      for (std::size_t y = 0; y < row.size(); ++y) worth[y] += weight * row[y];
    }
    for (std::size_t y = 0; y < worth.size(); ++y) best[y] = std::max(best[y], worth[y]);
  }
  return std::accumulate(best.begin(), best.end(), 0.0);
}

GLeakage FindGLeakage(const GainFunction& gain, std::span<const double> prior, const Channel& channel) {
  const double before = PriorGVulnerability(gain, prior);
  const double after = PosteriorGVulnerability(gain, prior, channel);
  if (!(before > 0)) return {};
  const double ratio = std::max(1.0, after / before);
  return {ratio, std::log2(ratio), std::max(0.0, after - before)};
}

}  // namespace ringfort::information_flow
