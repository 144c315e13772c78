#include "formats/text/python_folding.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kLongestText = std::size_t{64} << 10;
constexpr std::size_t kMostWork = std::size_t{64} << 20;  // bytes that folding may touch in all
constexpr std::size_t kValueCost = sizeof(PythonValue);
constexpr std::size_t kMostElements = 4096;
constexpr std::size_t kMostRepeated = std::size_t{4} << 20;  // bytes of code
constexpr double kLargestWhole = 1e15;

std::optional<double> Computed(std::string_view op, double a, double b) {
  if (!std::isfinite(a + b) || !std::isfinite(a * b)) return std::nullopt;
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (std::abs(a) > kLargestWhole || std::abs(b) > kLargestWhole) return std::nullopt;
  if (op == "/" && b != 0) return a / b;
  if (op == "//" && b != 0) return std::floor(a / b);
  if (op == "%" && b != 0) return a - b * std::floor(a / b);
  if (a < 0 || b < 0) return std::nullopt;
  const auto x = static_cast<std::uint64_t>(a), y = static_cast<std::uint64_t>(b);
  if (op == "^") return static_cast<double>(x ^ y);
  if (op == "&") return static_cast<double>(x & y);
  if (op == "|") return static_cast<double>(x | y);
  if (op == "<<" && y < 16) return static_cast<double>(x << y);
  if (op == ">>" && y < 64) return static_cast<double>(x >> y);
  return std::nullopt;
}

}  // namespace

bool PythonFolding::Afford(std::size_t cost) {
  if (cost > kMostWork - spent_) {
    spent_ = kMostWork;
    record_.Exhausted(kNoOffset);
    return false;
  }
  spent_ += cost;
  return true;
}

std::shared_ptr<const std::string> PythonFolding::Fold(std::string text) {
  if (text.size() > kLongestText || !Afford(text.size() + 16)) return nullptr;
  return std::make_shared<const std::string>(std::move(text));
}

PythonValue PythonFolding::Mixed(const PythonValue& a, const PythonValue& b) {
  PythonValue value;
  value.origin = a.origin | b.origin;
  return value;
}

PythonValue PythonFolding::WithText(const PythonValue& value, std::string text) {
  PythonValue changed = value;
  changed.text = Fold(std::move(text));
  changed.assembled = true;
  return changed;
}

PythonValue PythonFolding::Operated(std::string_view op, const PythonValue& a, const PythonValue& b) {
  if (a.number && b.number) {
    PythonValue value = Mixed(a, b);
    value.number = Computed(op, *a.number, *b.number);
    return value;
  }
  if (op == "+") {
    if (a.items && b.items && a.items->size() + b.items->size() <= kMostElements &&
        Afford((a.items->size() + b.items->size()) * kValueCost)) {
      PythonValue value = Mixed(a, b);
      std::vector<PythonValue> both = *a.items;
      both.insert(both.end(), b.items->begin(), b.items->end());
      value.Hold(std::move(both));
      return value;
    }
    return Concatenated(a, b);
  }
  if (op == "%" && a.text) return Formatted(a, b.items ? *b.items : std::vector<PythonValue>{b});
  if (op == "*" && a.text && b.number && *b.number >= 0 &&
      *b.number * static_cast<double>(a.text->size()) <= static_cast<double>(kMostElements)) {
    std::string repeated;
    for (int i = 0; i < static_cast<int>(*b.number); ++i) repeated += *a.text;
    return WithText(a, std::move(repeated));
  }
  return Mixed(a, b);
}

PythonValue PythonFolding::Concatenated(const PythonValue& a, const PythonValue& b) {
  PythonValue value = Mixed(a, b);
  if (!a.text && !b.text) return value;
  std::string joined(a.text ? std::string_view(*a.text) : "{}");
  joined += b.text ? std::string_view(*b.text) : "{}";
  value.text = Fold(std::move(joined));
  value.partial = !a.text || !b.text || a.partial || b.partial;
  value.assembled = true;
  value.character = a.character && b.character;
  if (value.character) value.origin |= PythonFacts::kDecoded;
  return value;
}

PythonValue PythonFolding::Formatted(const PythonValue& pattern, const std::vector<PythonValue>& arguments) {
  PythonValue value = pattern;
  for (const PythonValue& argument : arguments) value.origin |= argument.origin;
  std::string out;
  std::size_t used = 0;
  const auto put = [&](char as) {
    const PythonValue* argument = used < arguments.size() ? &arguments[used] : nullptr;
    ++used;
    if (argument != nullptr && as == 'c' && argument->number)
      AppendUtf8(out, static_cast<std::uint32_t>(std::clamp(*argument->number, 0.0, 1e6)));
    else if (argument != nullptr && argument->text)
      out += *argument->text;
    else
      out += "{}", value.partial = true;
  };
  const std::string& text = *pattern.text;
  for (std::size_t at = 0; at < text.size() && out.size() < kLongestText; ++at) {
    if (text[at] == '%' && at + 1 < text.size()) {
      if (text[++at] == '%')
        out += '%';
      else
        put(text[at]);
    } else if (text[at] == '{') {
      const auto close = text.find('}', at);
      if (close == std::string::npos) break;
      if (close == at + 2 && text[at + 1] >= '0' && text[at + 1] <= '9')
        used = static_cast<std::size_t>(text[at + 1] - '0');
      put('s');
      at = close;
    } else {
      out += text[at];
    }
  }
  return WithText(value, std::move(out));
}

PythonValue PythonFolding::Joined(const PythonValue& separator, const PythonValue& items) {
  PythonValue value = separator;
  value.origin |= items.origin;
  std::string joined;
  if (items.items && Afford(items.items->size() * kValueCost)) {
    bool characters = items.items->size() > 1;
    for (const PythonValue& item : *items.items) {
      if (&item != &items.items->front()) joined += *separator.text;
      joined += item.text ? std::string_view(*item.text) : "{}";
      value.partial |= !item.text || item.partial;
      value.origin |= item.origin;
      characters &= item.character;
      if (joined.size() > kLongestText) break;
    }
    if (characters) value.origin |= PythonFacts::kDecoded;
  } else if (items.text && separator.text->empty()) {
    joined = *items.text;
  } else {
    joined = "{}";
    value.partial = true;
  }
  return WithText(value, std::move(joined));
}

PythonValue PythonFolding::Replaced(const PythonValue& value, std::string_view from, std::string_view to) {
  PythonValue unknown = value;
  unknown.text.reset();
  if (!Afford(value.text->size())) return unknown;
  const std::string& text = *value.text;
  std::string out;
  for (std::size_t at = 0; at < text.size() && out.size() <= kLongestText;) {
    if (text.compare(at, from.size(), from) == 0)
      out += to, at += from.size();
    else
      out += text[at++];
  }
  return WithText(value, std::move(out));
}

PythonValue PythonFolding::Reversed(const PythonValue& value) {
  PythonValue reversed = WithText(value, std::string(value.text->rbegin(), value.text->rend()));
  if (value.text->size() > 1) reversed.origin |= PythonFacts::kDecoded;
  return reversed;
}

PythonValue PythonFolding::Cased(const PythonValue& value, std::string_view method) {
  std::string text = *value.text;
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z' && method != "upper")
      c = static_cast<char>(c + 32);
    else if (c >= 'a' && c <= 'z' && method != "lower")
      c = static_cast<char>(c - 32);
  }
  return WithText(value, std::move(text));
}

PythonValue PythonFolding::Character(double number) {
  std::string text;
  AppendUtf8(text, static_cast<std::uint32_t>(std::clamp(number, 0.0, 1e6)));
  PythonValue value;
  value.text = Fold(std::move(text));
  value.assembled = true;
  value.character = true;
  return value;
}

PythonValue PythonFolding::Element(const PythonValue& value, double index) {
  const std::size_t size = value.text ? value.text->size() : value.items ? value.items->size() : 0;
  if (index < 0) index += static_cast<double>(size);
  PythonValue element;
  element.origin = value.origin;
  if (!(index >= 0 && index < static_cast<double>(size))) return element;
  const auto at = static_cast<std::size_t>(index);
  if (!value.text) return (*value.items)[at];
  if (value.bytes) {
    element.number = static_cast<unsigned char>((*value.text)[at]);
    return element;
  }
  return WithText(value, std::string(1, (*value.text)[at]));
}

PythonValue PythonFolding::Slice(const PythonValue& value, std::optional<double> start, std::optional<double> stop,
                                 double step) {
  PythonValue slice = value;
  slice.text.reset();
  slice.items.reset();
  if (!(std::abs(step) >= 1) || (!value.text && !value.items)) return slice;
  if (!Afford(value.text ? value.text->size() : value.items->size() * kValueCost)) return slice;
  if (value.text && !start && !stop && step == -1) return Reversed(value);
  const auto size = static_cast<double>(value.text ? value.text->size() : value.items->size());
  const auto place = [&](std::optional<double> given, double otherwise) {
    if (!given) return otherwise;
    const double at = *given < 0 ? *given + size : *given;
    return step > 0 ? std::clamp(at, 0.0, size) : std::clamp(at, -1.0, size - 1);
  };
  const double first = place(start, step > 0 ? 0 : size - 1), end = place(stop, step > 0 ? size : -1);
  std::string text;
  std::vector<PythonValue> items;
  for (double at = first; step > 0 ? at < end : at > end; at += step) {
    if (value.text)
      text += (*value.text)[static_cast<std::size_t>(at)];
    else
      items.push_back((*value.items)[static_cast<std::size_t>(at)]);
  }
  if (!value.text)
    slice.Hold(std::move(items));
  else
    slice = WithText(slice, std::move(text));
  // Every second letter of a text is nobody's way to write it.
  if (value.text && step != 1) slice.origin |= PythonFacts::kDecoded;
  return slice;
}

std::optional<std::vector<PythonValue>> PythonFolding::Elements(const PythonValue& value) {
  const std::size_t size = value.items ? value.items->size() : value.text ? value.text->size() : 0;
  if (size == 0 || size > kMostElements || value.partial || !Afford(size * kValueCost)) return std::nullopt;
  if (value.items) return *value.items;
  std::vector<PythonValue> elements;
  for (const char c : *value.text) {
    PythonValue element;
    element.origin = value.origin;
    if (value.bytes) {
      element.number = static_cast<unsigned char>(c);
    } else {
      element.text = Fold(std::string(1, c));
      element.assembled = true;
    }
    elements.push_back(std::move(element));
  }
  return elements;
}

bool PythonFolding::MayRepeat(std::size_t bytes, std::size_t times) {
  const std::size_t cost = (bytes + 32) * times;  // `times` is at most 4096
  if (cost > kMostRepeated - repeated_) return false;
  repeated_ += cost;
  return true;
}

}  // namespace ringfort::formats
