#include "scanners/artifact/pickle/held_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scanners/artifact/pickle/pickle_rules.h"

namespace ringfort::scanners {

using formats::PickleAction;
using formats::PickleCall;
using formats::PickleKind;
using formats::PickleMachine;

namespace {

constexpr std::size_t kHeldFindings = 4096;

}  // namespace

bool IsCall(PickleAction action) {
  return action == PickleAction::kReduce || action == PickleAction::kNew || action == PickleAction::kNewWithKeywords ||
         action == PickleAction::kInstantiate || action == PickleAction::kIndirect;
}

std::string TraceLine(const PickleMachine& machine) {
  std::string line;
  for (const char letter : machine.Trace()) {
    if (letter == '\n')
      line += "; ";
    else
      line += letter;
  }
  return line;
}

HeldFindings::Held* HeldFindings::Hold(const RuleCard& rule, Severity severity, std::uint64_t offset,
                                       std::string evidence, bool certain) {
  grave_ = grave_ || (certain && severity >= Severity::kHigh);
  if (held_.size() < kHeldFindings) {
    held_.push_back({&rule, severity, offset, std::move(evidence), certain});
    return &held_.back();
  }
  if (certain) {
    // Room for what matters most: the first one that matters less gives way.
    const auto weaker =
        std::find_if(held_.begin(), held_.end(), [&](const Held& held) { return held.severity < severity; });
    if (weaker != held_.end()) {
      *weaker = {&rule, severity, offset, std::move(evidence), certain};
      return &*weaker;
    }
  }
  return nullptr;
}

HeldFindings::Held* HeldFindings::HoldCall(const RuleCard& rule, Severity severity, const PickleCall& call,
                                           const PickleMachine& machine, std::string_view remark, bool certain) {
  std::string expression =
      call.result.kind() == PickleKind::kObject && IsCall(call.action) && call.action != PickleAction::kIndirect
          ? machine.Render(call.result)
          : machine.Render(call.callable, 160) + " with " + machine.Render(call.arguments, 160);
  return Hold(rule, severity, call.offset, fmt::format("{} ({}); opcodes: {}", expression, remark, TraceLine(machine)),
              certain);
}

void HeldFindings::HoldCost(std::string_view cost, const PickleCall& call, const PickleMachine& machine) {
  if (!cost.empty()) HoldCall(kPickleResourceBomb, Severity::kMedium, call, machine, cost, false);
}

void HeldFindings::Release(const formats::PickleStream& stream, Inspection& inspection) {
  const bool whole = stream.how == formats::PickleEnd::kStop;
  // Without PROTO and without an end, nothing says that this was ever a pickle.
  const bool credible = whole || stream.protocol >= 0;
  for (const Held& held : held_) {
    if (held.if_called && !objects_called_ && whole) continue;
    // The last name of a stream that ends too early may itself be cut short.
    const bool mention = held.rule == &kPickleUnknownReference || held.rule == &kPickleDangerousReference;
    if (stream.how == formats::PickleEnd::kTruncated && mention && held.offset + held.evidence.size() + 8 >= stream.end)
      continue;
    const bool remark = held.severity == Severity::kLow;
    if (held.certain || (credible && (whole || !remark)))
      inspection.Raise(*held.rule, held.severity, held.offset, held.evidence);
  }
  if (!whole) {
    const Error damage = stream.damage.value_or(Error{Fault::kInvalidInput, "the stream breaks off", stream.end});
    inspection.Skip("pickle stream", damage.what, damage.offset == kNoOffset ? stream.end : damage.offset);
    if (grave_) inspection.Raise(kPickleBreaksAfterPayload, stream.end, damage.what);
  }
  held_.clear();
  grave_ = objects_called_ = false;
}

}  // namespace ringfort::scanners
