#pragma once

#include <array>
#include <string_view>

#include "base/result.h"

namespace ringfort::study {

// A CVSS version 2 base vector, `AV:N/AC:L/Au:N/C:C/I:C/A:C` (in round brackets or
// not), as the weights of its six metrics.
// Source: P. Mell et al., "A Complete Guide to the Common Vulnerability Scoring System
// Version 2.0" (FIRST, 2007), section 3.2.1.
struct CvssVector {
  double access_vector = 0;      // local .395, adjacent .646, network 1.0
  double access_complexity = 0;  // high .35, medium .61, low .71
  double authentication = 0;     // multiple .45, single .56, none .704
  double confidentiality = 0;    // none 0, partial .275, complete .660; the same below
  double integrity = 0;
  double availability = 0;
};

// Fails unless each of the six metrics stands there once.
Result<CvssVector> ParseCvssVector(std::string_view text);

struct CvssScore {
  double impact = 0;          // 10.41 (1 - (1-C)(1-I)(1-A)), 0 .. 10.0008
  double exploitability = 0;  // 20 AV AC Au, 0 .. 9.9968
  double base = 0;            // (0.6 impact + 0.4 exploitability - 1.5) f(impact), not rounded
};

CvssScore Score(const CvssVector& vector);
double RoundedToTenth(double score);

// Risk = 0.5 base + 0.3 exploitability + 0.2 impact (arXiv 2512.23132). Its bands lie in
// [0, 1], which the three scores do not: taking each as a tenth, at most 1, is ours.
double Risk(const CvssScore& score);

// Published bands: critical above 0.8, medium from 0.4, else low. There is no `high`.
enum class RiskBand { kLow, kMedium, kCritical };
inline constexpr std::array<std::string_view, 3> kRiskBandNames = {"low", "medium", "critical"};
RiskBand BandOf(double risk);

// Published queues of work: above 0.8, above 0.5 to 0.8, up to 0.5.
enum class RiskQueue { kUpToHalf, kAboveHalf, kAboveEightTenths };
inline constexpr std::array<std::string_view, 3> kRiskQueueNames = {"up to 0.5", "0.5 to 0.8", "above 0.8"};
RiskQueue QueueOf(double risk);

// Frequency by deployment: f / (w + 1e-4), with w in [0, 1] how widely a model is
// deployed (arXiv 2512.23132, Table XVI).
double NormalizedFrequency(double frequency, double weight);

}  // namespace ringfort::study
