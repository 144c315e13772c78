#include "scanners/artifact/pickle/global_policies.h"

#include "scanners/artifact/pickle/stored_getter.h"
#include "scanners/artifact/pickle/value_search.h"

namespace ringfort::scanners {

using formats::GlobalId;
using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

GlobalPolicy& GlobalPolicies::Of(GlobalId id, const PickleMachine& machine) {
  if (id >= policies_.size()) policies_.resize(std::size_t{id} + 1);
  GlobalPolicy& policy = policies_[id];
  if (policy.known) return policy;
  const PickleGlobal& global = machine.Global(id);
  policy.known = true;
  policy.resolved = global.resolved;
  if (global.resolved) policy.judgment = Judge(global.module, global.name);
  if (ImportHasEffect(global.module)) policy.judgment = {Standing::kDangerous, Danger::kImport, Constraint::kNone};
  policy.free = policy.judgment.standing == Standing::kSafe && policy.judgment.constraint == Constraint::kNone;
  return policy;
}

Constraint GlobalPolicies::ConstraintOf(PickleValue value, const PickleMachine& machine) {
  const GlobalId id = machine.IdOf(value);
  if (id == formats::kNoGlobal) return Constraint::kNone;
  const Judgment& judgment = Of(id, machine).judgment;
  return judgment.standing == Standing::kSafe ? judgment.constraint : Constraint::kNone;
}

WorstGlobal GlobalPolicies::WorstIn(PickleValue value, const PickleMachine& machine) {
  int budget = kSearchBudget;
  return Search(value, machine, 0, budget);
}

WorstGlobal GlobalPolicies::Search(PickleValue value, const PickleMachine& machine, int depth, int& budget) {
  WorstGlobal worst;
  if (depth > kSearchDepth || --budget < 0) return worst;
  const auto look = [&](PickleValue part) {
    const WorstGlobal inner = Search(part, machine, depth + 1, budget);
    worst.hidden = worst.hidden || inner.hidden;
    if (inner.standing > worst.standing) {
      const bool hidden = worst.hidden;
      worst = inner;
      worst.hidden = hidden;
    }
  };
  switch (value.kind()) {
    case PickleKind::kGlobal: {
      const GlobalId id = machine.IdOf(value);
      const GlobalPolicy& policy = Of(id, machine);
      worst.standing = policy.judgment.standing;
      worst.danger = policy.judgment.danger;
      worst.id = id;
      worst.hidden = !policy.resolved || policy.judgment.constraint == Constraint::kAttribute ||
                     policy.judgment.constraint == Constraint::kResolves;
      // What is handed over is called out of sight: with which stream, on which object, cannot be told.
      if (worst.standing == Standing::kSafe && policy.judgment.constraint == Constraint::kNestedStream) {
        worst.standing = Standing::kDangerous;
        worst.danger = Danger::kLoader;
      } else if (worst.standing == Standing::kSafe && (policy.judgment.constraint == Constraint::kMember ||
                                                       policy.judgment.constraint == Constraint::kNoFile ||
                                                       policy.judgment.constraint == Constraint::kNewOnly)) {
        worst.standing = Standing::kUnknown;
      }
      break;
    }
    case PickleKind::kExtension: worst.hidden = true; break;
    case PickleKind::kTuple:
    case PickleKind::kList:
    case PickleKind::kDict:
    case PickleKind::kSet:
    case PickleKind::kFrozenSet:
      if (!machine.Taint(value).any()) break;
      for (const PickleValue part : machine.Elements(value)) {
        look(part);
        if (worst.standing == Standing::kDangerous) break;
      }
      break;
    default: break;  // the inside of an object was judged when it was made
  }
  return worst;
}

// Of what is handed to `caller`. A getter's class bound by partial (so methodcaller with keywords is pickled)
// is judged by what it makes once the partial is called.
WorstGlobal GlobalPolicies::WorstHanded(PickleValue handed, const PickleGlobal* caller, const PickleMachine& machine) {
  const auto parts = machine.Elements(handed);
  if (caller == nullptr || caller->name != "partial" || parts.empty() || !IsGetterClass(machine.GlobalOf(parts[0])))
    return WorstIn(handed, machine);
  Of(machine.IdOf(parts[0]), machine).called = true;
  int budget = kSearchBudget;
  WorstGlobal worst;
  for (const PickleValue part : parts.subspan(1)) {
    const WorstGlobal inner = Search(part, machine, 0, budget);
    if (inner.standing >= worst.standing) worst = inner;
  }
  return worst;
}

}  // namespace ringfort::scanners
