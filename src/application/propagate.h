#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ringfort {

enum class PropagationMethod { kEquations, kSamples, kExact };

struct PropagateOptions {
  // An attack graph as text, see attack_graph/attack_graph_file.h; a name that ends in
  // `.rules`: facts and rules (attack_graph/rule.h), at most 16 MiB, from which it is derived.
  std::string file{};
  PropagationMethod method = PropagationMethod::kEquations;
  std::uint64_t samples = 100'000;
  std::uint64_t seed = 1;
  // A fact; empty: no paths are looked for. Of facts and rules it may leave terms open, as in
  // `execCode(workStation, _)`: then the most probable fact that it meets.
  std::string goal{};
  std::size_t paths = 5;   // to the goal
  std::size_t facts = 20;  // the most probable ones to name
  bool loop_gain = true;   // takes some hundred passes over the graph: seconds, for millions of steps
};

struct PropagateAnswer {
  struct FactAnswer {
    std::string name{};
    double probability = 0;
    double low = 0;  // 95 % Wilson interval of a sampled probability, else the probability itself
    double high = 0;
  };
  struct Path {
    double probability = 0;
    double cost = 0;
    std::vector<std::string> steps{};  // `premise, premise -> conclusion (0.5)`; none to what is given
  };

  std::size_t facts = 0;
  std::size_t given = 0;  // of them, by a file of rules; they hold for certain
  std::size_t steps = 0;
  std::string method{};               // how, in words, with what it is worth
  std::vector<FactAnswer> top{};      // the goal first if there is one, then the most probable; none that is given
  std::optional<double> loop_gain{};  // nothing if it was not asked for
  double loop_gain_error = 0;
  std::vector<std::string> loop{};  // at most 20 of the facts on the strongest loops
  std::vector<Path> paths{};
};

// Errors: the file cannot be read or is no attack graph; it has no such goal; more
// uncertain steps than the exact method looks at.
Result<PropagateAnswer> Propagate(const PropagateOptions& options);

}  // namespace ringfort
