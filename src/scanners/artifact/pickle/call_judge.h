#pragma once

#include <string_view>

#include "formats/pickle/pickle_machine.h"
#include "scanners/artifact/inspection.h"
#include "scanners/artifact/pickle/callable_vocabulary.h"
#include "scanners/artifact/pickle/global_policies.h"
#include "scanners/artifact/pickle/held_findings.h"
#include "scanners/artifact/pickle/nested_streams.h"

namespace ringfort::scanners {

// Judges the calls of one read: by the standing of what is called, and for a safe
// callable by what its constraint says of the arguments.
class CallJudge {
 public:
  CallJudge(GlobalPolicies& policies, HeldFindings& held, Inspection& inspection)
      : policies_(policies), held_(held), inspection_(inspection) {}

  // A call of the global `id`.
  void Judge(const formats::PickleCall& call, formats::GlobalId id, const formats::PickleMachine& machine);
  // A call of what something returned: an instance with __call__, a bound method, a partial.
  void JudgeObject(const formats::PickleCall& call, const formats::PickleMachine& machine);

  // A stream has ended.
  void StartOver() { getter_seen_ = attribute_seen_ = false; }

  // Bytes that calls handed to another loader. They point into the content.
  const NestedStreams& nested() const { return nested_; }

 private:
  void JudgeCode(const formats::PickleCall& call, GlobalPolicy& policy, const formats::PickleMachine& machine);
  bool IsOwnAttribute(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeSafeCall(const formats::PickleCall& call, formats::GlobalId id, Constraint constraint,
                     const formats::PickleMachine& machine);
  void JudgeAttribute(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeConstruction(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeHandedCallables(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeOpening(const formats::PickleCall& call, const formats::PickleMachine& machine);
  void JudgeCodec(const formats::PickleCall& call, const formats::PickleMachine& machine);

  GlobalPolicies& policies_;
  HeldFindings& held_;
  Inspection& inspection_;
  NestedStreams nested_;
  bool getter_seen_ = false;     // a harmless getter is held in this stream
  bool attribute_seen_ = false;  // an attribute set on something of its own
};

}  // namespace ringfort::scanners
