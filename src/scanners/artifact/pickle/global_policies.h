#pragma once

#include <cstdint>
#include <vector>

#include "formats/pickle/pickle_machine.h"
#include "scanners/artifact/pickle/callable_vocabulary.h"

namespace ringfort::scanners {

// How often a name is held against a file by its calls; the rest is the same again.
inline constexpr std::uint8_t kRaisedPerName = 12;

// What is known of one global of a read, and what was said of it.
struct GlobalPolicy {
  Judgment judgment;
  bool known = false;  // filled in
  bool free = false;   // safe, and its calls need no look
  bool resolved = true;
  bool called = false;     // a call of it has been raised, so its mention need not be
  bool mentioned = false;  // its mention has been judged
  std::uint8_t raised = 0;
};

// The worst callable found inside a value.
struct WorstGlobal {
  Standing standing = Standing::kSafe;
  formats::GlobalId id = formats::kNoGlobal;
  Danger danger = Danger::kNone;
  bool hidden = false;  // unresolved, from the registry, or a getattr
};

// The policies of all globals of one read. Each name is looked up in the
// vocabulary once and kept by its id, so a call of a safe constructor costs a few
// nanoseconds.
class GlobalPolicies {
 public:
  // The reference holds until a new global is asked for.
  GlobalPolicy& Of(formats::GlobalId id, const formats::PickleMachine& machine);
  // Of a global that is safe; kNone of all else.
  Constraint ConstraintOf(formats::PickleValue value, const formats::PickleMachine& machine);
  bool IsFree(formats::GlobalId id) const { return id < policies_.size() && policies_[id].free; }

  // What is handed over is called out of sight, so constraints that need a look at
  // the call count against it.
  WorstGlobal WorstIn(formats::PickleValue value, const formats::PickleMachine& machine);
  WorstGlobal WorstHanded(formats::PickleValue handed, const formats::PickleGlobal* caller,
                          const formats::PickleMachine& machine);

 private:
  WorstGlobal Search(formats::PickleValue value, const formats::PickleMachine& machine, int depth, int& budget);

  std::vector<GlobalPolicy> policies_;
};

}  // namespace ringfort::scanners
