#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/rule.h"
#include "formats/pickle/pickle_machine.h"
#include "scanners/artifact/inspection.h"

namespace ringfort::scanners {

// True for the actions that call the callable itself.
bool IsCall(formats::PickleAction action);

// The last opcodes, in one line.
std::string TraceLine(const formats::PickleMachine& machine);

// Findings of one stream, held back until it ends: what a stream of random bytes
// seems to mention is no evidence, what a well-formed stream mentions is. Calls of
// dangerous names count either way, for they run before the damage is met.
class HeldFindings {
 public:
  struct Held {
    const RuleCard* rule;
    Severity severity;
    std::uint64_t offset;
    std::string evidence;
    bool certain;            // stands even if the stream turns out to be damaged
    bool if_called = false;  // counts only if something in the stream may call what was made
  };

  // Nullptr if there is no room for it; the pointer holds until the next one.
  Held* Hold(const RuleCard& rule, Severity severity, std::uint64_t offset, std::string evidence, bool certain);
  // The evidence is the call as it is rendered, and the remark.
  Held* HoldCall(const RuleCard& rule, Severity severity, const formats::PickleCall& call,
                 const formats::PickleMachine& machine, std::string_view remark, bool certain);

  // Something in this stream may call an object that the stream made.
  void ObjectsMayBeCalled() { objects_called_ = true; }

  // Raises what counts now that the stream has ended, and starts over.
  // A call that costs too much; nothing if `cost` is empty.
  void HoldCost(std::string_view cost, const formats::PickleCall& call, const formats::PickleMachine& machine);

  void Release(const formats::PickleStream& stream, Inspection& inspection);

 private:
  std::vector<Held> held_;
  bool grave_ = false;  // something certain is among them
  bool objects_called_ = false;
};

}  // namespace ringfort::scanners
