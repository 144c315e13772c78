#include "engines/http/retry_policy.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace ringfort::engines {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDay{86'400'000};

}  // namespace

bool MayPass(int status) {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
    case 529: return true;
    default: return false;
  }
}

std::optional<milliseconds> RetryWait(const RetryPolicy& policy, std::uint32_t attempt,
                                      std::optional<milliseconds> retry_after, Random& random) {
  if (attempt >= policy.attempts) return std::nullopt;
  if (retry_after && *retry_after > policy.longest_wait) return std::nullopt;
  milliseconds wait = policy.first_wait;
  for (std::uint32_t i = 1; i < attempt && wait < policy.longest_wait; ++i) wait *= 2;
  wait = std::min(wait, policy.longest_wait);
  const auto half = static_cast<std::uint64_t>(std::max<std::int64_t>(0, wait.count() / 2));
  const milliseconds drawn{static_cast<std::int64_t>(half + random.Below(half + 1))};
  return std::max(drawn, retry_after.value_or(milliseconds{0}));
}

std::optional<milliseconds> ParseRetryAfter(std::string_view text, std::time_t now) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  double seconds = 0;
  if (text.front() >= '0' && text.front() <= '9') {
    const auto [rest, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (failed != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  } else {
    std::tm date{};
    const std::string copy(text);
    const char* const rest = strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (rest == nullptr || *rest != '\0') return std::nullopt;
    const std::time_t then = timegm(&date);
    seconds = std::max(0.0, std::difftime(then, now));
  }
  return seconds >= 86400 ? kDay : milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

}  // namespace ringfort::engines
