#include <charconv>
#include <utility>

#include "games/exact_payoffs_internal.h"

namespace ringfort::games {

mpq_class ExactPayoff(const std::string& written) {
  std::string_view text = written;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::string digits;
  long exponent = 0;
  bool after_point = false;
  std::size_t place = 0;
  const bool negative = text.starts_with('-');
  if (negative) place = 1;
  for (; place < text.size() && text[place] != 'e' && text[place] != 'E' && text[place] != '/'; ++place) {
    if (text[place] == '.') {
      after_point = true;
      continue;
    }
    digits += text[place];
    if (after_point) --exponent;
  }
  mpq_class value(mpz_class(digits.empty() ? "0" : digits, 10));
  if (place < text.size() && text[place] == '/') {
    value /= ExactPayoff(std::string(text.substr(place + 1)));
  } else if (place < text.size()) {
    std::string_view power = text.substr(place + 1);
    if (power.starts_with('+')) power.remove_prefix(1);
    long written_exponent = 0;
    std::from_chars(power.data(), power.data() + power.size(), written_exponent);
    exponent += written_exponent;
  }
  if (value != 0 && exponent != 0) {  // a zero may carry any exponent
    mpz_class ten;
    mpz_ui_pow_ui(ten.get_mpz_t(), 10, static_cast<unsigned long>(exponent < 0 ? -exponent : exponent));
    if (exponent > 0) value *= ten;
    if (exponent < 0) value /= ten;
  }
  return negative ? mpq_class(-value) : value;
}

Result<std::vector<mpz_class>> WholePayoffs(std::span<const std::string> written, mpz_class& scale) {
  std::vector<mpq_class> payoffs;
  payoffs.reserve(written.size());
  scale = 1;
  for (const std::string& text : written) {
    payoffs.push_back(ExactPayoff(text));
    mpz_lcm(scale.get_mpz_t(), scale.get_mpz_t(), payoffs.back().get_den_mpz_t());
    if (mpz_sizeinbase(scale.get_mpz_t(), 2) > 4096)
      return Error{Fault::kLimitExceeded, "the payoffs have no common denominator of up to 4096 bits"};
  }
  std::vector<mpz_class> whole;
  whole.reserve(payoffs.size());
  for (const mpq_class& payoff : payoffs) whole.push_back(payoff.get_num() * (scale / payoff.get_den()));
  return whole;
}

}  // namespace ringfort::games
