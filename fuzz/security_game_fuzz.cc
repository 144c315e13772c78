#include <cstddef>
#include <cstdint>
#include <string_view>

#include "games/security_game_file.h"
#include "games/security_solution.h"

// Reads a security game; a small one is solved under small limits, and its bounds must enclose.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = ringfort::games::ReadSecurityGame(text, "x", {.bytes = 1 << 20, .values = 10'000});
  if (!file.ok()) return 0;
  const ringfort::games::SecurityGame& game = file.value().game;
  if (game.graph.step_count() > 200 || game.defenses.size() > 20) return 0;
  ringfort::games::SecurityLimits limits;
  limits.rounds = 10;
  limits.attacker_labels = limits.defender_nodes = limits.pure_nodes = 1'000;
  const auto solved = ringfort::games::SolveSecurityGame(game, limits);
  if (!solved.ok()) __builtin_trap();
  const ringfort::games::SecuritySolution& solution = solved.value();
  const double slack = 1e-9 * solution.undefended;
  if (solution.mixed.lower_bound > solution.mixed.upper_bound + slack) __builtin_trap();
  if (solution.mixed.lower_bound > solution.pure.loss + slack) __builtin_trap();
  if (solution.pure.loss > solution.undefended + slack) __builtin_trap();
  if (!ringfort::games::Affordable(game, solution.pure.portfolio)) __builtin_trap();
  return 0;
}
