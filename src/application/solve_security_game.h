#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "games/security_game_file.h"
#include "games/security_solution.h"

// `ringfort game security`: a security game from a file, solved, with both bounds.

namespace ringfort {

struct SecurityGameRequest {
  std::string path{};
  games::SecurityLimits limits{};
};

struct SecurityGameAnswer {
  std::string path{};
  games::SecurityGameFile file{};
  games::SecuritySolution solution{};
  std::vector<games::Deployment> order{};  // of the pure portfolio
};

// Errors: the file cannot be read (kUnavailable), or holds no security game (`path:line: ...`).
Result<SecurityGameAnswer> SolveSecurityGameFile(const SecurityGameRequest& request);

// For a person; and {"schema": "ringfort.security-solution/1", ...}.
std::string WriteSecurityGameTable(const SecurityGameAnswer& answer);
std::string WriteSecurityGameJson(const SecurityGameAnswer& answer);

}  // namespace ringfort
