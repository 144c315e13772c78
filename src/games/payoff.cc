#include "games/payoff.h"

#include <charconv>
#include <cmath>
#include <string>

#include "base/text.h"

namespace ringfort::games {
namespace {

constexpr std::size_t kLongest = 64;

std::optional<double> Decimal(std::string_view text) {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !((digits[0] >= '0' && digits[0] <= '9') || digits[0] == '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> ReadPayoff(std::string_view text) {
  if (text.empty() || text.size() > kLongest) return std::nullopt;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return Decimal(text);
  if (text.find_first_of(".eE") != std::string_view::npos) return std::nullopt;
  const std::optional<double> numerator = Decimal(text.substr(0, slash));
  const std::optional<double> denominator = Decimal(text.substr(slash + 1));
  if (!numerator || !denominator || !(*denominator > 0)) return std::nullopt;
  return *numerator / *denominator;
}

bool IsNoFiniteNumber(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::string word = LowerCase(text);
  return word == "nan" || word == "inf" || word == "infinity" || word == ".nan" || word == ".inf";
}

}  // namespace ringfort::games
