#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "attack_graph/attack_graph.h"
#include "base/result.h"

// Attack graphs as text, one step a line, made to be written by any script and read
// at the speed of the disk:
//
//   premise,premise<TAB>conclusion<TAB>probability[<TAB>cost]
//
// No premise (an empty first field): open from the beginning. Names are any bytes
// but tab, comma and line feed. Empty lines and lines that begin with `#` say nothing.

namespace ringfort::attack_graph {

// The names of a graph's facts, as views into the text that they were read from.
class FactNames {
 public:
  std::string_view Name(Fact fact) const { return names_[fact]; }
  std::size_t size() const { return names_.size(); }
  Fact Find(std::string_view name) const;  // kNone if there is none
  Fact Intern(std::string_view name);      // the view must stay valid

 private:
  void Grow();

  std::vector<std::string_view> names_{};
  std::vector<std::uint32_t> hashes_{};  // by fact: most lookups that fail never touch the name
  std::vector<Fact> slots_{};            // open addressing, a power of two, at most half full
};

struct AttackGraphFile {
  AttackGraph graph{};
  FactNames names{};
};

// `text` must outlive the result. Errors: a line that is not as above, with its line
// number; more than 2^32 - 2 facts or premises. One pass; time and memory linear.
Result<AttackGraphFile> ReadAttackGraph(std::string_view text, std::string_view name);

}  // namespace ringfort::attack_graph
