#include "engines/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace ringfort::engines {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

float Comparable(float logit) { return std::isnan(logit) ? kNever : logit; }

Token Likeliest(std::span<const float> logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i)
    if (Comparable(logits[i]) > Comparable(logits[best])) best = i;
  return static_cast<Token>(best);
}

}  // namespace

Token SampleToken(std::span<const float> logits, const SamplingRule& rule, Random& random) {
  const Token likeliest = Likeliest(logits);
  if (!(rule.temperature > 0)) return likeliest;
  const double drawn = random.Uniform();
  const double highest = Comparable(logits[static_cast<std::size_t>(likeliest)]);
  if (!std::isfinite(highest)) return likeliest;

  std::vector<double> share(logits.size());
  double total = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    share[i] = std::exp((static_cast<double>(Comparable(logits[i])) - highest) / rule.temperature);
    total += share[i];
  }
  const bool cut_count = rule.top_k > 0 && rule.top_k < logits.size();
  const bool cut_share = rule.top_p < 1;
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t kept = order.size();
  if (cut_count || cut_share) {
    const auto likelier = [&](std::size_t a, std::size_t b) {
      return share[a] > share[b] || (share[a] == share[b] && a < b);
    };
    if (cut_count) kept = rule.top_k;
    const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
    if (cut_count) {
      std::partial_sort(at(0), at(kept), order.end(), likelier);
      total = 0;
      for (std::size_t i = 0; i < kept; ++i) total += share[order[i]];
    }
    if (cut_share) {
      double reached = 0;
      std::size_t needed = 0;
      std::size_t sorted = cut_count ? kept : 0;
      while (needed < kept && (needed == 0 || reached < rule.top_p * total)) {
        if (needed == sorted) {  // the likeliest few mostly do, and a whole vocabulary is dear to sort
          const std::size_t more = std::min(kept, std::max<std::size_t>(64, sorted * 8));
          std::partial_sort(at(sorted), at(more), order.end(), likelier);
          sorted = more;
        }
        reached += share[order[needed++]];
      }
      kept = needed;
      total = reached;
    }
  }
  double left = drawn * total;
  for (std::size_t i = 0; i < kept; ++i) {
    left -= share[order[i]];
    if (left < 0) return static_cast<Token>(order[i]);
  }
  return likeliest;  // rounding left a crumb over
}

void AddBias(std::span<float> logits, std::span<const LogitBias> bias) {
  for (const LogitBias& one : bias)
    if (one.token >= 0 && static_cast<std::size_t>(one.token) < logits.size())
      logits[static_cast<std::size_t>(one.token)] += static_cast<float>(one.bias);
}

std::size_t FindStop(std::string_view text, std::span<const std::string> stop, std::size_t from) {
  std::size_t first = std::string_view::npos;
  for (const std::string& one : stop)
    if (!one.empty()) first = std::min(first, text.find(one, from));
  return first;
}

}  // namespace ringfort::engines
