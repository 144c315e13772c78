#pragma once

#include <gmpxx.h>

#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace ringfort::games {

// The rational number that a payoff as written (payoff.h) is, without rounding.
// REQUIRES: ReadPayoff accepts the text.
mpq_class ExactPayoff(const std::string& written);

// All of them times their least common denominator; `scale` becomes that. Errors: the
// denominator needs more than 4096 bits.
Result<std::vector<mpz_class>> WholePayoffs(std::span<const std::string> written, mpz_class& scale);

}  // namespace ringfort::games
