#include "scanners/artifact/pickle/call_cost.h"

#include <algorithm>

namespace ringfort::scanners {

using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

constexpr std::int64_t kLargeCount = std::int64_t{1} << 28;

bool IsLong(PickleValue value, const PickleMachine& machine) {
  if (value.kind() != PickleKind::kInteger) return false;
  const auto number = machine.Integer(value);
  return !number || *number > kLargeCount;
}

}  // namespace

std::string_view CostOfBounds(const formats::PickleCall& call, const PickleMachine& machine) {
  for (const PickleValue argument : machine.Elements(call.arguments)) {
    if (IsLong(argument, machine)) return "costs memory or time in proportion to its arguments";
  }
  return CostOfGathering(call, machine);
}

std::string_view CostOfGathering(const formats::PickleCall& call, const PickleMachine& machine) {
  if (!machine.Taint(call.arguments).object) return {};
  for (const PickleValue argument : machine.Elements(call.arguments)) {
    const formats::PickleObject* source = machine.Object(argument);
    const PickleGlobal* made_by = source == nullptr ? nullptr : machine.GlobalOf(source->callable);
    if (made_by == nullptr) continue;
    const std::string_view name = made_by->name;
    const auto inner = machine.Elements(source->arguments);
    const bool endless = made_by->module == "itertools" &&
                         (name == "count" || name == "cycle" || (name == "repeat" && inner.size() == 1));
    const bool counted = name == "range" || name == "xrange" || name == "repeat" || name == "product" ||
                         name.starts_with("permutations") || name.starts_with("combinations");
    const bool long_one =
        counted && std::any_of(inner.begin(), inner.end(), [&](PickleValue v) { return IsLong(v, machine); });
    // zip and enumerate only wrap; what gathers stands further out.
    if (endless) return "gathers an endless iterator";
    if (long_one) return "gathers an enormous iterator";
  }
  return {};
}

}  // namespace ringfort::scanners
