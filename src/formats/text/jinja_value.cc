#include "formats/text/jinja_value.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "base/text.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostItems = 64;
constexpr std::size_t kLongestItem = 256;

std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  if (from.empty()) return std::string(text);
  for (std::size_t at = 0; at < text.size() && out.size() < kLongestJinjaText;) {
    if (text.substr(at, from.size()) == from) {
      out += to;
      at += from.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string Cased(std::string_view text, std::string_view name) {
  std::string out(text);
  bool first = true;
  for (char& c : out) {
    const bool small = c >= 'a' && c <= 'z', capital = c >= 'A' && c <= 'Z';
    const bool raise = name == "upper" || name == "swapcase" || ((name == "title" || name == "capitalize") && first);
    if (small && raise)
      c = static_cast<char>(c - 32);
    else if (capital && (name == "swapcase" || !raise))
      c = static_cast<char>(c + 32);
    if (name == "title")
      first = !small && !capital;
    else
      first = false;
  }
  return out;
}

std::string Padded(std::string_view text, std::string_view name, double width, char fill) {
  const auto size = static_cast<std::size_t>(std::clamp(width, 0.0, 256.0));
  if (size <= text.size()) return std::string(text);
  const std::size_t all = size - text.size();
  const std::size_t left = name == "rjust" || name == "zfill" ? all : name == "ljust" ? 0 : all / 2;
  return std::string(left, fill) + std::string(text) + std::string(all - left, fill);
}

std::string Stripped(std::string_view text, std::string_view name, std::string_view set) {
  if (name != "rstrip") text.remove_prefix(std::min(text.size(), text.find_first_not_of(set)));
  if (name != "lstrip") text.remove_suffix(text.size() - std::min(text.size(), text.find_last_not_of(set) + 1));
  return std::string(text);
}

}  // namespace

void JinjaValue::SetText(std::string made) {
  if (made.size() > kLongestJinjaText) made.resize(kLongestJinjaText);
  text = std::move(made);
  assembled = true;
}

void JinjaValue::SetItems(const std::vector<JinjaValue>& values) {
  is_list = true;
  for (const JinjaValue& item : values) {
    content |= item.content;
    if (item.text && item.text->size() <= kLongestItem && items.size() < kMostItems) items.push_back(*item.text);
  }
  if (items.size() != values.size()) items.clear();
}

JinjaValue MixedJinja(const JinjaValue& a, const JinjaValue& b) {
  JinjaValue value;
  value.content = a.content || b.content;
  value.clock = a.clock || b.clock;
  return value;
}

JinjaValue JoinedJinja(const JinjaValue& a, const JinjaValue& b) {
  JinjaValue value = MixedJinja(a, b);
  if (a.text && b.text)
    value.SetText(*a.text + *b.text);
  else
    value.pattern = a.pattern || b.pattern || (a.text && a.text->find('{') != std::string::npos) ||
                    (b.text && b.text->find('{') != std::string::npos);
  if (a.is_list && b.is_list && a.items.size() + b.items.size() <= kMostItems) {
    value.items = a.items;
    value.items.insert(value.items.end(), b.items.begin(), b.items.end());
    value.is_list = true;
  }
  return value;
}

std::optional<std::string> FormattedJinja(std::string_view pattern, const std::vector<JinjaArgument>& arguments) {
  std::string out;
  std::size_t next = 0;
  const auto put = [&](const JinjaValue& value, char as) {
    if (as == 'c' && value.number)
      AppendUtf8(out, static_cast<std::uint32_t>(std::clamp(*value.number, 0.0, 1e6)));
    else if (value.text)
      out += *value.text;
    else
      return false;
    return true;
  };
  const auto named = [&](std::string_view name) {
    for (const JinjaArgument& argument : arguments) {
      if (argument.name == name) return put(argument.value, 's');
      const auto pair = argument.value.pairs.find(std::string(name));
      if (pair == argument.value.pairs.end()) continue;
      out += pair->second;
      return true;
    }
    return false;
  };
  for (std::size_t at = 0; at < pattern.size() && out.size() < kLongestJinjaText; ++at) {
    if (pattern[at] == '%' && at + 1 < pattern.size()) {
      const char as = pattern[++at];
      if (as == '%') {
        out += '%';
      } else if (as == '(') {
        const auto close = pattern.find(')', at);
        if (close == std::string_view::npos || !named(pattern.substr(at + 1, close - at - 1))) return std::nullopt;
        at = close + 1;
      } else if (next >= arguments.size() || !put(arguments[next++].value, as)) {
        return std::nullopt;
      }
    } else if (pattern[at] == '{' && at + 1 < pattern.size()) {
      const auto close = pattern.find('}', at);
      if (close == std::string_view::npos) return std::nullopt;
      const std::string_view field = pattern.substr(at + 1, close - at - 1);
      const bool numbered = field.size() == 1 && field[0] >= '0' && field[0] <= '9';
      if (numbered || field.empty()) {
        const std::size_t index = numbered ? static_cast<std::size_t>(field[0] - '0') : next++;
        if (index >= arguments.size() || !put(arguments[index].value, 's')) return std::nullopt;
      } else if (!named(field)) {
        return std::nullopt;
      }
      at = close;
    } else {
      out += pattern[at];
    }
  }
  return out;
}

std::optional<std::string> StringMethodOfJinja(std::string_view text, std::string_view name,
                                               const std::vector<JinjaArgument>& arguments) {
  const auto given = [&](std::size_t i) -> const std::string* {
    return i < arguments.size() && arguments[i].value.text ? &*arguments[i].value.text : nullptr;
  };
  if (name == "lower" || name == "upper" || name == "title" || name == "capitalize" || name == "swapcase" ||
      name == "casefold")
    return Cased(text, name);
  if (name == "replace" && given(0) != nullptr && given(1) != nullptr) return Replaced(text, *given(0), *given(1));
  if (name == "strip" || name == "lstrip" || name == "rstrip" || name == "trim") {
    if (!arguments.empty() && given(0) == nullptr) return std::nullopt;
    return Stripped(text, name, arguments.empty() ? " \t\r\n" : std::string_view(*given(0)));
  }
  if (name == "removeprefix" && given(0) != nullptr)
    return std::string(text.starts_with(*given(0)) ? text.substr(given(0)->size()) : text);
  if (name == "removesuffix" && given(0) != nullptr)
    return std::string(text.ends_with(*given(0)) ? text.substr(0, text.size() - given(0)->size()) : text);
  if ((name == "center" || name == "ljust" || name == "rjust" || name == "zfill") && !arguments.empty() &&
      arguments[0].value.number) {
    const char fill = name == "zfill" ? '0' : given(1) != nullptr && !given(1)->empty() ? given(1)->front() : ' ';
    return Padded(text, name, *arguments[0].value.number, fill);
  }
  if (name == "format" || name == "format_map") return FormattedJinja(text, arguments);
  if (name == "reverse") return std::string(text.rbegin(), text.rend());
  if (name == "string" || name == "safe" || name == "e" || name == "escape" || name == "__str__")
    return std::string(text);
  if (name == "__add__" && given(0) != nullptr) return std::string(text) + *given(0);
  return std::nullopt;
}

std::string JoinedItems(const std::vector<std::string>& items, std::string_view between) {
  std::string joined;
  for (std::size_t i = 0; i < items.size() && joined.size() < kLongestJinjaText; ++i) {
    if (i > 0) joined += between;
    joined += items[i];
  }
  return joined;
}

std::optional<std::string> SlicedText(std::string_view text, std::optional<double> start, std::optional<double> stop,
                                      double step) {
  if (!(std::abs(step) >= 1)) return std::nullopt;
  const auto size = static_cast<double>(text.size());
  const auto place = [&](std::optional<double> given, double otherwise) {
    if (!given || std::isnan(*given)) return otherwise;
    const double at = *given < 0 ? *given + size : *given;
    return step > 0 ? std::clamp(at, 0.0, size) : std::clamp(at, -1.0, size - 1);
  };
  std::string out;
  const double end = place(stop, step > 0 ? size : -1);
  for (double at = place(start, step > 0 ? 0 : size - 1); step > 0 ? at < end : at > end; at += step)
    out += text[static_cast<std::size_t>(at)];
  return out;
}

}  // namespace ringfort::formats
