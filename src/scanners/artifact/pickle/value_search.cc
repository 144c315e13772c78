#include "scanners/artifact/pickle/value_search.h"

#include <algorithm>

#include "scanners/artifact/pickle/callable_vocabulary.h"
#include "scanners/artifact/pickle/code_object.h"
#include "scanners/artifact/pickle/stored_getter.h"

namespace ringfort::scanners {

using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

bool FindCaller(PickleValue value, const PickleMachine& machine, int depth, int& budget) {
  if (depth > kSearchDepth || --budget < 0) return true;
  if (!machine.Taint(value).object) return false;
  if (const formats::PickleObject* object = machine.Object(value); object != nullptr)
    return IsCaller(value, machine) || FindCaller(object->arguments, machine, depth + 1, budget);
  const auto parts = machine.Elements(value);
  return !machine.Complete(value) || std::any_of(parts.begin(), parts.end(), [&](PickleValue part) {
    return FindCaller(part, machine, depth + 1, budget);
  });
}

bool FindTellingName(PickleValue value, const PickleMachine& machine, int depth, int& budget) {
  if (depth > kSearchDepth || --budget < 0) return false;
  switch (value.kind()) {
    case PickleKind::kText: {
      const auto text = machine.Text(value);
      return text && IsTellingName(*text);
    }
    case PickleKind::kObject: {
      const formats::PickleObject* object = machine.Object(value);
      return !MakesCode(machine.GlobalOf(object->callable)) &&
             FindTellingName(object->arguments, machine, depth + 1, budget);
    }
    case PickleKind::kTuple:
    case PickleKind::kList:
    case PickleKind::kDict:
    case PickleKind::kSet:
    case PickleKind::kFrozenSet: {
      const auto parts = machine.Elements(value);
      return std::any_of(parts.begin(), parts.end(),
                         [&](PickleValue part) { return FindTellingName(part, machine, depth + 1, budget); });
    }
    default: return false;
  }
}

}  // namespace

bool IsCaller(PickleValue value, const PickleMachine& machine) {
  const formats::GlobalId root = machine.RootOf(value);
  if (root == formats::kNoGlobal) return true;
  const formats::PickleGlobal& maker = machine.Global(root);
  return IsGetterClass(&maker) || maker.name == "partial" || maker.name == "partialmethod";
}

bool HoldsCaller(PickleValue value, const PickleMachine& machine) {
  int budget = kSearchBudget;
  return FindCaller(value, machine, 0, budget);
}

bool HoldsTellingName(PickleValue value, const PickleMachine& machine) {
  int budget = kSearchBudget;
  return FindTellingName(value, machine, 0, budget);
}

}  // namespace ringfort::scanners
