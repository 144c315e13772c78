#pragma once

#include <span>

namespace ringfort::statistics {

// The value below which a share `probability` of the sample lies, straight lines
// drawn between neighbors. The sample is sorted and holds no NaN; of an empty one the
// answer is NaN. `probability` is clamped to [0, 1].
//
// Source: R. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", Am.
// Statistician 50 (1996), definition 7 (the one of R and NumPy).
double QuantileOfSorted(std::span<const double> sorted, double probability);

// The same of a sample in any order; O(n log n), copies it.
double Quantile(std::span<const double> sample, double probability);
inline double Median(std::span<const double> sample) { return Quantile(sample, 0.5); }

// Of an empty sample NaN; of a single value the variance is NaN. Divides by n - 1.
double Mean(std::span<const double> sample);
double Variance(std::span<const double> sample);

}  // namespace ringfort::statistics
