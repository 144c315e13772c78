#include <cstddef>
#include <cstdint>
#include <string_view>

#include "games/exact_solution.h"
#include "games/game_file.h"
#include "games/stackelberg.h"

// Reads any of the forms; a small game that was read is solved, exactly, too.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto game = ringfort::games::ReadGame(text, "x", {.bytes = 1 << 20, .cells = 10'000});
  if (!game.ok() || game.value().row_payoffs.size() > 36) return 0;
  const ringfort::games::GameFile& file = game.value();
  const auto solved = ringfort::games::SolveExactly(file.rows, file.columns, file.row_written);
  if (!solved.ok() && solved.error().fault == ringfort::Fault::kInternal) __builtin_trap();
  if (file.constant_sum) return 0;
  const auto committed = ringfort::games::Commit(file.rows, file.columns, file.row_written, file.column_written);
  if (!committed.ok() && committed.error().fault == ringfort::Fault::kInternal) __builtin_trap();
  return 0;
}
