#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace ringfort::information_flow {

// A discrete memoryless channel: for each input x a distribution P(y | x) over the
// outputs. It is what an attack, a guard or a judge is to us: a secret goes in, an
// observation comes out. It never changes once made. Row by row in memory, 8 bytes
// an entry.
//
// Source: C. Shannon, "A Mathematical Theory of Communication" (1948).
class Channel {
 public:
  // How far a row's sum may lie from 1. Rows are then divided by their sum.
  static constexpr double kRowTolerance = 1e-9;
  // Entries a channel may have (512 MiB).
  static constexpr std::size_t kMostEntries = std::size_t{1} << 26;

  // One row an input. Errors, each with the place counted from 1: no row or no column;
  // rows of different length; an entry that is negative or no number; a row that does
  // not sum to 1; more entries than kMostEntries.
  static Result<Channel> Create(std::span<const std::vector<double>> rows);
  // The same from inputs * outputs numbers, row by row.
  static Result<Channel> Create(std::size_t inputs, std::size_t outputs, std::vector<double> entries);
  // From counted pairs, row by row; each row is divided by its sum. Error: as above, or
  // a row without a count.
  static Result<Channel> FromCounts(std::size_t inputs, std::size_t outputs, std::vector<double> counts);

  std::size_t inputs() const { return inputs_; }
  std::size_t outputs() const { return outputs_; }
  double At(std::size_t input, std::size_t output) const { return entries_[input * outputs_ + output]; }
  std::span<const double> Row(std::size_t input) const { return {entries_.data() + input * outputs_, outputs_}; }
  std::span<const double> entries() const { return entries_; }

 private:
  Channel(std::size_t inputs, std::size_t outputs, std::vector<double> entries)
      : inputs_(inputs), outputs_(outputs), entries_(std::move(entries)) {}

  std::size_t inputs_ = 0;
  std::size_t outputs_ = 0;
  std::vector<double> entries_{};
};

// The two that every other one is made of or measured against.
Result<Channel> BinaryChannel(double one_given_zero, double one_given_one);
Result<Channel> NoiselessChannel(std::size_t symbols);

// What comes out of `first` goes into `second`. Error: they do not fit.
Result<Channel> Cascade(const Channel& first, const Channel& second);

// Both at once, each with its own input: input (x1, x2) has number x1 * inputs2 + x2,
// outputs likewise. Capacities add up. Error: more entries than kMostEntries.
Result<Channel> Parallel(const Channel& first, const Channel& second);

// Both see the same input and their outputs are put together, noises independent: what
// two observers who share their notes see. Error: different inputs; too many entries.
Result<Channel> Joint(const Channel& first, const Channel& second);

// A distribution over inputs. Error: empty, negative, no number, does not sum to 1
// within Channel::kRowTolerance. The result sums to 1.
Result<std::vector<double>> Distribution(std::span<const double> weights);
std::vector<double> UniformDistribution(std::size_t count);

}  // namespace ringfort::information_flow
