#include "scanners/artifact/pickle/pickle_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scanners/artifact/pickle/pickle_rules.h"

namespace ringfort::scanners {

using formats::GlobalId;
using formats::kNoGlobal;
using formats::PickleCall;
using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleOddity;
using formats::PickleValue;

namespace {

// Letters that Python's own modules and the usual packages have.
bool IsPlainName(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '<' || c == '>';
  });
}

std::string_view FrameworkOf(std::string_view module) {
  const std::string_view top = module.substr(0, module.find('.'));
  if (top == "sklearn") return "scikit-learn";
  if (top == "torch") return "pytorch";
  if (top == "xgboost" || top == "lightgbm" || top == "catboost" || top == "pandas") return top;
  return {};
}

}  // namespace

void PickleJudge::OnGlobal(GlobalId id, const PickleGlobal& global, const PickleMachine& machine) {
  policies_.Of(id, machine);
  if (framework_.empty() || framework_ == "pandas") {
    if (const std::string_view framework = FrameworkOf(global.module); !framework.empty()) framework_ = framework;
  }
  if (global.module.starts_with("scipy.stats")) states_.ExpectDistributions();
  met_dill_ = met_dill_ || global.module == "dill" || global.module.starts_with("dill.");
  met_cloudpickle_ = met_cloudpickle_ || global.module.find("cloudpickle") != std::string::npos;
}

void PickleJudge::OnCall(const PickleCall& call, const PickleMachine& machine) {
  if (call.folded) return;
  if (!IsCall(call.action)) {
    states_.Judge(call, machine);
    return;
  }
  const GlobalId id = machine.IdOf(call.callable);
  if (id == kNoGlobal) {
    calls_.JudgeObject(call, machine);
  } else if (!policies_.IsFree(id)) {
    calls_.Judge(call, id, machine);
  }
}

void PickleJudge::OnPersistent(PickleValue id, std::uint64_t offset, const PickleMachine& machine) {
  const auto parts = machine.Elements(id);
  const auto kind = parts.empty() ? std::nullopt : machine.Text(parts[0]);
  const bool torch = id.kind() == PickleKind::kTuple && kind && (*kind == "storage" || *kind == "module");
  if (torch) {
    storages_.Add(id, machine);
    if (framework_.empty()) framework_ = "pytorch";
    return;
  }
  if (!std::exchange(persistent_seen_, true))
    held_.Hold(kPicklePersistentId, Severity::kLow, offset, machine.Render(id), false);
}

void PickleJudge::OnAnomaly(const formats::PickleAnomaly& anomaly, const PickleMachine& machine) {
  const std::string evidence = fmt::format("{}{}{}; opcodes: {}", Name(anomaly.oddity),
                                           anomaly.detail.empty() ? "" : ": ", anomaly.detail, TraceLine(machine));
  switch (anomaly.oddity) {
    case PickleOddity::kExtensionCode:
      held_.Hold(kPickleExtensionRegistry, Severity::kHigh, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kMemoIndexHuge:
    case PickleOddity::kExpansion:
    case PickleOddity::kDuplicateChain:
    case PickleOddity::kIntegerHuge:
      held_.Hold(kPickleResourceBomb, Severity::kMedium, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kOutOfBandBuffer:
      held_.Hold(kPickleOutOfBandBuffer, Severity::kLow, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kArrayUnreadable:
      inspection_.Skip("array inside the pickle", "its size cannot be told, so what follows may be array bytes",
                       anomaly.offset);
      return;
    case PickleOddity::kFrameTruncated:
      // Python's own unpickler (joblib's is made of it) would have run the stream, the C one refuses the frame.
      inspection_.Skip("pickle frame", "it is longer than the file, and unpicklers stop there", anomaly.offset);
      held_.Hold(kPickleOddStructure, Severity::kLow, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kPersistentId: return;    // OnPersistent
    case PickleOddity::kNameUnresolved: return;  // the global itself is judged
    default: held_.Hold(kPickleOddStructure, Severity::kLow, anomaly.offset, evidence, false); return;
  }
}

// Names that were loaded and not called: importing them is an act as well.
void PickleJudge::JudgeMentions(const PickleMachine& machine) {
  const GlobalId count = machine.global_count();
  for (GlobalId id = 0; id < count; ++id) {
    GlobalPolicy& policy = policies_.Of(id, machine);
    if (std::exchange(policy.mentioned, true)) continue;
    const PickleGlobal& global = machine.Global(id);
    if (policy.resolved && !IsPlainName(global.module)) {
      held_.Hold(kPickleForgedName, Severity::kHigh, global.offset, global.Dotted(), false);
      continue;
    }
    if (policy.called) continue;
    const std::string evidence =
        global.derived ? fmt::format("{}, reached by {}", global.Dotted(), global.derivation) : global.Dotted();
    if (!policy.resolved) {
      held_.Hold(kPickleHiddenName, Severity::kHigh, global.offset, evidence, false);
    } else if (policy.judgment.standing == Standing::kDangerous) {
      // A file may well carry the names of its own code; that was said once.
      const Severity severity = policy.judgment.danger == Danger::kCodeObject ? Severity::kMedium
                                : ImportHasEffect(global.module)              ? Severity::kCritical
                                                                              : Severity::kHigh;
      held_.Hold(kPickleDangerousReference, severity, global.offset,
                 fmt::format("{} ({})", evidence, Describe(policy.judgment.danger)), true);
    } else if (policy.judgment.standing == Standing::kUnknown) {
      held_.Hold(kPickleUnknownReference, Severity::kMedium, global.offset, evidence, false);
    }
  }
}

void PickleJudge::OnStreamEnd(const formats::PickleStream& stream, PickleValue, const PickleMachine& machine) {
  JudgeMentions(machine);
  held_.Release(stream, inspection_);
  calls_.StartOver();
}

bool PickleJudge::OnProgress(std::uint64_t) { return !inspection_.Expired(); }

}  // namespace ringfort::scanners
