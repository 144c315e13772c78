#include "study/risk_score.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include "base/text.h"
#include "study/cell_internal.h"

namespace ringfort::study {
namespace {

struct Level {
  std::string_view letter;
  double weight;
};

struct Metric {
  std::string_view name;
  std::array<Level, 3> levels;
  double CvssVector::*weight;
};

constexpr std::array<Level, 3> kLoss{{{"N", 0}, {"P", 0.275}, {"C", 0.660}}};
constexpr std::array<Metric, 6> kMetrics{{
    {"AV", {{{"L", 0.395}, {"A", 0.646}, {"N", 1.0}}}, &CvssVector::access_vector},
    {"AC", {{{"H", 0.35}, {"M", 0.61}, {"L", 0.71}}}, &CvssVector::access_complexity},
    {"Au", {{{"M", 0.45}, {"S", 0.56}, {"N", 0.704}}}, &CvssVector::authentication},
    {"C", kLoss, &CvssVector::confidentiality},
    {"I", kLoss, &CvssVector::integrity},
    {"A", kLoss, &CvssVector::availability},
}};

}  // namespace

Result<CvssVector> ParseCvssVector(std::string_view text) {
  std::string_view rest = Trimmed(text);
  const auto fault = [&](std::string_view what) {
    return Error{Fault::kInvalidInput, fmt::format("`{}` is no CVSS version 2 vector (AV:N/AC:L/Au:N/C:C/I:C/A:C): {}",
                                                   Printable(text, 80), what)};
  };
  if (rest.starts_with('(') && rest.ends_with(')')) rest = rest.substr(1, rest.size() - 2);
  CvssVector vector;
  std::array<bool, kMetrics.size()> seen{};
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const std::size_t colon = part.find(':');
    if (colon == std::string_view::npos) return fault("a metric without a colon");
    const auto metric = std::find_if(kMetrics.begin(), kMetrics.end(),
                                     [&](const Metric& one) { return one.name == part.substr(0, colon); });
    if (metric == kMetrics.end()) return fault("an unknown metric");
    const auto level = std::find_if(metric->levels.begin(), metric->levels.end(),
                                    [&](const Level& one) { return one.letter == part.substr(colon + 1); });
    if (level == metric->levels.end()) return fault("an unknown value of a metric");
    bool& met = seen[static_cast<std::size_t>(metric - kMetrics.begin())];
    if (met) return fault("a metric stands there twice");
    met = true;
    vector.*(metric->weight) = level->weight;
  }
  if (!std::all_of(seen.begin(), seen.end(), [](bool met) { return met; })) return fault("a metric is missing");
  return vector;
}

CvssScore Score(const CvssVector& vector) {
  CvssScore score;
  score.impact = 10.41 * (1 - (1 - vector.confidentiality) * (1 - vector.integrity) * (1 - vector.availability));
  score.exploitability = 20 * vector.access_vector * vector.access_complexity * vector.authentication;
  score.base = score.impact == 0 ? 0 : (0.6 * score.impact + 0.4 * score.exploitability - 1.5) * 1.176;
  return score;
}

double RoundedToTenth(double score) { return std::round(score * 10) / 10; }

double Risk(const CvssScore& score) {
  const auto part = [](double value) { return std::clamp(value / 10, 0.0, 1.0); };
  return 0.5 * part(score.base) + 0.3 * part(score.exploitability) + 0.2 * part(score.impact);
}

RiskBand BandOf(double risk) {
  return risk > 0.8 ? RiskBand::kCritical : risk >= 0.4 ? RiskBand::kMedium : RiskBand::kLow;
}

RiskQueue QueueOf(double risk) {
  return risk > 0.8 ? RiskQueue::kAboveEightTenths : risk > 0.5 ? RiskQueue::kAboveHalf : RiskQueue::kUpToHalf;
}

double NormalizedFrequency(double frequency, double weight) { return frequency / (weight + 1e-4); }

}  // namespace ringfort::study
