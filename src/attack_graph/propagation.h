#pragma once

#include <cstdint>
#include <vector>

#include "attack_graph/attack_graph.h"
#include "base/result.h"

// How probable each fact is. The semantics: toss every step once, with its
// probability, all independent; a fact's probability is that of standing in the
// least fixed point of the steps that came out. Three ways to it:
//
//   ExactPropagation   by that definition, over all outcomes; small graphs only
//   SamplePropagation  by tossing, 64 worlds at a time; any graph, with an error
//                      that the number of samples tells
//   PropagateByEquations  by equations that take premises and alternatives for
//                      independent; a graph of millions of steps in a second
//
// The equations of the last one, x_f = 1 - prod over steps s to f of
// (1 - p_s prod over premises q of x_q), have the exact answer as solution on a
// forest. Elsewhere alternatives that share a root make them too high and premises
// that share a root too low; a graph whose steps have one premise at most has only
// the first, so that there they are an upper bound (T. Harris, "A lower bound for the
// critical probability in a certain percolation process", 1960). The choice of the
// semantics is ours.

namespace ringfort::attack_graph {

struct EquationPropagation {
  std::vector<double> probability{};  // by fact
  std::size_t sweeps = 0;
  bool converged = false;    // the last sweep changed no value by more than the tolerance
  bool upper_bound = false;  // no step has more than one premise
};

// The least fixed point of the equations, from below. O(premises) a sweep.
EquationPropagation PropagateByEquations(const AttackGraph& graph, double tolerance = 1e-9,
                                         std::size_t sweeps = 10'000);

struct SampledPropagation {
  std::vector<std::uint64_t> hits{};  // by fact: in how many worlds it held
  std::uint64_t samples = 0;          // a multiple of 64
};

// `samples` is rounded up to a multiple of 64. Probabilities are taken to 32 bits.
// The same seed gives the same hits.
SampledPropagation SamplePropagation(const AttackGraph& graph, std::uint64_t samples, std::uint64_t seed);

// By fact. Fault::kLimitExceeded if more than `limit` steps are uncertain (0 < p < 1)
// and can be reached; time and error grow as 2^uncertain.
Result<std::vector<double>> ExactPropagation(const AttackGraph& graph, std::size_t limit = 22);

}  // namespace ringfort::attack_graph
