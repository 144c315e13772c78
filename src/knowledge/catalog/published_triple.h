#pragma once

#include <string>

namespace ringfort::knowledge {

// Where arXiv 2512.23132 places a node of its reasoning graph: phase, software layer
// and system surface, as printed. It prints five of them, under names of its own;
// which entry of ours is meant is our reading.
struct PublishedTriple {
  std::string node{};   // id of the entry
  std::string label{};  // `VUL-31 MASTERKEY`
  std::string phase{};
  std::string layer{};
  std::string surface{};
};

}  // namespace ringfort::knowledge
