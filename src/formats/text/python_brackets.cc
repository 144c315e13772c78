#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "formats/text/python_expression.h"

// Brackets of all kinds: lists, tuples, dicts, sets, comprehensions, arguments and
// subscripts.

namespace ringfort::formats {
namespace {

using Kind = PythonToken::Kind;

constexpr std::size_t kLongestPath = 200;
constexpr std::size_t kDeepest = kDeepestPythonExpression;
constexpr std::size_t kMostItems = 4096;

}  // namespace

void PythonExpression::FindComprehensions(const std::vector<PythonToken>& tokens) {
  std::vector<Comprehended> open;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    const PythonToken& token = tokens[at];
    if (token.kind == Kind::kNewline) open.clear();
    if (token.kind == Kind::kName && token.raw == "for" && !open.empty() && open.back().first_for == 0)
      open.back().first_for = at;
    if (token.kind != Kind::kOperator || token.raw.size() != 1) continue;
    const char c = token.raw.front();
    if (c == '(' || c == '[' || c == '{') open.push_back({at, 0, 0});
    if ((c == ')' || c == ']' || c == '}') && !open.empty()) {
      open.back().close = at;
      if (open.back().first_for != 0) comprehensions_.push_back(open.back());
      open.pop_back();
    }
  }
  std::sort(comprehensions_.begin(), comprehensions_.end(),
            [](const Comprehended& a, const Comprehended& b) { return a.open < b.open; });
}

const PythonExpression::Comprehended* PythonExpression::ComprehensionAt(std::size_t open) const {
  const auto found = std::lower_bound(comprehensions_.begin(), comprehensions_.end(), open,
                                      [](const Comprehended& place, std::size_t at) { return place.open < at; });
  return found != comprehensions_.end() && found->open == open ? &*found : nullptr;
}

PythonValue PythonExpression::Comprehension(const Comprehended& place) {
  const std::size_t begin = cursor_.at();
  names_.Open(PythonNames::Scope::kFunction, 0);
  cursor_.Jump(place.first_for);
  std::vector<std::string> targets;
  PythonValue over;
  std::size_t clauses = 0;
  bool filtered = false;
  while (cursor_.at() < place.close && !cursor_.AtLineEnd()) {
    const std::size_t before = cursor_.at();
    if (cursor_.Take("async")) continue;
    if (cursor_.Take("for")) {
      targets = Targets();
      cursor_.Take("in");
      over = Read();
      BindElement(targets, over, 0);
      ++clauses;
    } else {
      filtered = true;
      Read();
    }
    if (cursor_.at() == before) cursor_.Advance();
  }
  cursor_.Jump(begin);
  const auto read = [&] {
    PythonValue element = Read();
    if (cursor_.Take(":")) element = Read();
    return element;
  };
  const std::uint64_t begins = cursor_.now().offset;
  const PythonValue element = read();
  const std::uint64_t ends = cursor_.now().offset;
  PythonValue value = PythonFolding::Mixed(element, over);
  std::optional<std::vector<PythonValue>> elements;
  // Not within another one: that would multiply.
  if (clauses == 1 && !filtered && targets.size() == 1 && !replaying_) elements = folding_.Elements(over);
  if (elements && !elements->empty() && ends >= begins && folding_.MayRepeat(ends - begins, elements->size())) {
    record_.Mute(true);
    replaying_ = true;
    std::vector<PythonValue> made;
    for (const PythonValue& item : *elements) {
      names_.Bind(targets[0], item);
      cursor_.Jump(begin);
      made.push_back(read());
    }
    replaying_ = false;
    record_.Mute(false);
    value.Hold(std::move(made));
    value.assembled = true;
  }
  names_.Close();
  cursor_.Jump(place.close);
  cursor_.Advance();
  return value;
}

PythonValue PythonExpression::Bracketed() {
  const bool tuple = cursor_.Is("("), braces = cursor_.Is("{");
  const Comprehended* const place = ComprehensionAt(cursor_.at());
  cursor_.Advance();
  if (place != nullptr) {
    if (++depth_ <= kDeepest) {
      PythonValue value = Comprehension(*place);
      --depth_;
      return value;
    }
    --depth_;
  }
  if (braces) return Pairs();
  bool comma = false;
  std::vector<PythonValue> items = Items(comma);
  if (tuple && !comma && items.size() == 1) return std::move(items[0]);
  PythonValue value;
  for (const PythonValue& item : items) value.origin |= item.origin;
  value.Hold(std::move(items));
  return value;
}

// Behind the opening brace of a dict or a set, up to and with the closing one.
PythonValue PythonExpression::Pairs() {
  PythonValue value;
  std::vector<PythonValue> items;
  std::map<std::string, PythonValue> pairs;
  while (!cursor_.AtLineEnd()) {
    if (cursor_.Take("}")) break;
    const std::size_t before = cursor_.at();
    PythonValue item = Read();
    value.origin |= item.origin;
    if (cursor_.Take(":")) {
      PythonValue member = Read();
      value.origin |= member.origin;
      if (item.text && item.text->size() <= kLongestPath && pairs.size() < kMostItems) pairs[*item.text] = member;
      if (items.size() < kMostItems) items.push_back(std::move(member));
    } else if (cursor_.at() != before && items.size() < kMostItems) {
      items.push_back(std::move(item));
    }
    if (cursor_.at() == before) cursor_.Advance();
  }
  if (!pairs.empty())
    value.Hold(std::move(pairs));
  else
    value.Hold(std::move(items));
  return value;
}

std::vector<PythonValue> PythonExpression::Items(bool& comma) {
  std::vector<PythonValue> items;
  while (!cursor_.AtLineEnd()) {
    if (cursor_.Is(")") || cursor_.Is("]") || cursor_.Is("}")) {
      cursor_.Advance();
      break;
    }
    if (cursor_.Is(",") || cursor_.Is(":") || cursor_.Is("=")) {
      comma |= cursor_.Is(",");
      cursor_.Advance();
      continue;
    }
    const std::size_t before = cursor_.at();
    PythonValue item = Read();
    if (cursor_.at() == before)
      cursor_.Advance();
    else if (items.size() < kMostItems)
      items.push_back(std::move(item));
  }
  return items;
}

std::vector<PythonArgument> PythonExpression::Arguments() {
  std::vector<PythonArgument> arguments;
  if (const Comprehended* const place = ComprehensionAt(cursor_.at() - 1); place != nullptr && depth_ < kDeepest) {
    ++depth_;
    arguments.push_back({"", Comprehension(*place)});
    --depth_;
    return arguments;
  }
  while (!cursor_.AtLineEnd()) {
    if (cursor_.Take(")")) break;
    if (cursor_.Is("]") || cursor_.Is("}")) {
      cursor_.Advance();
      continue;
    }
    if (cursor_.Take(",") || cursor_.Take(":") || cursor_.Take("=")) continue;
    PythonArgument bound;
    if (cursor_.AtName() && PythonCursor::Is(cursor_.Ahead(1), "=")) {
      bound.keyword = cursor_.now().raw;
      cursor_.Advance();
      cursor_.Advance();
    }
    const std::size_t before = cursor_.at();
    bound.value = Read();
    if (cursor_.at() == before && bound.keyword.empty())
      cursor_.Advance();
    else if (arguments.size() < 256)
      arguments.push_back(std::move(bound));
  }
  return arguments;
}

PythonValue PythonExpression::Subscript(const PythonValue& base) {
  std::vector<PythonValue> parts;
  std::vector<std::size_t> places;  // before which colon each part stands
  std::size_t colons = 0;
  while (!cursor_.AtLineEnd() && !cursor_.Is("]")) {
    if (cursor_.Take(":")) {
      ++colons;
      continue;
    }
    if (cursor_.Take(",")) continue;
    const std::size_t before = cursor_.at();
    PythonValue part = Read();
    if (cursor_.at() == before) {
      cursor_.Advance();
    } else if (parts.size() < 64) {
      parts.push_back(std::move(part));
      places.push_back(colons);
    }
  }
  cursor_.Take("]");
  if (colons > 0) {
    std::optional<double> bounds[3];
    bool known = colons <= 2;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      known &= parts[i].number.has_value() && places[i] < 3;
      if (known) bounds[places[i]] = *parts[i].number;
    }
    return folding_.Slice(base, bounds[0], bounds[1], known ? bounds[2].value_or(1) : 0);
  }
  if (parts.size() == 1 && parts[0].text) {
    PythonValue value = calls_.Member(base, *parts[0].text, true);
    value.assembled |= parts[0].assembled;
    return value;
  }
  if (parts.size() == 1 && parts[0].number && (base.items || base.text))
    return folding_.Element(base, *parts[0].number);
  PythonValue value;
  value.path = base.path.size() < kLongestPath ? base.path + "[]" : base.path;
  value.origin = base.path == "os.environ" ? 0 : base.origin;
  value.indirect = base.indirect;
  return value;
}

}  // namespace ringfort::formats
