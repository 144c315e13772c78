#pragma once

namespace ringfort::statistics {

// A closed interval in which an unknown number is claimed to lie.
struct Interval {
  double lower = 0;
  double upper = 0;

  bool Holds(double value) const { return lower <= value && value <= upper; }
  double width() const { return upper - lower; }
};

inline constexpr double kUsualConfidence = 0.95;

}  // namespace ringfort::statistics
