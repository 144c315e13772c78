#include "information_flow/channel.h"

#include <fmt/format.h>

#include <cmath>

namespace ringfort::information_flow {
namespace {

Error Invalid(std::string what) { return Error{Fault::kInvalidInput, std::move(what)}; }

// Divides `row` by its sum after looking at each entry.
Status Normalize(std::span<double> row, const std::string& name, bool sums_to_one) {
  double sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!(row[i] >= 0 && std::isfinite(row[i])))
      return Invalid(
          fmt::format("{}, entry {}: {} is not a {}", name, i + 1, row[i], sums_to_one ? "probability" : "count"));
    sum += row[i];
  }
  if (sums_to_one && !(std::abs(sum - 1) <= Channel::kRowTolerance))
    return Invalid(fmt::format("{} sums to {:.12g}, not to 1", name, sum));
  if (!(sum > 0 && std::isfinite(sum))) return Invalid(fmt::format("{} holds nothing that could be counted", name));
  for (double& entry : row) entry /= sum;
  return Done{};
}

Status CheckShape(std::size_t inputs, std::size_t outputs) {
  if (inputs == 0 || outputs == 0) return Invalid("a channel needs an input and an output at least");
  if (outputs > Channel::kMostEntries / inputs)
    return Error{Fault::kLimitExceeded, fmt::format("a channel of {} inputs and {} outputs is larger than {} entries",
                                                    inputs, outputs, Channel::kMostEntries)};
  return Done{};
}

Status NormalizeRows(std::size_t inputs, std::size_t outputs, std::vector<double>& entries, bool sums_to_one) {
  TRY_STATUS(CheckShape(inputs, outputs));
  if (entries.size() != inputs * outputs)
    return Invalid(fmt::format("a channel of {} inputs and {} outputs has {} entries, not {}", inputs, outputs,
                               inputs * outputs, entries.size()));
  for (std::size_t x = 0; x < inputs; ++x)
    TRY_STATUS(Normalize(std::span(entries).subspan(x * outputs, outputs), fmt::format("row {}", x + 1), sums_to_one));
  return Done{};
}

}  // namespace

Result<Channel> Channel::Create(std::span<const std::vector<double>> rows) {
  if (rows.empty()) return Invalid("a channel needs an input and an output at least");
  TRY_STATUS(CheckShape(rows.size(), rows[0].size()));
  std::vector<double> entries;
  for (std::size_t x = 0; x < rows.size(); ++x) {
    if (rows[x].size() != rows[0].size())
      return Invalid(
          fmt::format("row {} has {} entries where the first row has {}", x + 1, rows[x].size(), rows[0].size()));
    entries.insert(entries.end(), rows[x].begin(), rows[x].end());
  }
  return Create(rows.size(), rows[0].size(), std::move(entries));
}

Result<Channel> Channel::Create(std::size_t inputs, std::size_t outputs, std::vector<double> entries) {
  TRY_STATUS(NormalizeRows(inputs, outputs, entries, true));
  return Channel(inputs, outputs, std::move(entries));
}

Result<Channel> Channel::FromCounts(std::size_t inputs, std::size_t outputs, std::vector<double> counts) {
  TRY_STATUS(NormalizeRows(inputs, outputs, counts, false));
  return Channel(inputs, outputs, std::move(counts));
}

Result<Channel> BinaryChannel(double one_given_zero, double one_given_one) {
  return Channel::Create(2, 2, {1 - one_given_zero, one_given_zero, 1 - one_given_one, one_given_one});
}

Result<Channel> NoiselessChannel(std::size_t symbols) {
  TRY_STATUS(CheckShape(symbols, symbols));
  std::vector<double> entries(symbols * symbols, 0.0);
  for (std::size_t i = 0; i < symbols; ++i) entries[i * symbols + i] = 1;
  return Channel::Create(symbols, symbols, std::move(entries));
}

Result<Channel> Cascade(const Channel& first, const Channel& second) {
  if (first.outputs() != second.inputs())
    return Invalid(
        fmt::format("a channel with {} outputs does not fit one with {} inputs", first.outputs(), second.inputs()));
  TRY_STATUS(CheckShape(first.inputs(), second.outputs()));
  std::vector<double> entries(first.inputs() * second.outputs(), 0.0);
  for (std::size_t x = 0; x < first.inputs(); ++x) {
    double* const row = entries.data() + x * second.outputs();
    for (std::size_t y = 0; y < first.outputs(); ++y) {
      const double weight = first.At(x, y);
      if (weight == 0) continue;
      const std::span<const double> next = second.Row(y);
      for (std::size_t z = 0; z < next.size(); ++z) row[z] += weight * next[z];
    }
  }
  return Channel::Create(first.inputs(), second.outputs(), std::move(entries));
}

Result<Channel> Parallel(const Channel& first, const Channel& second) {
  TRY_STATUS(CheckShape(first.inputs(), second.inputs()));
  TRY_STATUS(CheckShape(first.outputs(), second.outputs()));
  const std::size_t inputs = first.inputs() * second.inputs();
  const std::size_t outputs = first.outputs() * second.outputs();
  TRY_STATUS(CheckShape(inputs, outputs));
  std::vector<double> entries;
  entries.reserve(inputs * outputs);
  for (std::size_t x1 = 0; x1 < first.inputs(); ++x1)
    for (std::size_t x2 = 0; x2 < second.inputs(); ++x2)
      for (const double p1 : first.Row(x1))
        for (const double p2 : second.Row(x2)) entries.push_back(p1 * p2);
  return Channel::Create(inputs, outputs, std::move(entries));
}

Result<Channel> Joint(const Channel& first, const Channel& second) {
  if (first.inputs() != second.inputs())
    return Invalid(
        fmt::format("a channel of {} inputs and one of {} do not see the same", first.inputs(), second.inputs()));
  TRY_STATUS(CheckShape(first.outputs(), second.outputs()));
  const std::size_t outputs = first.outputs() * second.outputs();
  TRY_STATUS(CheckShape(first.inputs(), outputs));
  std::vector<double> entries;
  entries.reserve(first.inputs() * outputs);
  for (std::size_t x = 0; x < first.inputs(); ++x)
    for (const double p1 : first.Row(x))
      for (const double p2 : second.Row(x)) entries.push_back(p1 * p2);
  return Channel::Create(first.inputs(), outputs, std::move(entries));
}

Result<std::vector<double>> Distribution(std::span<const double> weights) {
  if (weights.empty()) return Invalid("a distribution over nothing is none");
  std::vector<double> distribution(weights.begin(), weights.end());
  TRY_STATUS(Normalize(distribution, "the distribution", true));
  return distribution;
}

std::vector<double> UniformDistribution(std::size_t count) {
  return std::vector<double>(count, 1 / static_cast<double>(count));
}

}  // namespace ringfort::information_flow
