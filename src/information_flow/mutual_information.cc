#include "information_flow/mutual_information.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace ringfort::information_flow {

double Entropy(std::span<const double> distribution) {
  double sum = 0;
  for (const double p : distribution)
    if (p > 0) sum -= p * std::log2(p);
  return std::max(0.0, sum);
}

double Divergence(std::span<const double> p, std::span<const double> q) {
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] <= 0) continue;
    if (q[i] <= 0) return std::numeric_limits<double>::infinity();
    sum += p[i] * std::log2(p[i] / q[i]);
  }
  return std::max(0.0, sum);
}

std::vector<double> OutputDistribution(std::span<const double> prior, const Channel& channel) {
  std::vector<double> output(channel.outputs(), 0.0);
  for (std::size_t x = 0; x < channel.inputs(); ++x) {
    if (prior[x] == 0) continue;
    const std::span<const double> row = channel.Row(x);
    for (std::size_t y = 0; y < row.size(); ++y) output[y] += prior[x] * row[y];
  }
  return output;
}

double ConditionalEntropy(std::span<const double> prior, const Channel& channel) {
  return std::max(0.0, Entropy(prior) - MutualInformation(prior, channel));
}

double MutualInformation(std::span<const double> prior, const Channel& channel) {
  const std::vector<double> output = OutputDistribution(prior, channel);
  double sum = 0;
  for (std::size_t x = 0; x < channel.inputs(); ++x)
    if (prior[x] > 0) sum += prior[x] * Divergence(channel.Row(x), output);
  return std::max(0.0, sum);
}

double GaussianCapacity(double signal_to_noise) { return ShannonHartley(0.5, signal_to_noise); }

double ShannonHartley(double bandwidth, double signal_to_noise) {
  return bandwidth * std::log1p(signal_to_noise) * std::numbers::log2e;
}

}  // namespace ringfort::information_flow
