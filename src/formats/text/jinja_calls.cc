#include "formats/text/jinja_calls.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace ringfort::formats {
namespace {

using Via = JinjaFacts::Via;
using AmountKind = JinjaFacts::Amount::Kind;

constexpr std::size_t kLongestPath = 160;
constexpr std::size_t kMostParts = 64;

const std::string* TextAt(const std::vector<JinjaArgument>& arguments, std::size_t i) {
  return i < arguments.size() && arguments[i].value.text ? &*arguments[i].value.text : nullptr;
}

bool IsAttributeFilter(std::string_view name) {
  constexpr std::string_view kFilters[] = {"map",    "selectattr", "rejectattr", "groupby", "sort",
                                           "unique", "sum",        "min",        "max"};
  return std::find(std::begin(kFilters), std::end(kFilters), name) != std::end(kFilters);
}

}  // namespace

bool IsContentName(std::string_view name) { return name == "content" || name == "contents" || name == "text"; }

JinjaValue JinjaCalls::Member(const JinjaValue& base, const std::string& name) {
  JinjaValue value;
  if (const auto pair = base.pairs.find(name); pair != base.pairs.end()) value.SetText(pair->second);
  value.path = base.path.size() + name.size() < kLongestPath ? base.path + "." + name : base.path;
  value.clock = base.clock;
  // A part's type or a message's role is not what it says.
  if (IsContentName(name))
    value.content = true;
  else
    value.content = base.content && name != "type" && name != "role" && name != "name" && name != "image" &&
                    name != "tool_calls" && name != "function" && name != "arguments" && name != "id";
  return value;
}

// What messages say is replaced by something else.
void JinjaCalls::Replaces(const JinjaValue& value, const std::vector<JinjaArgument>& arguments, std::uint64_t offset) {
  if (value.content && TextAt(arguments, 0) != nullptr && TextAt(arguments, 1) != nullptr)
    record_.Replacement(*TextAt(arguments, 0), *TextAt(arguments, 1), offset);
}

JinjaValue JinjaCalls::Method(const JinjaValue& value, const std::string& name,
                              const std::vector<JinjaArgument>& arguments, std::uint64_t offset) {
  JinjaValue bare;
  bare.path = value.path;
  const std::string path = Member(bare, name).path;
  record_.Call(path, offset);
  if (name.starts_with("_")) record_.Access(value, name, Via::kDot, false, offset);
  JinjaValue result;
  result.path = path + "()";
  if (result.path.size() > kLongestPath) result.path.resize(kLongestPath);
  result.content = value.content;
  result.clock = value.clock;
  if (name == "startswith" || name == "endswith" || name == "find" || name == "count" || name == "index") {
    if (!arguments.empty()) record_.Compare(value, arguments[0].value, true);
  } else if (name == "get" && TextAt(arguments, 0) != nullptr) {
    record_.Access(value, *TextAt(arguments, 0), Via::kSubscript, arguments[0].value.assembled, offset);
    return Member(value, *TextAt(arguments, 0));
  } else if (name == "join" && value.text && !arguments.empty() && !arguments[0].value.items.empty()) {
    result.SetText(JoinedItems(arguments[0].value.items, *value.text));
  } else if (name == "pop" && !value.items.empty()) {
    result.SetText(value.items.back());
  } else if (name == "split" && value.text && TextAt(arguments, 0) != nullptr && !TextAt(arguments, 0)->empty()) {
    std::string_view rest = *value.text;
    while (result.items.size() < kMostParts) {
      const auto end = rest.find(*TextAt(arguments, 0));
      result.items.emplace_back(rest.substr(0, end));
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + TextAt(arguments, 0)->size());
    }
    result.is_list = true;
  } else if ((name == "format" || name == "format_map") && value.pattern) {
    // The template computes what the fields of its own format string reach for.
    record_.Access(value, "", Via::kAttributeFilter, false, offset);
  }
  if ((name == "ljust" || name == "rjust" || name == "center" || name == "zfill") && !arguments.empty() &&
      arguments[0].value.number)
    record_.Amount(AmountKind::kWidth, *arguments[0].value.number, offset);
  if (name == "replace") Replaces(value, arguments, offset);
  if (value.text)
    if (auto made = StringMethodOfJinja(*value.text, name, arguments)) result.SetText(std::move(*made));
  if (result.text) record_.Constant(*result.text, offset);
  return result;
}

void JinjaCalls::DefineMacro(const std::string& name, std::vector<std::string> parameters) {
  macros_[name].parameters = std::move(parameters);
}

bool JinjaCalls::TakesContent(const std::string& macro, const std::string& parameter) const {
  const auto found = macros_.find(macro);
  return found != macros_.end() && found->second.content.contains(parameter);
}

bool JinjaCalls::Learnt() { return std::exchange(learnt_, false); }

JinjaValue JinjaCalls::Called(const JinjaValue& callee, const std::vector<JinjaArgument>& arguments,
                              std::uint64_t offset) {
  record_.Call(callee.path, offset);
  JinjaValue result;
  result.clock = callee.clock;
  result.path = callee.path.size() < kLongestPath ? callee.path + "()" : callee.path;
  if (const auto macro = macros_.find(callee.path); macro != macros_.end()) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (!arguments[i].value.content) continue;
      const std::vector<std::string>& parameters = macro->second.parameters;
      const std::string name = !arguments[i].name.empty() ? arguments[i].name
                               : i < parameters.size()    ? parameters[i]
                                                          : std::string();
      if (!name.empty() && macro->second.content.emplace(name, true).second) learnt_ = true;
    }
  }
  if (callee.path == "range") {
    const auto number = [&](std::size_t i) { return arguments[i].value.number.value_or(0); };
    if (arguments.size() == 1) result.count = number(0);
    if (arguments.size() >= 2) result.count = number(1) - number(0);
    record_.Amount(AmountKind::kRange, result.count, offset);
    result.is_list = true;
  } else if (callee.path == "dict" || callee.path == "namespace") {
    result.is_list = callee.path == "dict";
    for (const JinjaArgument& argument : arguments) {
      if (result.items.size() >= kMostParts || argument.name.size() > 256) break;
      if (result.is_list) result.items.push_back(argument.name);
      if (argument.value.text && argument.value.text->size() <= 256) result.pairs[argument.name] = *argument.value.text;
    }
  } else if (callee.path == "lipsum") {
    for (const JinjaArgument& argument : arguments)
      if (argument.value.number) record_.Amount(AmountKind::kRange, *argument.value.number, offset);
  } else {
    for (const JinjaArgument& argument : arguments) result.content |= argument.value.content;
  }
  return result;
}

// `|map(attribute='a.b')`
void JinjaCalls::ByAttribute(const JinjaValue& base, const JinjaValue& which, std::uint64_t offset,
                             JinjaValue& result) {
  if (!which.text) return;
  std::string_view rest = *which.text;
  JinjaValue at = base;
  while (!rest.empty()) {
    const auto dot = rest.find('.');
    const std::string name(rest.substr(0, dot));
    record_.Access(at, name, Via::kAttributeFilter, which.assembled, offset);
    at = Member(at, name);
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  result = at;
}

JinjaValue JinjaCalls::Filtered(const JinjaValue& value, const std::string& name,
                                const std::vector<JinjaArgument>& arguments, std::uint64_t offset) {
  JinjaValue result = value;
  if (name == "attr") {
    if (const std::string* const asked = TextAt(arguments, 0)) {
      record_.Access(value, *asked, Via::kAttributeFilter, arguments[0].value.assembled, offset);
      return Member(value, *asked);
    }
    record_.Access(value, "", Via::kAttributeFilter, false, offset);
    return Member(value, "?");
  }
  if (IsAttributeFilter(name)) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const bool named = arguments[i].name == "attribute";
      if (named || (i == 0 && (name == "selectattr" || name == "rejectattr" || name == "groupby")))
        ByAttribute(value, arguments[i].value, offset, result);
    }
    // map('attr', '__class__')
    const std::string* const mapped = TextAt(arguments, 0);
    if (name == "map" && mapped != nullptr && *mapped == "attr" && arguments.size() > 1)
      ByAttribute(value, arguments[1].value, offset, result);
    result.text.reset();
    if (name == "selectattr" || name == "rejectattr") result.content = value.content;
    if (name == "sort" && arguments.empty()) result.items = value.items;
    return result;
  }
  result.text.reset();
  result.items.clear();
  result.pairs.clear();
  result.number.reset();
  if (name == "join" && !value.items.empty()) {
    const std::string* const between = TextAt(arguments, 0);
    result.SetText(JoinedItems(value.items, between == nullptr ? std::string_view() : *between));
  } else if ((name == "first" || name == "random") && !value.items.empty()) {
    result.SetText(value.items.front());
  } else if (name == "last" && !value.items.empty()) {
    result.SetText(value.items.back());
  } else if (name == "list") {
    result.items = value.items;
  } else if (name == "length" || name == "count") {
    result.content = false;
    result.measure = value.content || value.path == "messages";
  } else if (value.text) {
    if (auto made = StringMethodOfJinja(*value.text, name, arguments)) {
      const bool same = *made == *value.text;
      result.SetText(std::move(*made));
      result.assembled = value.assembled || !same;
    }
  }
  if (name == "reverse") result.items.assign(value.items.rbegin(), value.items.rend());
  if (name == "replace") Replaces(value, arguments, offset);
  if ((name == "center" || name == "indent") && !arguments.empty() && arguments[0].value.number)
    record_.Amount(AmountKind::kWidth, *arguments[0].value.number, offset);
  if (result.text) record_.Constant(*result.text, offset);
  return result;
}

}  // namespace ringfort::formats
