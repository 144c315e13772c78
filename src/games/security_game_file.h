#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "games/security_game.h"

// A security game as JSON or YAML (ringfort.security-game/1), nodes and defenses by name:
//
//   {"schema": "ringfort.security-game/1", "title": "...",
//    "budgets": {"effort": 3, "latency": null},                     null: no limit
//    "defenses": [{"name": "filter", "costs": {"effort": 2}, "required": false}],
//    "edges": [{"name": "guess", "from": ["account"], "to": "weights", "probability": 0.4,
//               "residuals": {"filter": 0.25}}],
//    "goals": [{"node": "weights", "value": 10}]}
//
// An edge without `from` is open from the beginning; `from` may be one name or a list, of
// which all must hold. A cost that is left out is 0, a probability or value 1, a name of
// an edge `account -> weights`. A number may be written "1/3".

namespace ringfort::games {

struct SecurityGameFile {
  std::string title{};
  SecurityGame game{};
  std::vector<std::string> nodes{};  // by fact
  std::vector<std::string> edges{};  // by step
};

struct SecurityGameFileLimits {
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t values = 5'000'000;  // of the document
};

// Errors begin with `name:line: `, or `name: ` for what concerns the whole game
// (CheckSecurityGame): what is malformed, members that do not exist, names that are empty, that
// stand twice or that nothing bears, numbers outside their range, a limit exceeded.
Result<SecurityGameFile> ReadSecurityGame(std::string_view text, std::string_view name,
                                          const SecurityGameFileLimits& limits = {});

}  // namespace ringfort::games
