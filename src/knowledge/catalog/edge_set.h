#pragma once

#include <cstdint>
#include <string>

namespace ringfort::knowledge {

// A published set of links, and whether it says anything. A set that joins
// everything to everything carries no information, however large it is.
struct EdgeSet {
  std::string id{};  // `edges.ttp_vulnerability`
  std::string title{};
  std::string source{};
  std::uint64_t edges = 0;
  bool informative = true;
  std::string note{};
};

}  // namespace ringfort::knowledge
