#include "scanners/artifact/pickle/call_cost.h"

#include <algorithm>
#include <cmath>

#include "scanners/artifact/pickle/value_extent.h"

namespace ringfort::scanners {

using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;
using Values = std::span<const PickleValue>;

namespace {

constexpr double kManyItems = 0x1p28;
constexpr double kManyCells = 0x1p32;  // an embedding of a large model has 2^30
constexpr double kManyBits = 0x1p26;   // of a number or a text that is computed
constexpr double kManyDigits = 1e5;
constexpr double kManyPast = 0x1p26;  // elements that a storage grows by
constexpr double kManyTimes = 64;     // factors of a product

constexpr std::string_view kInProportion = "costs memory or time in proportion to its arguments";

bool IsLong(PickleValue value, const PickleMachine& machine) {
  if (value.kind() != PickleKind::kInteger) return false;
  const auto number = machine.Integer(value);
  return !number || static_cast<double>(*number) > kManyItems;
}

// '%9999999999d': a width that no page has.
bool HasWideField(std::string_view text) {
  double width = 0;
  for (const char letter : text) {
    width = letter >= '0' && letter <= '9' ? width * 10 + (letter - '0') : 0;
    if (width > kManyItems && text.find('%') != std::string_view::npos) return true;
  }
  return false;
}

std::string_view CostOfGathering(Values arguments, const PickleMachine& machine) {
  for (const PickleValue argument : arguments) {
    if (argument.kind() != PickleKind::kObject) continue;
    const double items = ItemsOf(argument, machine);
    if (std::isinf(items)) return "gathers an endless iterator";
    if (items > kManyItems) return "gathers an enormous iterator";
  }
  return {};
}

std::string_view CostOfBounds(const PickleGlobal& function, Values arguments, const PickleMachine& machine) {
  for (const PickleValue argument : arguments) {
    if (IsLong(argument, machine)) return kInProportion;
  }
  if (BitsOfResult(function.name, arguments, machine) > kManyBits) return kInProportion;
  const bool formats = function.name.find("mod") != std::string::npos && !arguments.empty();
  if (formats && HasWideField(machine.Text(arguments[0]).value_or(""))) return kInProportion;
  return CostOfGathering(arguments, machine);
}

// Of numbers side by side (a tensor's sizes) and of each shape by itself.
std::string_view CostOfAllocation(Values arguments, const PickleMachine& machine) {
  double side_by_side = 1;
  double most = 0;
  for (const PickleValue argument : arguments) {
    const double cells = CellsOf(argument, machine);
    if (argument.kind() == PickleKind::kInteger) side_by_side *= std::max(1.0, cells);
    most = std::max(most, cells);
  }
  if (std::max(most, side_by_side) > kManyCells) return "asks for more memory than any array takes";
  return CostOfGathering(arguments, machine);
}

// (storage, offset, size, stride): torch makes the storage longer if the view does not fit.
std::string_view CostOfView(Values arguments, const PickleMachine& machine) {
  if (arguments.size() < 4 || arguments[0].kind() != PickleKind::kPersistent) return {};
  const auto storage = machine.Elements(machine.PersistentId(arguments[0]));
  const auto held = storage.size() < 5 ? std::nullopt : machine.Integer(storage[4]);
  const auto sizes = machine.Elements(arguments[2]);
  const auto strides = machine.Elements(arguments[3]);
  double end = 1 + static_cast<double>(machine.Integer(arguments[1]).value_or(0));
  for (std::size_t i = 0; i < std::min(sizes.size(), strides.size()); ++i) {
    const double size = CellsOf(sizes[i], machine);
    const double stride = CellsOf(strides[i], machine);
    if (size <= 0) return {};
    if (stride > 0) end += (size - 1) * stride;
  }
  // Elements of two bits lie four to one of the storage.
  if (held && end > kManyPast && end > 4 * static_cast<double>(*held))
    return "a view far beyond its storage, which grows to hold it";
  return {};
}

}  // namespace

std::string_view CostOfCall(const PickleGlobal& function, Constraint constraint, Values arguments,
                            const PickleMachine& machine) {
  switch (constraint) {
    case Constraint::kBounded: return CostOfBounds(function, arguments, machine);
    case Constraint::kGathers: return CostOfGathering(arguments, machine);
    case Constraint::kAllocates: return CostOfAllocation(arguments, machine);
    case Constraint::kView: return CostOfView(arguments, machine);
    case Constraint::kDigits:
      for (const PickleValue argument : arguments) {
        const bool counts = argument.kind() == PickleKind::kObject || function.name == "Fraction";
        if (counts && DigitsOf(argument, machine) > kManyDigits) return "writes out a number of millions of digits";
      }
      return {};
    default: return {};
  }
}

std::string_view CostOfHanded(const PickleGlobal& caller, Constraint handed, Values arguments, PickleValue keywords,
                              const PickleMachine& machine) {
  const PickleGlobal* function = arguments.empty() ? nullptr : machine.GlobalOf(arguments[0]);
  if (caller.name == "defaultdict") return CostOfGathering(arguments, machine);
  if (function == nullptr) return {};
  if (caller.name == "partial") {
    for (const PickleValue times : machine.Elements(keywords)) {
      if (function->name == "product" && CellsOf(times, machine) > kManyTimes) return "gathers an enormous iterator";
    }
    return CostOfCall(*function, handed, arguments.subspan(1), machine);
  }
  if (caller.name == "_rebuild_from_type_v2")
    return arguments.size() < 3 ? std::string_view()
                                : CostOfCall(*function, handed, machine.Elements(arguments[2]), machine);
  if (caller.name == "reduce") {
    if (const std::string_view cost = CostOfGathering(arguments.subspan(1), machine); !cost.empty()) return cost;
    const std::string_view name = function->name;
    if (name.find("pow") != std::string_view::npos || name.find("lshift") != std::string_view::npos)
      return kInProportion;
    const double items = arguments.size() < 2 ? 0 : ItemsOf(arguments[1], machine);
    if (name.find("mul") != std::string_view::npos && items * items > kManyItems) return kInProportion;
  }
  return {};
}

std::string_view CostOfArrayState(PickleValue state, const PickleMachine& machine) {
  const auto parts = machine.Elements(state);
  if (state.kind() != PickleKind::kTuple || parts.size() < 5) return {};
  const double cells = CellsOf(parts[1], machine);
  const auto bytes = machine.Text(parts[4]);
  const double held = parts[4].kind() == PickleKind::kList ? static_cast<double>(machine.Count(parts[4]))
                      : bytes                              ? static_cast<double>(bytes->size())
                                                           : cells;
  constexpr double kCountedTo = 0x1p24 - 1;
  return cells > kManyItems && held < kCountedTo ? "a shape far beyond the data of the array" : std::string_view();
}

}  // namespace ringfort::scanners
