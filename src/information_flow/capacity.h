#pragma once

#include <cstddef>
#include <vector>

#include "information_flow/channel.h"

// The most bits that one use of a channel can carry, whatever its input. For a
// secret behind the channel: the most that an observation can tell of it.
//
// At every distribution p of the inputs, with q the outputs' distribution under it,
//
//   sum_x p(x) D(W_x || q)  <=  C  <=  max_x D(W_x || q)
//
// (S. Arimoto 1972, R. Blahut 1972). Both ends are kept while p improves, and the
// search ends when they meet: the answer carries its own proof, however p was found.
// The right end is taken over every input, also over those that the search has laid
// aside. Rounding is covered by the `rounding` added outward to both ends.
//
// The search: Blahut's and Arimoto's step with a growing exponent (G. Matz, P.
// Duhamel, "Information geometric formulation and interpretation of accelerated
// Blahut-Arimoto-type algorithms", 2004), and once few inputs are left, projected
// Newton steps on these (D. Bertsekas, SIAM J. Control Optim. 20, 1982). That the simplex
// drops out of the Newton step, because A p = 1 for A = W diag(1/q) W^T, is worked out
// in the source.

namespace ringfort::information_flow {

struct CapacityOptions {
  double tolerance = 1e-9;          // bits between the two ends
  std::size_t iterations = 20'000;  // of either kind
  bool newton = true;               // false: Blahut-Arimoto steps of exponent 1 alone, for comparing
};

struct Capacity {
  double lower = 0;             // bits a use
  double upper = 0;             // bits a use
  std::vector<double> input{};  // the distribution that attains `lower`
  std::size_t iterations = 0;   // Blahut-Arimoto steps
  std::size_t newton_iterations = 0;
  bool converged = false;  // upper - lower <= tolerance

  double bits() const { return (lower + upper) / 2; }
};

// Never fails: if the iterations end first, the ends are wide and `converged` is
// false. O(inputs * outputs) a step, O(k^2 * outputs + k^3) a Newton step on k inputs.
Capacity FindCapacity(const Channel& channel, const CapacityOptions& options = {});

}  // namespace ringfort::information_flow
