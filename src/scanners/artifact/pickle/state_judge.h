#pragma once

#include <span>

#include "formats/pickle/pickle_machine.h"
#include "scanners/artifact/pickle/global_policies.h"
#include "scanners/artifact/pickle/held_findings.h"

namespace ringfort::scanners {

// Judges what a stream does to things that it did not build of plain values: the
// state that it gives an object, and any change of a class, function or module.
class StateJudge {
 public:
  StateJudge(GlobalPolicies& policies, HeldFindings& held) : policies_(policies), held_(held) {}

  // BUILD, SETITEM, APPEND and their like.
  void Judge(const formats::PickleCall& call, const formats::PickleMachine& machine);

  // A name of scipy.stats was met: its distributions have a state of their own kind.
  void ExpectDistributions() { distributions_ = true; }

 private:
  void JudgeState(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgePartial(std::span<const formats::PickleValue> parts, const formats::PickleCall& call,
                    const formats::PickleMachine& machine);
  void JudgeAttributes(formats::PickleValue attributes, const formats::PickleCall& call,
                       const formats::PickleMachine& machine);

  GlobalPolicies& policies_;
  HeldFindings& held_;
  bool distributions_ = false;
};

}  // namespace ringfort::scanners
