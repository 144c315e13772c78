#include "attacks/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

namespace ringfort::attacks {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Result<std::vector<double>> Normalized(const std::vector<double>& row) {
  const double top = row.empty() ? -kInfinity : *std::max_element(row.begin(), row.end());
  if (!std::isfinite(top) || std::any_of(row.begin(), row.end(), [](double value) { return std::isnan(value); }))
    return Error{Fault::kInvalidInput, "a row of log-probabilities holds no finite number, or one that is none"};
  double sum = 0;
  for (const double value : row) sum += std::exp(value - top);
  std::vector<double> normalized(row);
  for (double& value : normalized) value -= top + std::log(sum);
  return normalized;
}

}  // namespace

Result<Agreement> AgreementOf(std::span<const std::string> original, std::span<const std::string> copy) {
  if (original.empty() || original.size() != copy.size())
    return Error{Fault::kInvalidInput, fmt::format("{} answers against {}", original.size(), copy.size())};
  Agreement agreement;
  agreement.count = original.size();
  std::map<std::string_view, std::pair<double, double>> frequencies;
  for (std::size_t i = 0; i < original.size(); ++i) {
    agreement.agreeing += original[i] == copy[i] ? 1 : 0;
    ++frequencies[original[i]].first;
    ++frequencies[copy[i]].second;
  }
  const auto count = static_cast<double>(agreement.count);
  double chance = 0;
  for (const auto& [answer, counts] : frequencies) chance += counts.first / count * counts.second / count;
  agreement.share = static_cast<double>(agreement.agreeing) / count;
  agreement.kappa = chance >= 1 ? 1 : (agreement.share - chance) / (1 - chance);
  return agreement;
}

Result<DistributionGap> GapOf(std::span<const std::vector<double>> original,
                              std::span<const std::vector<double>> copy) {
  if (original.empty() || original.size() != copy.size())
    return Error{Fault::kInvalidInput, fmt::format("{} distributions against {}", original.size(), copy.size())};
  DistributionGap gap;
  const auto rows = static_cast<double>(original.size());
  for (std::size_t i = 0; i < original.size(); ++i) {
    if (original[i].size() != copy[i].size())
      return Error{Fault::kInvalidInput,
                   fmt::format("row {} has {} outcomes against {}", i, original[i].size(), copy[i].size())};
    TRY(first, Normalized(original[i]));
    TRY(second, Normalized(copy[i]));
    for (std::size_t j = 0; j < first.size(); ++j) {
      const double p = std::exp(first[j]);
      if (p > 0) gap.divergence += p * (first[j] - second[j]) / rows;
      gap.total_variation += std::abs(p - std::exp(second[j])) / 2 / rows;
    }
    const auto top = [](const std::vector<double>& row) {
      return std::max_element(row.begin(), row.end()) - row.begin();
    };
    gap.top_agreement += (top(first) == top(second) ? 1 : 0) / rows;
  }
  gap.divergence = std::max(0.0, gap.divergence);  // rounding may leave a little below
  return gap;
}

double QueriesFor(std::span<const BudgetPoint> curve, double fidelity) {
  std::vector<BudgetPoint> points(curve.begin(), curve.end());
  std::sort(points.begin(), points.end(),
            [](const BudgetPoint& a, const BudgetPoint& b) { return a.queries < b.queries; });
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].fidelity < fidelity) continue;
    if (i == 0) return points[0].queries;
    const BudgetPoint& before = points[i - 1];
    const double part = (fidelity - before.fidelity) / (points[i].fidelity - before.fidelity);
    return before.queries + part * (points[i].queries - before.queries);
  }
  return kInfinity;
}

}  // namespace ringfort::attacks
