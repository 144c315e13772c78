#pragma once

#include <span>
#include <string>
#include <vector>

#include "attack_graph/attack_graph.h"
#include "attack_graph/rule.h"
#include "base/result.h"

namespace ringfort::attack_graph {

struct DerivationLimits {
  std::size_t facts = 1'000'000;
  std::size_t steps = 5'000'000;
  std::size_t tries = 2'000'000'000;  // of a fact at a premise, whether or not it meets it
};

// All that follows from some rules, and how.
struct Derivation {
  // By Fact; those given (rules without a body) come first. A term that is a variable
  // (X1, X2 ..) is an unknown, the same wherever the fact names it; one that stands in a
  // single place is the wildcard `_`. Two facts that differ in the names of unknowns are
  // one; one that says less than another (p(a) beside p(_)) stays a fact of its own.
  std::vector<Atom> facts{};
  std::size_t given = 0;                    // as many of them
  std::vector<std::size_t> rule_of_step{};  // by Step, into the rules given
  AttackGraph graph{};
  std::size_t rounds = 0;  // until nothing new followed

  // The fact whose text is `text`, or kNone.
  Fact Find(std::string_view text) const;
};

// Applies the rules until nothing new follows. Each way in which a rule's premises
// are met is one step; two steps of one rule with the same premises and conclusion are
// one. Semi-naive: a round joins only with what the round before found, and looks
// facts up by the terms that are bound.
//
// Errors: kLimitExceeded.
Result<Derivation> Derive(std::span<const Rule> rules, const DerivationLimits& limits = {});

}  // namespace ringfort::attack_graph
