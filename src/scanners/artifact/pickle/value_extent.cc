#include "scanners/artifact/pickle/value_extent.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace ringfort::scanners {

using formats::PickleAction;
using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleObject;
using formats::PickleValue;
using Values = std::span<const PickleValue>;

namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity();
constexpr int kDepth = 8;
constexpr int kBudget = 256;  // values looked at: what is shared must not be walked again and again
constexpr double kBitsOfUnknown = 64;
constexpr double kLongText = PickleMachine::kLongestText + 1;  // at least, of one whose length is not kept

// A number as a length: no integer that the machine does not keep is small.
double LengthOf(PickleValue value, const PickleMachine& machine) {
  if (value.kind() != PickleKind::kInteger && value.kind() != PickleKind::kBool) return 0;
  const auto number = machine.Integer(value);
  return number ? static_cast<double>(*number) : kEndless;
}

std::string_view BareName(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('_'), name.size()));
  return name.substr(0, name.find_last_not_of('_') + 1);
}

// Walks through what calls made, with a bound on depth and on values.
class Walk {
 public:
  explicit Walk(const PickleMachine& machine) : machine_(machine) {}

  double Items(PickleValue value, int depth = 0);
  double Bits(PickleValue value, int depth = 0);
  double BitsOfCall(std::string_view name, Values arguments, int depth);

 private:
  double LettersOf(PickleValue text) const {
    const auto known = machine_.Text(text);
    return known ? static_cast<double>(known->size()) : kLongText;
  }
  double ItemsOfCall(const PickleGlobal& maker, Values arguments, int depth);
  double Least(Values iterators, int depth);
  double Range(Values arguments) const;
  double Chosen(const PickleGlobal& maker, Values arguments, int depth);
  double Network(const PickleGlobal& maker, Values arguments) const;

  const PickleMachine& machine_;
  int budget_ = kBudget;
};

double Walk::Items(PickleValue value, int depth) {
  if (depth > kDepth || --budget_ < 0) return 0;
  switch (value.kind()) {
    case PickleKind::kText:
    case PickleKind::kBytes:
    case PickleKind::kByteArray: return LettersOf(value);
    case PickleKind::kTuple:
    case PickleKind::kList:
    case PickleKind::kDict:
    case PickleKind::kSet:
    case PickleKind::kFrozenSet: return static_cast<double>(machine_.Count(value));
    case PickleKind::kObject: {
      const PickleObject* object = machine_.Object(value);
      const PickleGlobal* maker = machine_.GlobalOf(object->callable);
      const Values arguments = machine_.Elements(object->arguments);
      // What map and filter return stands here as one call of what they call.
      const double mapped = object->action == PickleAction::kIndirect ? Least(arguments, depth) : 0;
      return maker == nullptr ? mapped : std::max(mapped, ItemsOfCall(*maker, arguments, depth));
    }
    default: return 0;
  }
}

double Walk::ItemsOfCall(const PickleGlobal& maker, Values arguments, int depth) {
  const std::string_view name = maker.name;
  const auto items = [&](std::size_t i) { return i < arguments.size() ? Items(arguments[i], depth + 1) : 0; };
  if (maker.module == "ipaddress") return Network(maker, arguments);
  if (name == "count" || name == "cycle") return maker.module == "itertools" ? kEndless : 0;
  if (name == "repeat") {
    if (maker.module != "itertools") return 0;
    return arguments.size() == 1 ? kEndless : arguments.size() == 2 ? LengthOf(arguments[1], machine_) : 0;
  }
  if (name == "range" || name == "xrange") return Range(arguments);
  if (name == "product" || name.starts_with("permutations") || name.starts_with("combinations"))
    return Chosen(maker, arguments, depth);
  if (name == "zip" || name == "izip") return Least(arguments, depth);
  if (name == "map" || name == "imap" || name == "filter" || name == "starmap" || name == "takewhile" ||
      name == "dropwhile" || name == "filterfalse")
    return arguments.empty() ? 0 : Least(arguments.subspan(1), depth);
  if (name == "islice") {
    const double stop = arguments.size() < 2   ? 0
                        : arguments.size() > 2 ? LengthOf(arguments[2], machine_)
                                               : LengthOf(arguments[1], machine_);
    return stop > 0 ? std::min(stop, items(0)) : items(0);
  }
  if (name == "chain" || name == "zip_longest") {
    double sum = 0;
    for (std::size_t i = 0; i < arguments.size() && sum < kEndless; ++i) sum += items(i);
    return sum;
  }
  if (name == "accumulate") {
    // Products grow by a factor at a time, so the work grows with the square.
    const PickleGlobal* step = arguments.size() > 1 ? machine_.GlobalOf(arguments[1]) : nullptr;
    const std::string_view grows = step == nullptr ? "" : BareName(step->name);
    const double length = items(0);
    if (grows == "pow" || grows == "lshift") return length > 16 ? kEndless : length;
    return grows == "mul" ? length * length : length;
  }
  if (name == "mul" || name == "repeat") return BitsOfCall("mul", arguments, depth) / kBitsOfUnknown;
  if (name == "enumerate" || name == "reversed" || name == "iter" || name == "list" || name == "tuple" ||
      name == "set" || name == "frozenset" || name == "sorted" || name == "deque" || name == "groupby" ||
      name == "pairwise" || name == "chain.from_iterable")
    return items(0);
  return 0;
}

// What stops with the shortest of them; not known if one of them is not.
double Walk::Least(Values iterators, int depth) {
  double least = iterators.empty() ? 0 : kEndless;
  for (const PickleValue iterator : iterators) least = std::min(least, Items(iterator, depth + 1));
  return least;
}

double Walk::Range(Values arguments) const {
  if (arguments.empty() || arguments.size() > 3) return 0;
  const double start = arguments.size() > 1 ? LengthOf(arguments[0], machine_) : 0;
  const double stop = LengthOf(arguments[arguments.size() > 1 ? 1 : 0], machine_);
  const double step = arguments.size() > 2 ? LengthOf(arguments[2], machine_) : 1;
  if (step == 0) return 0;
  if (!std::isfinite(start) || !std::isfinite(stop) || !std::isfinite(step)) return kEndless;
  return std::max(0.0, (stop - start) / step);
}

double Walk::Chosen(const PickleGlobal& maker, Values arguments, int depth) {
  if (maker.name == "product") {
    double product = arguments.empty() ? 0 : 1;
    for (const PickleValue factor : arguments) product *= std::max(1.0, Items(factor, depth + 1));
    return product;
  }
  if (arguments.empty()) return 0;
  const double pool = Items(arguments[0], depth + 1);
  const double taken = arguments.size() > 1 ? LengthOf(arguments[1], machine_) : pool;
  if (pool == kEndless || taken < 0 || (taken > pool && maker.name != "combinations_with_replacement")) return 0;
  const bool ordered = maker.name == "permutations";
  double ways = 1;
  for (double i = 0; i < std::min(taken, 400.0) && ways < kEndless; ++i) {
    const double left = maker.name == "combinations_with_replacement" ? pool + i : pool - i;
    ways *= ordered ? left : left / (i + 1);
  }
  return ways;
}

double Walk::Network(const PickleGlobal& maker, Values arguments) const {
  const bool wide = maker.name == "IPv6Network";
  if ((!wide && maker.name != "IPv4Network") || arguments.empty()) return 0;
  const auto text = machine_.Text(arguments[0]);
  const std::size_t slash = text ? text->find('/') : std::string_view::npos;
  if (slash == std::string_view::npos) return 1;
  double prefix = wide ? 128 : 32;
  unsigned told = 0;
  const std::string_view digits = text->substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), told);
  if (error == std::errc() && end == digits.data() + digits.size()) prefix -= std::min<double>(prefix, told);
  return std::exp2(prefix);
}

double Walk::Bits(PickleValue value, int depth) {
  if (depth > kDepth || --budget_ < 0) return kBitsOfUnknown;
  switch (value.kind()) {
    case PickleKind::kBool:
    case PickleKind::kInteger: {
      const auto number = machine_.Integer(value);
      return number ? std::ceil(std::log2(std::abs(static_cast<double>(*number)) + 1)) : kBitsOfUnknown;
    }
    case PickleKind::kText:
    case PickleKind::kBytes:
    case PickleKind::kByteArray: return 8 * LettersOf(value);
    case PickleKind::kTuple:
    case PickleKind::kList: return kBitsOfUnknown * static_cast<double>(machine_.Count(value));
    case PickleKind::kObject: {
      const PickleObject* object = machine_.Object(value);
      const PickleGlobal* maker = machine_.GlobalOf(object->callable);
      return maker == nullptr ? kBitsOfUnknown
                              : BitsOfCall(BareName(maker->name), machine_.Elements(object->arguments), depth);
    }
    default: return kBitsOfUnknown;
  }
}

double Walk::BitsOfCall(std::string_view name, Values arguments, int depth) {
  const auto bits = [&](std::size_t i) { return i < arguments.size() ? Bits(arguments[i], depth + 1) : 0; };
  // As a number to multiply by; of one that is computed only its bits are known.
  const auto number = [&](std::size_t i) {
    if (i >= arguments.size()) return 0.0;
    if (arguments[i].kind() == PickleKind::kObject) return std::exp2(std::min(bits(i), 1024.0));
    return std::max(0.0, LengthOf(arguments[i], machine_));
  };
  const auto is_sequence = [&](std::size_t i) {
    return i < arguments.size() && arguments[i].kind() >= PickleKind::kText &&
           arguments[i].kind() <= PickleKind::kList && arguments[i].kind() != PickleKind::kGlobal;
  };
  if (name == "pow" || name == "ipow") {
    if (arguments.size() != 2 || arguments[0].kind() == PickleKind::kFloat) return kBitsOfUnknown;
    const double base = bits(0);
    return base <= 1 ? base : base * number(1);
  }
  if (name == "lshift" || name == "ilshift") return bits(0) + number(1);
  if (name == "mul" || name == "imul" || name == "repeat") {
    if (is_sequence(0)) return bits(0) * number(1);
    if (is_sequence(1)) return bits(1) * number(0);
    // A computed text times a number, or two numbers.
    const bool times = arguments.size() == 2 && arguments[0].kind() == PickleKind::kObject && bits(0) > 1e4;
    return times ? bits(0) * std::max(1.0, number(1)) : bits(0) + bits(1);
  }
  if (name == "add" || name == "iadd" || name == "concat" || name == "iconcat") return bits(0) + bits(1);
  return kBitsOfUnknown;
}

}  // namespace

double ItemsOf(PickleValue value, const PickleMachine& machine) { return Walk(machine).Items(value); }

double BitsOfResult(std::string_view name, Values arguments, const PickleMachine& machine) {
  return Walk(machine).BitsOfCall(BareName(name), arguments, 0);
}

double DigitsOf(PickleValue value, const PickleMachine& machine) {
  if (const PickleObject* object = machine.Object(value); object != nullptr) {
    const PickleGlobal* maker = machine.GlobalOf(object->callable);
    const auto arguments = machine.Elements(object->arguments);
    if (maker == nullptr || maker->name != "Decimal" || arguments.empty()) return 0;
    // Decimal((sign, digits, exponent))
    const auto parts = machine.Elements(arguments[0]);
    return parts.size() == 3 ? std::abs(LengthOf(parts[2], machine)) : DigitsOf(arguments[0], machine);
  }
  if (value.kind() != PickleKind::kText) return 0;
  const std::string_view text = machine.Text(value).value_or("");
  std::size_t at = text.find_first_of("eE");
  if (at == std::string_view::npos) return 0;
  for (++at; at < text.size() && (text[at] == '+' || text[at] == '-' || text[at] == '_');) ++at;
  double digits = 0;
  for (; at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == '_'); ++at)
    if (text[at] != '_') digits = digits * 10 + (text[at] - '0');
  return digits;
}

double CellsOf(PickleValue shape, const PickleMachine& machine) {
  if (const PickleObject* object = machine.Object(shape); object != nullptr) {
    const PickleGlobal* maker = machine.GlobalOf(object->callable);
    const auto arguments = machine.Elements(object->arguments);
    return maker != nullptr && maker->name == "Size" && !arguments.empty() ? CellsOf(arguments[0], machine) : 0;
  }
  if (shape.kind() == PickleKind::kInteger) return LengthOf(shape, machine);
  const auto lengths = machine.Elements(shape);
  double cells = lengths.empty() || shape.kind() == PickleKind::kDict ? 0 : 1;
  for (const PickleValue length : lengths) {
    if (length.kind() != PickleKind::kInteger) return 0;
    const double number = LengthOf(length, machine);
    if (number <= 0) return 0;
    cells *= number;
  }
  return cells;
}

}  // namespace ringfort::scanners
