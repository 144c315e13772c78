#include "statistics/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "statistics/quantile.h"

namespace ringfort::statistics {
namespace {

Status Check(std::size_t count, const BootstrapOptions& options) {
  if (count == 0) return Error{Fault::kInvalidInput, "there is no observation to resample"};
  if (count > std::numeric_limits<std::uint32_t>::max())
    return Error{Fault::kLimitExceeded, "there are too many observations to resample"};
  if (options.resamples < 2) return Error{Fault::kInvalidInput, "an interval needs two resamples"};
  if (!(options.confidence > 0 && options.confidence < 1))
    return Error{Fault::kInvalidInput, "a confidence lies between 0 and 1"};
  return Done{};
}

Result<std::vector<double>> Sorted(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return Error{Fault::kInvalidInput, "the statistic has no value on any resample"};
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

Result<std::vector<double>> BootstrapValues(std::size_t count, const IndexedStatistic& statistic,
                                            const BootstrapOptions& options) {
  TRY_STATUS(Check(count, options));
  Random random(options.seed);
  std::vector<std::uint32_t> drawn(count);
  std::vector<double> values;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    for (std::uint32_t& index : drawn) index = static_cast<std::uint32_t>(random.Below(count));
    values.push_back(statistic(drawn));
  }
  return Sorted(std::move(values));
}

Result<Interval> BootstrapInterval(std::size_t count, const IndexedStatistic& statistic,
                                   const BootstrapOptions& options) {
  TRY(values, BootstrapValues(count, statistic, options));
  const double tail = (1 - options.confidence) / 2;
  return Interval{QuantileOfSorted(values, tail), QuantileOfSorted(values, 1 - tail)};
}

Result<Interval> BootstrapMeanInterval(std::span<const double> sample, const BootstrapOptions& options) {
  return BootstrapInterval(
      sample.size(),
      [sample](std::span<const std::uint32_t> drawn) {
        double sum = 0;
        for (const std::uint32_t index : drawn) sum += sample[index];
        return sum / static_cast<double>(drawn.size());
      },
      options);
}

Result<std::vector<double>> HalfSampleValues(std::size_t count, const IndexedStatistic& statistic,
                                             const BootstrapOptions& options) {
  TRY_STATUS(Check(count, options));
  if (count < 2) return Error{Fault::kInvalidInput, "one observation has no half"};
  Random random(options.seed);
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  const std::size_t half = count / 2;
  std::vector<double> values;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    for (std::size_t place = 0; place < half; ++place)
      std::swap(order[place], order[place + random.Below(count - place)]);
    values.push_back(statistic(std::span(order).first(half)));
  }
  return Sorted(std::move(values));
}

}  // namespace ringfort::statistics
