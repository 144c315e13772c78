#include "engines/token_distribution.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>

// Vocabularies have 50,000 tokens and more, and every scored token takes an exponential of
// each: the library's would cost as much as a small model. The loops are written in
// vectors, since a compiler never reorders a sum of doubles on its own, and compiled
// twice, for the processor to choose when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(RINGFORT_SANITIZED)
#define RINGFORT_FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define RINGFORT_FOR_EACH_PROCESSOR
#endif

namespace ringfort::engines {
namespace {

// As wide as one register of AVX2: what is wider the compiler takes apart, comparisons
// and conversions number by number.
constexpr std::size_t kLanes = 4;
using Doubles = double __attribute__((vector_size(kLanes * sizeof(double))));
using Words = std::int64_t __attribute__((vector_size(kLanes * sizeof(std::int64_t))));
using Floats = float __attribute__((vector_size(kLanes * sizeof(float))));

constexpr double kLowest = -700;  // exp of it is 1e-304: nothing, and no denormal

// exp(y) for y in [-700, 0]: 2^k times a Taylor sum on [-log(2)/2, log(2)/2], whose first
// term left out is below 3e-13. Not-a-number stays so.
[[gnu::always_inline]] inline void Exponential(const Doubles& y, Doubles& result) {
  constexpr double kToWhole = 6755399441055744.0;  // 1.5 * 2^52: leaves a whole number in the low bits
  const Doubles shifted = y * 1.4426950408889634 + kToWhole;
  const Doubles whole = shifted - kToWhole;
  const Doubles r = (y - whole * 0.693147180369123816490) - whole * 1.90821492927058770002e-10;
  Doubles sum = r * (1.0 / 3628800) + (1.0 / 362880);
  sum = sum * r + (1.0 / 40320);
  sum = sum * r + (1.0 / 5040);
  sum = sum * r + (1.0 / 720);
  sum = sum * r + (1.0 / 120);
  sum = sum * r + (1.0 / 24);
  sum = sum * r + (1.0 / 6);
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  Words bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits << 52) + (std::int64_t{1023} << 52);
  Doubles power;
  std::memcpy(&power, &bits, sizeof(power));
  result = sum * power;
}

struct Sums {
  double weight = 0;  // of exp(y)
  double first = 0;   // of exp(y) y
  double second = 0;  // of exp(y) y^2
};

RINGFORT_FOR_EACH_PROCESSOR
void AddWholeBlocks(const float* logits, std::size_t blocks, double highest, bool moments, Sums* sums) {
  Doubles weight{}, first{}, second{};
  const Doubles lowest = Doubles{} + kLowest;
  for (std::size_t block = 0; block < blocks; ++block) {
    Floats row;
    std::memcpy(&row, logits + block * kLanes, sizeof(row));
    Doubles y = __builtin_convertvector(row, Doubles) - highest;
    y = y < lowest ? lowest : y;
    Doubles e;
    Exponential(y, e);
    weight += e;
    if (moments) {
      const Doubles product = e * y;
      first += product;
      second += product * y;
    }
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    sums->weight += weight[lane];
    sums->first += first[lane];
    sums->second += second[lane];
  }
}

RINGFORT_FOR_EACH_PROCESSOR
float HighestOfBlocks(const float* logits, std::size_t blocks) {
  Floats best = Floats{} - std::numeric_limits<float>::infinity();
  for (std::size_t block = 0; block < blocks; ++block) {
    Floats row;
    std::memcpy(&row, logits + block * kLanes, sizeof(row));
    best = row > best ? row : best;
  }
  float highest = best[0];
  for (std::size_t lane = 1; lane < kLanes; ++lane) highest = std::max(highest, best[lane]);
  return highest;
}

}  // namespace

TokenDistribution Distribution(std::span<const float> logits, bool moments) {
  const std::size_t blocks = logits.size() / kLanes;
  const std::span<const float> rest = logits.subspan(blocks * kLanes);
  float highest = HighestOfBlocks(logits.data(), blocks);
  for (const float logit : rest) highest = std::max(highest, logit);
  if (logits.empty()) return {.log_sum = highest};

  Sums sums;
  AddWholeBlocks(logits.data(), blocks, highest, moments, &sums);
  for (const float logit : rest) {
    double y = static_cast<double>(logit) - highest;
    y = y < kLowest ? kLowest : y;
    const double e = std::exp(y);
    sums.weight += e;
    sums.first += e * y;
    sums.second += e * y * y;
  }
  const double log_weight = std::log(sums.weight);
  TokenDistribution distribution{.log_sum = highest + log_weight};
  if (moments) {
    const double mean = sums.first / sums.weight;
    distribution.mean = mean - log_weight;
    distribution.variance = std::max(0.0, sums.second / sums.weight - mean * mean);
  }
  return distribution;
}

std::vector<Alternative> LikeliestTokens(std::span<const float> logits, const TokenDistribution& distribution,
                                         std::size_t count) {
  std::vector<Token> order(logits.size());
  std::iota(order.begin(), order.end(), Token{0});
  const auto likelier = [&](Token a, Token b) {
    const float left = logits[static_cast<std::size_t>(a)], right = logits[static_cast<std::size_t>(b)];
    return left > right || (left == right && a < b);
  };
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), likelier);
  std::vector<Alternative> likeliest(count);
  for (std::size_t i = 0; i < count; ++i) {
    likeliest[i].token = order[i];
    likeliest[i].log_probability = distribution.LogProbability(logits[static_cast<std::size_t>(order[i])]);
  }
  return likeliest;
}

}  // namespace ringfort::engines
