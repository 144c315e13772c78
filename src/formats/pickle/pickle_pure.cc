#include "formats/pickle/pickle_pure.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "formats/pickle/pickle_text.h"

namespace ringfort::formats {
namespace {

using Values = std::span<const PickleValue>;

// A bound on what folding may build, far above any name.
constexpr std::size_t kLongestResult = 65536;

struct Operands {
  PickleState& state;
  Values values;

  std::size_t size() const { return values.size(); }
  PickleKind kind(std::size_t i) const { return i < values.size() ? values[i].kind() : PickleKind::kUnknown; }
  std::optional<std::string_view> Text(std::size_t i) const {
    return i < values.size() ? state.machine.Text(values[i]) : std::nullopt;
  }
  std::optional<std::int64_t> Integer(std::size_t i) const {
    return i < values.size() ? state.machine.Integer(values[i]) : std::nullopt;
  }
  PickleValue Make(PickleKind kind, std::string_view text) const {
    return text.size() > kLongestResult ? PickleValue() : state.store.HeldText(kind, text);
  }
  PickleValue MakeIf(PickleKind kind, const std::optional<std::string>& text) const {
    return text ? Make(kind, std::string_view(*text)) : PickleValue();
  }
};

PickleValue Concatenate(const Operands& in) {
  const auto left = in.Text(0);
  const auto right = in.Text(1);
  if (!left || !right || in.kind(0) != in.kind(1)) return {};
  return in.Make(in.kind(0), std::string(*left) + std::string(*right));
}

PickleValue Repeat(const Operands& in) {
  const auto text = in.Text(0);
  const auto times = in.Integer(1);
  if (!text || !times || *times < 0 || *times > 65536 ||
      text->size() * static_cast<std::size_t>(*times) > kLongestResult)
    return {};
  std::string repeated;
  for (std::int64_t i = 0; i < *times; ++i) repeated += *text;
  return in.Make(in.kind(0), repeated);
}

std::string Reversed(PickleKind kind, std::string_view text) {
  if (kind != PickleKind::kText) return {text.rbegin(), text.rend()};
  std::u32string points = CodePoints(text);
  std::reverse(points.begin(), points.end());
  return ToUtf8(points);
}

PickleValue Join(const Operands& in) {
  const auto separator = in.Text(0);
  if (!separator || in.size() < 2) return {};
  const PickleValue list = in.values[1];
  if (const PickleObject* object = in.state.machine.Object(list)) {  // ''.join(reversed('metsys'))
    const PickleGlobal* maker = in.state.machine.GlobalOf(object->callable);
    const auto of = in.state.machine.Elements(object->arguments);
    if (maker == nullptr || maker->name != "reversed" || of.size() != 1 || !separator->empty()) return {};
    const auto text = in.state.machine.Text(of[0]);
    if (!text) return {};
    return in.Make(in.kind(0), Reversed(of[0].kind(), *text));
  }
  std::string joined;
  if (const auto text = in.state.machine.Text(list)) {
    bool first = true;
    for (std::size_t at = 0; at < text->size();) {
      if (!std::exchange(first, false)) joined += *separator;
      AppendUtf8(joined, NextCodePoint(*text, at));
      if (joined.size() > kLongestResult) return {};
    }
    return in.Make(in.kind(0), joined);
  }
  const PickleKind kind = list.kind();
  if (kind != PickleKind::kList && kind != PickleKind::kTuple) return {};
  if (!in.state.machine.Complete(list)) return {};
  bool first = true;
  for (const PickleValue item : in.state.machine.Elements(list)) {
    const auto text = in.state.machine.Text(item);
    if (!text) return {};
    if (!std::exchange(first, false)) joined += *separator;
    joined += *text;
    if (joined.size() > kLongestResult) return {};
  }
  return in.Make(in.kind(0), joined);
}

PickleValue Replace(const Operands& in) {
  const auto text = in.Text(0);
  const auto what = in.Text(1);
  const auto with = in.Text(2);
  if (!text || !what || !with || what->empty() || in.size() > 3) return {};
  std::string replaced;
  std::size_t at = 0;
  for (std::size_t found; (found = text->find(*what, at)) != std::string_view::npos; at = found + what->size()) {
    replaced += text->substr(at, found - at);
    replaced += *with;
    if (replaced.size() > kLongestResult) return {};
  }
  replaced += text->substr(at);
  return in.Make(in.kind(0), replaced);
}

// One value as str() shows it; nothing for what we do not follow.
std::optional<std::string> Shown(const Operands& in, PickleValue value) {
  if (value.kind() == PickleKind::kText) {
    const auto text = in.state.machine.Text(value);
    return text ? std::optional(std::string(*text)) : std::nullopt;
  }
  if (value.kind() == PickleKind::kInteger) {
    const auto number = in.state.machine.Integer(value);
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
  }
  return std::nullopt;
}

// '{}.{1}'.format(...): plain fields only.
PickleValue Format(const Operands& in) {
  const auto text = in.Text(0);
  if (!text) return {};
  std::string out;
  std::size_t next = 1;
  for (std::size_t i = 0; i < text->size(); ++i) {
    const char letter = (*text)[i];
    if ((letter == '{' || letter == '}') && i + 1 < text->size() && (*text)[i + 1] == letter) {
      out.push_back(letter);
      ++i;
      continue;
    }
    if (letter == '}') return {};
    if (letter != '{') {
      out.push_back(letter);
      continue;
    }
    const std::size_t close = text->find('}', i);
    if (close == std::string_view::npos || close > i + 3) return {};
    const std::string_view field = text->substr(i + 1, close - i - 1);
    std::size_t index = next++;
    if (!field.empty()) {
      index = 0;
      for (const char digit : field) {
        if (digit < '0' || digit > '9') return {};
        index = index * 10 + static_cast<std::size_t>(digit - '0');
      }
      ++index;
    }
    if (index >= in.size()) return {};
    const auto shown = Shown(in, in.values[index]);
    if (!shown) return {};
    out += *shown;
    if (out.size() > kLongestResult) return {};
    i = close;
  }
  return in.Make(PickleKind::kText, out);
}

// 'a%sb%c' % values: %s, %d and %c without flags.
PickleValue Percent(const Operands& in) {
  const auto text = in.Text(0);
  if (!text || in.size() != 2 || in.kind(0) != PickleKind::kText) return {};
  const Values values =
      in.values[1].kind() == PickleKind::kTuple ? in.state.machine.Elements(in.values[1]) : in.values.subspan(1, 1);
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text->size(); ++i) {
    if ((*text)[i] != '%') {
      out.push_back((*text)[i]);
      continue;
    }
    if (++i == text->size()) return {};
    const char form = (*text)[i];
    if (form == '%') {
      out.push_back('%');
      continue;
    }
    if (next >= values.size()) return {};
    const PickleValue value = values[next++];
    const auto number = in.state.machine.Integer(value);
    if (form == 'c' && number && *number >= 0 && *number < 0x110000) {
      AppendUtf8(out, static_cast<std::uint32_t>(*number));
      continue;
    }
    const auto shown = Shown(in, value);
    if (!shown || (form != 's' && form != 'd' && form != 'i' && form != 'c')) return {};
    out += *shown;
    if (out.size() > kLongestResult) return {};
  }
  return in.Make(PickleKind::kText, out);
}

std::string_view Encoding(const Operands& in) { return in.Text(1).value_or("utf-8"); }

bool IsBytes(PickleKind kind) { return kind == PickleKind::kBytes || kind == PickleKind::kByteArray; }

PickleValue Decode(const Operands& in) {
  const auto bytes = in.Text(0);
  if (!bytes) return {};
  const std::string_view encoding = Encoding(in);
  const bool to_bytes = encoding.starts_with("hex") || encoding.starts_with("base");
  return in.MakeIf(to_bytes ? PickleKind::kBytes : PickleKind::kText, DecodeText(*bytes, encoding));
}

PickleValue Encode(const Operands& in) {
  const auto text = in.Text(0);
  if (!text) return {};
  const std::string_view encoding = Encoding(in);
  const bool to_text = encoding.starts_with("rot");
  return in.MakeIf(to_text ? PickleKind::kText : PickleKind::kBytes, EncodeText(*text, encoding));
}

PickleValue Base64(const Operands& in) {
  const auto text = in.Text(0);
  return text ? in.MakeIf(PickleKind::kBytes, FromBase64(*text)) : PickleValue();
}
PickleValue UrlSafeBase64(const Operands& in) {
  const auto text = in.Text(0);
  return text ? in.MakeIf(PickleKind::kBytes, FromBase64(*text, true)) : PickleValue();
}
PickleValue Hex(const Operands& in) {
  const auto text = in.Text(0);
  return text ? in.MakeIf(PickleKind::kBytes, FromHex(*text)) : PickleValue();
}

PickleValue Character(const Operands& in) {
  const auto number = in.Integer(0);
  if (!number || *number < 0 || *number >= 0x110000) return {};
  std::string text;
  AppendUtf8(text, static_cast<std::uint32_t>(*number));
  return in.Make(PickleKind::kText, text);
}

PickleValue Bytes(const Operands& in) {
  if (in.size() == 0) return in.Make(PickleKind::kBytes, std::string_view());
  if (in.kind(0) == PickleKind::kText) return in.size() > 1 ? Encode(in) : PickleValue();
  if (IsBytes(in.kind(0))) {
    const auto bytes = in.Text(0);
    return bytes ? in.Make(PickleKind::kBytes, *bytes) : PickleValue();
  }
  if (in.kind(0) != PickleKind::kList && in.kind(0) != PickleKind::kTuple) return {};
  if (!in.state.machine.Complete(in.values[0])) return {};
  std::string bytes;
  for (const PickleValue item : in.state.machine.Elements(in.values[0])) {
    const auto number = in.state.machine.Integer(item);
    if (!number || *number < 0 || *number > 255) return {};
    bytes.push_back(static_cast<char>(*number));
  }
  return in.Make(PickleKind::kBytes, bytes);
}

PickleValue Str(const Operands& in) {
  if (in.size() == 0) return in.Make(PickleKind::kText, std::string_view());
  if (IsBytes(in.kind(0))) return in.size() > 1 ? Decode(in) : PickleValue();
  return in.MakeIf(PickleKind::kText, Shown(in, in.values[0]));
}

PickleValue ByteArray(const Operands& in) {
  const PickleValue bytes = Bytes(in);
  return bytes == PickleValue() ? bytes : MakeValue(PickleKind::kByteArray, PayloadOf(bytes));
}

// text[index], text[slice(a, b, c)].
PickleValue GetItem(const Operands& in) {
  const auto text = in.Text(0);
  if (in.size() != 2) return {};
  if (!text) {
    const PickleKind kind = in.kind(0);
    const auto index = in.Integer(1);
    if ((kind != PickleKind::kList && kind != PickleKind::kTuple) || !index || *index < 0) return {};
    const auto items = in.state.machine.Elements(in.values[0]);
    return static_cast<std::uint64_t>(*index) < items.size() ? items[static_cast<std::size_t>(*index)] : PickleValue();
  }
  const bool is_text = in.kind(0) == PickleKind::kText;
  std::u32string points;
  if (is_text)
    points = CodePoints(*text);
  else
    for (const char byte : *text) points.push_back(static_cast<std::uint8_t>(byte));
  const auto size = static_cast<std::int64_t>(points.size());
  std::int64_t start = 0, stop = size, step = 1;
  if (const auto index = in.Integer(1)) {
    const std::int64_t at = *index < 0 ? *index + size : *index;
    if (at < 0 || at >= size) return {};
    if (!is_text) return MakeInteger(static_cast<std::int64_t>(points[static_cast<std::size_t>(at)]));
    return in.Make(PickleKind::kText, ToUtf8(points.substr(static_cast<std::size_t>(at), 1)));
  }
  const PickleObject* object = in.state.machine.Object(in.values[1]);
  const PickleGlobal* maker = object != nullptr ? in.state.machine.GlobalOf(object->callable) : nullptr;
  if (maker == nullptr || maker->name != "slice") return {};
  const auto parts = in.state.machine.Elements(object->arguments);
  if (parts.empty() || parts.size() > 3) return {};
  const auto part = [&](std::size_t i) -> std::optional<std::int64_t> {
    return i < parts.size() ? in.state.machine.Integer(parts[i]) : std::nullopt;
  };
  const auto first = parts.size() == 1 ? std::nullopt : part(0);
  const auto second = parts.size() == 1 ? part(0) : part(1);
  step = std::clamp<std::int64_t>(part(2).value_or(1), -65536, 65536);
  if (step == 0) return {};
  const auto placed = [&](std::int64_t at) {
    at = std::clamp<std::int64_t>(at, -(std::int64_t{1} << 40), std::int64_t{1} << 40);
    if (at < 0) at += size;
    return step > 0 ? std::clamp<std::int64_t>(at, 0, size) : std::clamp<std::int64_t>(at, -1, size - 1);
  };
  start = first ? placed(*first) : step > 0 ? 0 : size - 1;
  stop = second ? placed(*second) : step > 0 ? size : -1;
  std::u32string cut;
  for (std::int64_t i = start; step > 0 ? i < stop : i > stop; i += step)
    cut.push_back(points[static_cast<std::size_t>(i)]);
  if (is_text) return in.Make(PickleKind::kText, ToUtf8(cut));
  return in.Make(PickleKind::kBytes, std::string(cut.begin(), cut.end()));
}

template <class Change>
PickleValue Changed(const Operands& in, Change change) {
  const auto text = in.Text(0);
  if (!text || in.size() != 1) return {};
  std::string changed(*text);
  for (char& letter : changed) letter = change(letter);
  return in.Make(in.kind(0), changed);
}
char Lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }
char Upper(char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter; }
PickleValue LowerCase(const Operands& in) { return Changed(in, Lower); }
PickleValue UpperCase(const Operands& in) { return Changed(in, Upper); }
PickleValue SwapCase(const Operands& in) {
  return Changed(in, [](char letter) { return Lower(letter) == letter ? Upper(letter) : Lower(letter); });
}
PickleValue Strip(const Operands& in) {
  const auto text = in.Text(0);
  if (!text) return {};
  const std::string_view set = in.size() > 1 ? in.Text(1).value_or("") : " \t\n\r\v\f";
  const std::size_t first = text->find_first_not_of(set);
  if (first == std::string_view::npos) return in.Make(in.kind(0), std::string_view());
  return in.Make(in.kind(0), std::string(text->substr(first, text->find_last_not_of(set) - first + 1)));
}

struct Pure {
  std::string_view name;
  PickleValue (*fold)(const Operands&);
};
constexpr auto kPure = std::to_array<Pure>({
    {"operator.add", Concatenate},
    {"operator.__add__", Concatenate},
    {"operator.concat", Concatenate},
    {"operator.__concat__", Concatenate},
    {"operator.iadd", Concatenate},
    {"operator.iconcat", Concatenate},
    {"operator.__iadd__", Concatenate},
    {"operator.__iconcat__", Concatenate},
    {"builtins.str.__add__", Concatenate},
    {"builtins.bytes.__add__", Concatenate},
    {"operator.mul", Repeat},
    {"builtins.str.__mul__", Repeat},
    {"builtins.str.join", Join},
    {"builtins.bytes.join", Join},
    {"builtins.str.replace", Replace},
    {"builtins.bytes.replace", Replace},
    {"builtins.str.format", Format},
    {"operator.mod", Percent},
    {"operator.__mod__", Percent},
    {"builtins.str.__mod__", Percent},
    {"operator.imod", Percent},
    {"builtins.bytes.decode", Decode},
    {"codecs.decode", Decode},
    {"codecs.encode", Encode},
    {"builtins.str.encode", Encode},
    {"base64.b64decode", Base64},
    {"base64.standard_b64decode", Base64},
    {"binascii.a2b_base64", Base64},
    {"base64.decodebytes", Base64},
    {"base64.urlsafe_b64decode", UrlSafeBase64},
    {"builtins.bytes.fromhex", Hex},
    {"builtins.bytearray.fromhex", Hex},
    {"binascii.unhexlify", Hex},
    {"binascii.a2b_hex", Hex},
    {"base64.b16decode", Hex},
    {"builtins.chr", Character},
    {"builtins.unichr", Character},
    {"builtins.bytes", Bytes},
    {"builtins.bytearray", ByteArray},
    {"builtins.str", Str},
    {"builtins.unicode", Str},
    {"operator.getitem", GetItem},
    {"builtins.str.__getitem__", GetItem},
    {"builtins.bytes.__getitem__", GetItem},
    {"builtins.str.lower", LowerCase},
    {"builtins.str.upper", UpperCase},
    {"builtins.str.swapcase", SwapCase},
    {"builtins.str.casefold", LowerCase},
    {"builtins.str.strip", Strip},
    {"builtins.bytes.strip", Strip},
    {"builtins.bytes.lower", LowerCase},
    {"builtins.bytes.upper", UpperCase},
});

const Pure* Find(std::string_view name) {
  for (const Pure& pure : kPure) {
    if (pure.name == name) return &pure;
  }
  return nullptr;
}

}  // namespace

std::string PlainPythonName(std::string dotted) {
  constexpr std::string_view old_dill = "dill.dill.";
  if (dotted.starts_with(old_dill)) return "dill._dill." + dotted.substr(old_dill.size());
  static constexpr std::pair<std::string_view, std::string_view> kSame[] = {
      {"__builtin__", "builtins"}, {"__builtins__", "builtins"}, {"_operator", "operator"},
      {"_functools", "functools"}, {"_codecs", "codecs"},        {"_frozen_importlib", "importlib._bootstrap"},
  };
  const std::size_t dot = std::min(dotted.find('.'), dotted.size());
  const std::string_view head = std::string_view(dotted).substr(0, dot);
  for (const auto& [from, to] : kSame) {
    if (head == from) return std::string(to) + dotted.substr(dot);
  }
  return dotted;
}

bool IsPureFunction(std::string_view name) { return Find(name) != nullptr; }

PickleValue FoldPure(PickleState& state, std::string_view name, std::span<const PickleValue> arguments) {
  const Pure* pure = Find(name);
  return pure == nullptr ? PickleValue() : pure->fold(Operands{state, arguments});
}

}  // namespace ringfort::formats
