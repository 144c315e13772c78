#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "games/security_game.h"

namespace ringfort::games {

// Where each search ends, though it has not finished: the bounds it then reports stay
// true, and nothing is called optimal. Work is counted, never timed, so that the same
// game gives the same answer everywhere.
struct SecurityLimits {
  double gap = 1e-9;                          // of the undefended loss, at which the mixed solution is done
  std::uint64_t rounds = 400;                 // of the double oracle
  std::uint64_t attacker_labels = 1'000'000;  // of one best answer to a mixture of portfolios
  std::uint64_t defender_nodes = 1'000'000;   // of all best answers to mixtures of ways
  std::uint64_t pure_nodes = 200'000;         // of the search for the pure portfolio
};

// The portfolio whose worst case is least.
struct PureSolution {
  Portfolio portfolio{};
  double loss = 0;         // against `answer`, the attacker's best way
  double lower_bound = 0;  // no portfolio within the budgets loses less
  bool optimal = false;    // loss and bound agree to one part in 10^9
  Way answer{};
  std::uint64_t nodes = 0;  // searched
};

// Random play of both: the defender draws a portfolio, the attacker a way.
struct MixedSolution {
  struct PlayedPortfolio {
    Portfolio portfolio{};
    double probability = 0;
  };
  struct PlayedWay {
    Way way{};
    double probability = 0;
  };
  struct Bounds {
    double lower = 0;
    double upper = 0;
  };

  std::vector<PlayedPortfolio> portfolios{};  // most probable first; lose at most `upper_bound`
  std::vector<PlayedWay> ways{};              // most probable first; win at least `lower_bound`
  double lower_bound = 0;                     // the game's value lies between
  double upper_bound = 0;
  bool optimal = false;          // the bounds met within SecurityLimits::gap
  std::vector<Bounds> bounds{};  // after each round; each within the one before
};

struct SecuritySolution {
  double undefended = 0;  // the loss with the required defenses alone
  Way undefended_way{};
  PureSolution pure{};
  MixedSolution mixed{};  // upper_bound <= pure.loss: what the defender gains by not being foreseen
};

// Solves both without listing ways or portfolios. Errors: those of CheckSecurityGame.
//
// Pure: branch and bound over defenses, whose constraints are the ways that the
// attacker's best answers bring to light (implicit hitting sets, as in
// attack_graph/hardening.h). Mixed: the double oracle of H. McMahan, G. Gordon, A. Blum,
// "Planning in the Presence of Cost Functions Controlled by an Adversary" (2003): the
// game over the ways and portfolios found so far is solved, each player's best answer to
// the other's mixture joins them, until neither helps. The attacker's best answer is
// a best-first search from the goals whose bound lets him see which portfolio was drawn; the
// defender's is a branch and bound over savings, which shrink as defenses join.
// Every bound comes from these searches, none from the linear program.
Result<SecuritySolution> SolveSecurityGame(const SecurityGame& game, const SecurityLimits& limits = {});

// The mixed half alone.
Result<MixedSolution> SolveMixed(const SecurityGame& game, const SecurityLimits& limits = {});

// In which order to deploy a portfolio: the required defenses first, then always the one
// that lowers the attacker's best payoff most; where none does, the one that most weakens the way
// at hand. REQUIRES: a valid game, and indices that exist.
struct Deployment {
  std::uint32_t defense = 0;
  double loss_before = 0;
  double loss = 0;  // once it stands beside those before it
  Way open{};       // the attacker's best way then
};
std::vector<Deployment> OrderDeployment(const SecurityGame& game, const Portfolio& portfolio);

}  // namespace ringfort::games
