#pragma once

#include <gmpxx.h>

#include <cstdint>
#include <vector>

#include "base/result.h"

namespace ringfort::games {

// A linear program in integers, solved without rounding: the largest c x with A x <= b,
// x >= 0, where no b is negative, so that x = 0 is a place to begin.
struct ExactProgram {
  std::vector<std::vector<mpz_class>> constraints{};  // A, one list a row
  std::vector<mpz_class> bounds{};                    // b
  std::vector<mpz_class> objective{};                 // c
};

struct ExactOptimum {
  mpq_class value{};
  std::vector<mpq_class> primal{};  // x
  std::vector<mpq_class> dual{};    // of each constraint
  std::uint64_t pivots = 0;
  double work_left = 0;  // of what was allowed
};

// Simplex method: the steepest coefficient enters, Bland's rule after a pivot that gained
// nothing, so it ends. The tableau stays in integers over one common denominator, the
// determinant of the basis: J. Edmonds (1967), as in D. Avis, "lrs: A Revised
// Implementation of the Reverse Search Vertex Enumeration Algorithm" (2000).
//
// Work is counted in bits of tableau entries touched; past `work` it ends with
// kLimitExceeded (the default is some ten seconds). kInvalidInput if there is no largest.
inline constexpr double kExactWork = 1e10;
Result<ExactOptimum> Maximize(const ExactProgram& program, double work = kExactWork);

}  // namespace ringfort::games
