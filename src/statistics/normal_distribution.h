#pragma once

// The standard normal distribution. Any thread.

namespace ringfort::statistics {

// P(Z <= value).
double NormalDistribution(double value);
// The value that lies below with `probability`: minus and plus infinity at 0 and 1,
// NaN outside.
double NormalQuantile(double probability);
// Half the width of a two-sided interval in standard errors: 1.96 for 0.95.
double NormalHalfWidth(double confidence);
// P(|Z| >= |value|).
double TwoSidedProbability(double value);

}  // namespace ringfort::statistics
