#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "attack_graph/attack_graph.h"
#include "base/result.h"

// The security game: an attacker picks one way to one goal in an attack graph, a
// defender picks the defenses to deploy. The defender pays the attacker
//
//   value of the goal  x  product over the way's steps of
//                         (probability of the step  x  residuals of the deployed
//                          defenses that act on it)
//
// A way is a path; with steps that need several facts it is a tree, and a step that the
// tree needs in two branches counts twice (as attack_graph/attack_path.h orders ways).
// That is exact where no step has two premises that are in doubt, and otherwise at most
// what the attacker truly gets from that tree. Facts that hold for certain by steps that
// no defense acts on are never in doubt.
//
// Numbers only; names serve the errors. Any thread may use a game that none changes.

namespace ringfort::games {

struct Goal {
  attack_graph::Fact fact = 0;
  double value = 1;  // what the defender loses when the fact holds; finite, >= 0; any unit
};

// What a defense leaves of a step's probability.
struct Effect {
  attack_graph::Step step = 0;
  double residual = 1;  // in [0, 1]; 0 closes the step, 1 does nothing
};

struct Defense {
  std::string name{};
  std::vector<double> costs{};  // one a budget, in its unit; finite, >= 0
  std::vector<Effect> effects{};
  bool required = false;  // in every portfolio, say because it is deployed already
};

struct Budget {
  std::string name{};  // `effort`, `latency`, `utility loss`
  double limit = 0;    // >= 0; infinity: no limit
};

struct SecurityGame {
  attack_graph::AttackGraph graph{};
  std::vector<Goal> goals{};
  std::vector<Defense> defenses{};
  std::vector<Budget> budgets{};
};

// Indices into SecurityGame::defenses, ascending.
using Portfolio = std::vector<std::uint32_t>;

// One way to a goal.
struct Way {
  std::uint32_t goal = 0;                   // index into SecurityGame::goals
  std::vector<attack_graph::Step> steps{};  // each once, after those that yield its premises
  std::vector<std::uint32_t> times{};       // how often each step counts; 1 on a path
};

// What is wrong with a game, in one sentence: no goal, no defense or no budget to choose from;
// a goal or an effect on what the graph does not hold; a probability or residual outside
// [0, 1]; a value, cost or limit that is negative or no number; a defense with another
// number of costs than there are budgets; required defenses that no budget pays for.
// Doing nothing but what is required fits every other budget.
Status CheckSecurityGame(const SecurityGame& game);

// Whether the defenses fit every budget, up to one part in 10^12 of it.
bool Affordable(const SecurityGame& game, const Portfolio& portfolio);

// What the attacker gets by the way against the portfolio; required defenses always count. REQUIRES: a valid game, and
// indices that exist.
double Payoff(const SecurityGame& game, const Way& way, const Portfolio& portfolio);

// The attacker's best answer to a portfolio and what it yields; a way without steps and
// 0 if no goal can be attained. Exact, by D. Knuth's generalization of Dijkstra's
// algorithm (1977): O(premises log facts). REQUIRES: as above.
struct Answer {
  Way way{};
  double payoff = 0;
};
Answer BestAnswer(const SecurityGame& game, const Portfolio& portfolio);

}  // namespace ringfort::games
