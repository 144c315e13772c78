#pragma once

#include <cstdint>
#include <span>
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
  // The facts of these names, in order; new names get the next numbers. The views must
  // stay valid. Many at a time: a name is a place in memory that no cache holds, a long
  // one three, and the waits for them then overlap.
  void Intern(std::span<const std::string_view> names, std::vector<Fact>& facts);

 private:
  // A name as far as it fits: up to eight bytes whole, of a longer one the hash.
  struct Slot {
    std::uint64_t bytes = 0;
    std::uint32_t length = 0;  // kLong for a longer one
    Fact fact = kNone;
  };
  static constexpr std::uint32_t kLong = 9;

  static Slot SlotOf(std::string_view name);
  std::size_t HomeOf(const Slot& slot) const;
  bool Holds(const Slot& slot, const Slot& sought, std::string_view name) const {
    return slot.bytes == sought.bytes && slot.length == sought.length &&
           (slot.length < kLong || names_[slot.fact] == name);
  }
  Fact Place(std::string_view name, const Slot& sought);
  void MakeRoom(std::size_t more);

  std::vector<std::string_view> names_{};
  std::vector<Slot> sought_{};  // the names at hand
  std::vector<Slot> slots_{};   // open addressing, a power of two, at most half full
};

struct AttackGraphFile {
  AttackGraph graph{};
  FactNames names{};
};

// `text` must outlive the result. Errors: a line that is not as above, with its line
// number; more than 2^32 - 2 facts or premises. One pass; time and memory linear.
Result<AttackGraphFile> ReadAttackGraph(std::string_view text, std::string_view name);

}  // namespace ringfort::attack_graph
