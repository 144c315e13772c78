#include "formats/pickle/joblib_array.h"

#include <charconv>

namespace ringfort::formats {
namespace {

constexpr unsigned kDeepestType = 8;

struct ItemSize {
  std::uint64_t bytes = 0;
  bool objects = false;
  bool known = false;
};

// '<f8', 'f8', 'O8', '|S5', 'U10', 'M8[ns]', 'V16', ...
ItemSize OfTypeText(std::string_view text) {
  while (!text.empty() && (text[0] == '<' || text[0] == '>' || text[0] == '|' || text[0] == '=')) text.remove_prefix(1);
  if (text.empty()) return {};
  const char letter = text[0];
  if (letter == 'O') return {8, true, true};
  text.remove_prefix(1);
  std::uint64_t number = 0;
  const auto [rest, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || (rest != text.data() + text.size() && *rest != '[')) return {};
  switch (letter) {
    case 'U': return {number * 4, false, number < (1u << 30)};
    case 'b':
    case 'i':
    case 'u':
    case 'f':
    case 'c':
    case 'm':
    case 'M':
    case 'S':
    case 'V':
    case 'a': return {number, false, true};
    default: return {};
  }
}

ItemSize OfType(PickleState& state, PickleValue type, unsigned depth);

// The fields of a structured type are set by BUILD, of which only taint is
// kept; but its constructor's text says the whole size: 'V24'. Whether a field
// holds objects it does not say: numpy then has hasobject, flag bit 1 of the
// state, which the machine records in the node's count (see SetState).
ItemSize OfType(PickleState& state, PickleValue type, unsigned depth) {
  const PickleObject* object = state.machine.Object(type);
  if (object == nullptr || depth > kDeepestType) return {};
  const auto arguments = state.machine.Elements(object->arguments);
  if (arguments.empty()) return {};
  if (const auto text = state.machine.Text(arguments[0])) {
    ItemSize size = OfTypeText(*text);
    if (NodeOf<PickleNode>(type)->count != 0) size.objects = true;
    return size;
  }
  return OfType(state, arguments[0], depth + 1);
}

}  // namespace

bool IsJoblibWrapper(const PickleGlobal& global) {
  return global.name == "NumpyArrayWrapper" && global.module.ends_with("numpy_pickle");
}

bool IsForeignArrayWrapper(const PickleGlobal& global) {
  return (global.name == "NDArrayWrapper" || global.name == "ZNDArrayWrapper") &&
         global.module.find("numpy_pickle") != std::string::npos;
}

JoblibArray ReadJoblibArray(PickleState& state, PickleValue dict) {
  JoblibArray array;
  const PickleMachine& machine = state.machine;
  if (dict.kind() != PickleKind::kDict) return array;
  const auto items = machine.Elements(dict);
  ItemSize item;
  std::uint64_t count = 1;
  bool shaped = false;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    const auto key = machine.Text(items[i]);
    const PickleValue value = items[i + 1];
    if (!key) continue;
    if (*key == "shape") {
      shaped = value.kind() == PickleKind::kTuple && machine.Complete(value);
      count = 1;
      for (const PickleValue dimension : machine.Elements(value)) {
        const auto size = machine.Integer(dimension);
        if (!size || *size < 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(*size), &count)) {
          shaped = false;
          break;
        }
      }
    } else if (*key == "dtype") {
      item = OfType(state, value, 0);
    } else if (*key == "numpy_array_alignment_bytes") {
      array.padded = value.kind() != PickleKind::kNone;
    }
  }
  array.nested = item.objects;
  array.known = item.known && shaped && !__builtin_mul_overflow(count, item.bytes, &array.bytes);
  if (item.objects) array.known = true;
  return array;
}

}  // namespace ringfort::formats
