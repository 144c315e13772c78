#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Facts and rules in the notation of Datalog: what is known of a system, and how an
// attacker gets from what holds to what can hold.
//
//   canAccess(Host) :- attackerLocated(Zone), reaches(Zone, Host).
//
// A term that begins with an upper-case letter or an underscore is a variable; `_` alone
// is a wildcard, which meets every term and binds nothing; all else (lower case, digits,
// 'quoted') is a constant. A variable of the head that no premise binds is left open: it
// becomes a wildcard in the fact, or, where it stands in several places, an unknown that
// is the same there: the fact reaches(X, X) says that everything reaches itself. Lines
// may be broken anywhere; `%` begins a comment.
//
// Source: S. Ceri, G. Gottlob, L. Tanca, "What you always wanted to know about
// Datalog" (1989); wildcards in facts as logical attack graphs use them (Ou et al. 2006).

namespace ringfort::attack_graph {

struct Term {
  std::string text{};  // the name of a variable, or the constant; "_" for a wildcard
  bool variable = false;
  friend bool operator==(const Term&, const Term&) = default;
};

struct Atom {
  std::string predicate{};
  std::vector<Term> terms{};
  friend bool operator==(const Atom&, const Atom&) = default;
};

struct Rule {
  std::string name{};  // what the step is called
  Atom head{};
  std::vector<Atom> body{};  // none: a fact
  double probability = 1;    // that the step succeeds once its premises hold
  double cost = 0;
};

// `execCode(webServer, apache)`
std::string Text(const Atom& atom);

// Reads clauses, each ended by a full stop. Before a clause, a line
// `% NAME | PROBABILITY` or `% NAME | PROBABILITY | COST` names it; else it is called
// after its head and certain. Errors carry the line; more than kMaximumPremises premises
// or terms is one.
inline constexpr std::size_t kMaximumPremises = 64;
Result<std::vector<Rule>> ReadRules(std::string_view text, std::string_view name);

}  // namespace ringfort::attack_graph
