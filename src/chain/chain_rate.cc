#include "chain/chain_rate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "statistics/proportion_interval.h"
#include "statistics/quantile.h"

namespace ringfort::chain {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr std::size_t kFewRuns = 5;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Outcome At(const LinkOutcomes& outcomes, std::size_t unit) {
  return outcomes.size() == 1 ? outcomes[0] : outcomes[unit];
}

Outcome EndToEnd(const ChainRun& run, std::size_t unit) {
  Outcome all = Outcome::kSucceeded;
  for (const LinkOutcomes& link : run.links) {
    const Outcome outcome = At(link, unit);
    if (outcome == Outcome::kFailed) return Outcome::kFailed;
    if (outcome == Outcome::kError || (outcome == Outcome::kUnjudged && all == Outcome::kSucceeded)) all = outcome;
  }
  return all;
}

void Count(Outcome outcome, CountedRate& counted) {
  if (outcome == Outcome::kUnjudged) {
    ++counted.unjudged;
  } else if (outcome == Outcome::kError) {
    ++counted.errors;
  } else {
    ++counted.tries;
    if (outcome == Outcome::kSucceeded) ++counted.successes;
  }
}

// The links' rates, and then that of the whole, over some units; units may come twice.
struct Tally {
  explicit Tally(std::size_t links) : counted(links + 1) {}

  void Add(const ChainRun& run, std::size_t unit) {
    for (std::size_t link = 0; link < run.links.size(); ++link) Count(At(run.links[link], unit), counted[link]);
    Count(EndToEnd(run, unit), counted.back());
  }
  double Rate(std::size_t i) const {
    return counted[i].tries == 0 ? kNone
                                 : static_cast<double>(counted[i].successes) / static_cast<double>(counted[i].tries);
  }
  double Product() const {
    double product = 1;
    for (std::size_t i = 0; i + 1 < counted.size(); ++i) product *= Rate(i);
    return product;
  }

  std::vector<CountedRate> counted;
};

statistics::Interval Middle(std::vector<double> values, statistics::Interval otherwise) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.size() < 2) return otherwise;
  std::ranges::sort(values);
  const double tail = (1 - statistics::kUsualConfidence) / 2;
  return {statistics::QuantileOfSorted(values, tail), statistics::QuantileOfSorted(values, 1 - tail)};
}

Status Check(std::span<const ChainRun> runs) {
  if (runs.empty()) return Error{Fault::kInvalidInput, "a chain without a run has no rate"};
  for (const ChainRun& run : runs) {
    if (run.units == 0) return Error{Fault::kInvalidInput, "a run without a unit has no rate"};
    if (run.links.size() != runs[0].links.size() || run.links.empty())
      return Error{Fault::kInvalidInput, "runs of one chain must have the same links"};
    for (const LinkOutcomes& link : run.links)
      if (link.size() != 1 && link.size() != run.units)
        return Error{Fault::kInvalidInput, "a link tells one outcome a unit, or one for the run"};
  }
  return Done{};
}

}  // namespace

Result<ChainRates> EstimateChain(std::span<const ChainRun> runs, std::uint64_t seed) {
  if (const Status status = Check(runs); !status.ok()) return status.error();
  const std::size_t links = runs[0].links.size();
  Tally seen(links);
  for (const ChainRun& run : runs)
    for (std::size_t unit = 0; unit < run.units; ++unit) seen.Add(run, unit);

  Random random(seed);
  std::vector<std::vector<double>> rates(links + 1);
  std::vector<double> products, excesses;
  for (std::size_t resample = 0; resample < kResamples; ++resample) {
    Tally drawn(links);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const ChainRun& run = runs[random.Below(runs.size())];
      for (std::size_t j = 0; j < run.units; ++j) drawn.Add(run, random.Below(run.units));
    }
    for (std::size_t i = 0; i <= links; ++i) rates[i].push_back(drawn.Rate(i));
    products.push_back(drawn.Product());
    excesses.push_back(drawn.Rate(links) - drawn.Product());
  }

  ChainRates told;
  told.few_runs = runs.size() < kFewRuns;
  for (std::size_t i = 0; i <= links; ++i) {
    CountedRate counted = seen.counted[i];
    counted.rate = seen.Rate(i);
    // A bootstrap of nothing but successes, or of none, has no width; Wilson's has.
    const bool all_alike = counted.successes == 0 || counted.successes == counted.tries;
    if (runs.size() == 1 || all_alike) {
      TRY(interval, statistics::WilsonInterval(counted.successes, counted.tries));
      counted.interval = interval;
    } else {
      counted.interval = Middle(std::move(rates[i]), {0, 1});
    }
    if (i < links)
      told.links.push_back(counted);
    else
      told.end_to_end = counted;
  }
  told.product = seen.Product();
  told.excess = told.end_to_end.rate - told.product;
  told.product_interval = Middle(std::move(products), {0, 1});
  told.excess_interval = Middle(std::move(excesses), {-1, 1});
  // Where no resample differed from another, only the links' own intervals know how little that says.
  if (told.product_interval.width() == 0) {
    told.product_interval = {1, 1};
    for (const CountedRate& link : told.links) {
      told.product_interval.lower *= link.interval.lower;
      told.product_interval.upper *= link.interval.upper;
    }
  }
  if (told.excess_interval.width() == 0)
    told.excess_interval = {told.end_to_end.interval.lower - told.product_interval.upper,
                            told.end_to_end.interval.upper - told.product_interval.lower};
  return told;
}

}  // namespace ringfort::chain
