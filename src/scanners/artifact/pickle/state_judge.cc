#include "scanners/artifact/pickle/state_judge.h"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "scanners/artifact/pickle/call_cost.h"
#include "scanners/artifact/pickle/pickle_rules.h"
#include "scanners/artifact/pickle/scipy_distribution.h"
#include "scanners/artifact/pickle/value_search.h"

namespace ringfort::scanners {

using formats::GlobalId;
using formats::kNoGlobal;
using formats::PickleAction;
using formats::PickleCall;
using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

// Keys of an object's state that make Python call the value beside them.
bool IsPlantedMethod(std::string_view key) {
  if (key.size() > 4 && key.starts_with("__") && key.ends_with("__"))
    return key != "__doc__" && key != "__dict__" && key != "__module__" && key != "__name__";
  return key == "append" || key == "extend" || key == "add";
}

}  // namespace

void StateJudge::Judge(const PickleCall& call, const PickleMachine& machine) {
  if (call.receiver.kind() == PickleKind::kGlobal) {
    const GlobalId id = machine.IdOf(call.receiver);
    policies_.Of(id, machine).called = true;
    held_.Hold(
        kPickleRewritesGlobal, Severity::kCritical, call.offset,
        fmt::format("{} of {}; opcodes: {}", Name(call.action), machine.Render(call.receiver, 160), TraceLine(machine)),
        true);
    return;
  }
  if (call.action == PickleAction::kSetState) JudgeState(call, machine);
}

// The state of an object: a dictionary of attributes, or whatever its class's
// __setstate__ takes.
void StateJudge::JudgeState(const PickleCall& call, const PickleMachine& machine) {
  if (distributions_ && CarriesForeignTemplate(call, machine)) {
    held_.HoldCall(kPickleDangerousCall, Severity::kCritical, call, machine,
                   "gives a distribution a text that runs as code when it is restored", true);
  }
  const auto taint = machine.Taint(call.arguments);
  if (!taint.global && !taint.unknown && !taint.object) return;
  if (taint.global) {
    const WorstGlobal worst = policies_.WorstHanded(call.arguments, machine.GlobalOf(call.callable), machine);
    if (worst.standing == Standing::kDangerous) {
      GlobalPolicy& policy = policies_.Of(worst.id, machine);
      if (!policy.called || policy.raised < kRaisedPerName) {
        policy.called = true;
        ++policy.raised;
        held_.HoldCall(kPickleDangerousCall, SeverityOfCall(worst.danger), call, machine,
                       fmt::format("puts a function that {} where the object will call it", Describe(worst.danger)),
                       true);
      }
    }
  }
  // The first part of a partial's state is what it calls.
  if (const auto parts = machine.Elements(call.arguments); !parts.empty()) {
    const Constraint made_under = policies_.ConstraintOf(call.callable, machine);
    if (made_under == Constraint::kAllocates) held_.HoldCost(CostOfArrayState(call.arguments, machine), call, machine);
    if (made_under == Constraint::kCallsArguments) {
      if (HoldsCaller(parts[0], machine)) held_.ObjectsMayBeCalled();
      if (parts.size() >= 3) JudgePartial(parts, call, machine);
    }
  }
  // (dict, slots) pairs are states as well.
  std::array<PickleValue, 2> states = {call.arguments, {}};
  if (call.arguments.kind() == PickleKind::kTuple) {
    const auto parts = machine.Elements(call.arguments);
    for (std::size_t i = 0; i < states.size(); ++i) states[i] = i < parts.size() ? parts[i] : PickleValue{};
  }
  for (const PickleValue attributes : states) {
    if (attributes.kind() == PickleKind::kDict) JudgeAttributes(attributes, call, machine);
  }
}

// The state of a partial: function, arguments, keywords, attributes.
void StateJudge::JudgePartial(std::span<const PickleValue> parts, const PickleCall& call,
                              const PickleMachine& machine) {
  const PickleGlobal* maker = machine.GlobalOf(call.callable);
  std::vector<PickleValue> bound = {parts[0]};
  for (const PickleValue argument : machine.Elements(parts[1])) bound.push_back(argument);
  held_.HoldCost(CostOfHanded(*maker, policies_.ConstraintOf(parts[0], machine), bound, parts[2], machine), call,
                 machine);
}

void StateJudge::JudgeAttributes(PickleValue attributes, const PickleCall& call, const PickleMachine& machine) {
  const auto pairs = machine.Elements(attributes);
  for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
    const bool made = pairs[i + 1].kind() == PickleKind::kObject;
    if (pairs[i].kind() != PickleKind::kText || (pairs[i + 1].kind() != PickleKind::kGlobal && !made)) continue;
    const auto key = machine.Text(pairs[i]);
    // An object in such a place is a call as well, if it is one to be called.
    const bool planted = key && IsPlantedMethod(*key) &&
                         (!made || *key == "__setstate__" || *key == "__setitem__" ||
                          (!key->starts_with("__") && IsCaller(pairs[i + 1], machine)));
    if (planted) {
      held_.Hold(kPicklePlantedMethod, Severity::kHigh, call.offset,
                 fmt::format("{} = {}; opcodes: {}", *key, machine.Render(pairs[i + 1], 160), TraceLine(machine)),
                 false);
    }
  }
}

}  // namespace ringfort::scanners
