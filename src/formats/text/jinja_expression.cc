#include "formats/text/jinja_expression.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace ringfort::formats {
namespace {

using Kind = JinjaToken::Kind;
using Via = JinjaFacts::Via;
using AmountKind = JinjaFacts::Amount::Kind;

constexpr std::size_t kDeepest = 120;
constexpr std::size_t kMostItems = 1024;
constexpr std::size_t kMostArguments = 256;
constexpr std::size_t kMostPairs = 64;

bool IsWord(std::string_view name) {
  constexpr std::string_view kWords[] = {"true", "false", "none", "True", "False", "None",     "and",
                                         "or",   "not",   "in",   "is",   "else",  "recursive"};
  return std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords);
}

}  // namespace

void JinjaExpression::Start(const std::vector<JinjaToken>& tokens, std::uint64_t tag, std::size_t condition) {
  tokens_ = &tokens;
  at_ = 0;
  silent_ = 0;
  tag_ = tag;
  condition_ = condition;
}

JinjaValue JinjaExpression::Rest() {
  JinjaValue last;
  while (!AtEnd()) {
    const std::size_t before = at_;
    last = Read();
    if (at_ == before) Advance();
  }
  return last;
}

JinjaValue JinjaExpression::Silent() {
  ++silent_;
  JinjaValue value = Rest();
  --silent_;
  return value;
}

// expression := condition ['if' condition ['else' expression]]
JinjaValue JinjaExpression::Read() {
  if (++depth_ > kDeepest) {
    record_.Exhausted(now().offset, "an expression nested too deep to read");
    at_ = tokens_->size() - 1;
    --depth_;
    return {};
  }
  const std::size_t first_text = record_.facts.texts.size();
  JinjaValue value = Or();
  if (Take("if")) Ternary(value, first_text);
  --depth_;
  return value;
}

void JinjaExpression::Ternary(JinjaValue& value, std::size_t first_text) {
  std::vector<JinjaFacts::Text>& texts = record_.facts.texts;
  JinjaFacts::Condition fresh;
  fresh.parent = condition_;
  fresh.offset = tag_;
  JinjaFacts::Condition* const outer = std::exchange(record_.testing, &fresh);
  ++silent_;
  Or();
  --silent_;
  record_.testing = outer;
  if (outer != nullptr) JinjaRecord::Merge(*outer, fresh);
  const std::size_t second_text = texts.size();
  if (Take("else")) {
    const JinjaValue other = Read();
    value.content |= other.content;
    if (!value.text) value.text = other.text;
  }
  if (!fresh.Asks() || texts.size() == first_text) return;
  const std::size_t begin = fresh.negated ? second_text : first_text;
  const std::size_t end = fresh.negated ? texts.size() : second_text;
  record_.facts.conditions.push_back(std::move(fresh));
  for (std::size_t i = begin; i < end; ++i) texts[i].condition = record_.facts.conditions.size() - 1;
}

JinjaValue JinjaExpression::Or() {
  JinjaValue value = Comparison();
  while (Is("or") || Is("and")) {
    Advance();
    value = MixedJinja(value, Comparison());
  }
  return value;
}

JinjaValue JinjaExpression::Comparison() {
  while (Take("not")) {
  }
  JinjaValue value = Concatenation();
  while (true) {
    if (Is("==") || Is("!=") || Is("<") || Is(">") || Is("<=") || Is(">=") || Is("in") || Is("not")) {
      const bool containment = Is("in") || Is("not");
      const bool negated = Is("!=") || Is("not");
      if (Take("not") && !Is("in")) return value;
      Advance();
      const JinjaValue other = Concatenation();
      record_.Compare(value, other, containment);
      if (negated && record_.testing != nullptr) record_.testing->negated = true;
      value = MixedJinja(value, other);
    } else if (Take("is")) {
      Take("not");
      if (now().kind == Kind::kName) Advance();
      if (Take("(")) Arguments();
      value = MixedJinja(value, {});
    } else {
      return value;
    }
  }
}

JinjaValue JinjaExpression::Concatenation() {
  JinjaValue value = Sum();
  while (Is("~")) {
    const std::uint64_t offset = now().offset;
    Advance();
    value = JoinedJinja(value, Sum());
    record_.Assembled(value, offset);
  }
  return value;
}

JinjaValue JinjaExpression::Sum() {
  JinjaValue value = Product();
  while (Is("+") || Is("-")) {
    const bool plus = Is("+");
    const std::uint64_t offset = now().offset;
    Advance();
    const JinjaValue other = Product();
    if (value.number && other.number) {
      value.number = plus ? *value.number + *other.number : *value.number - *other.number;
    } else {
      value = plus ? JoinedJinja(value, other) : MixedJinja(value, other);
      record_.Assembled(value, offset);
    }
  }
  return value;
}

JinjaValue JinjaExpression::Product() {
  JinjaValue value = Unary();
  while (Is("*") || Is("/") || Is("//") || Is("%")) {
    const std::string_view op = now().raw;
    const std::uint64_t offset = now().offset;
    Advance();
    tuple_.clear();
    JinjaValue other = Unary();
    if (op == "*") {
      value = Multiplied(std::move(value), std::move(other), offset);
    } else if (op == "%" && value.text) {
      std::vector<JinjaArgument> arguments;
      for (JinjaValue& part : tuple_) arguments.push_back({"", std::move(part)});
      if (arguments.empty()) arguments.push_back({"", other});
      if (auto made = FormattedJinja(*value.text, arguments)) {
        value.SetText(std::move(*made));
        record_.Assembled(value, offset);
      } else {
        value.text.reset();
      }
    } else {
      value = MixedJinja(value, other);
    }
  }
  return value;
}

JinjaValue JinjaExpression::Multiplied(JinjaValue value, JinjaValue other, std::uint64_t offset) {
  if (value.number && other.number) {
    value.number = *value.number * *other.number;
    return value;
  }
  if (value.number) std::swap(value, other);
  if (!other.number) return MixedJinja(value, other);
  const double times = *other.number;
  const double size = value.text ? static_cast<double>(std::max<std::size_t>(1, value.text->size())) : 1;
  if (value.text || value.is_list) record_.Amount(AmountKind::kRepeat, times * size, offset);
  if (value.text && times >= 0 && times * size < 256) {
    std::string repeated;
    for (int i = 0; i < static_cast<int>(times); ++i) repeated += *value.text;
    value.SetText(std::move(repeated));
    record_.Assembled(value, offset);
  } else {
    value.text.reset();
  }
  return value;
}

JinjaValue JinjaExpression::Unary() {
  bool minus = false;
  while (Is("-") || Is("+")) {
    minus ^= Is("-");
    Advance();
  }
  JinjaValue value = Postfix(Primary());
  if (Is("**")) {
    const std::uint64_t offset = now().offset;
    if (++depth_ <= kDeepest) {
      Advance();
      const JinjaValue power = Unary();
      if (value.number && power.number) {
        value.number = std::pow(*value.number, *power.number);
        if (!std::isfinite(*value.number) || *value.number > 1e300) value.number = 1e300;
        // Python's integers are exact: 9**9**9 has hundreds of millions of digits.
        record_.Amount(AmountKind::kPower, std::log10(std::max(1.0, *value.number)) * 100, offset);
      }
    } else {
      at_ = tokens_->size() - 1;
    }
    --depth_;
  }
  if (minus && value.number) value.number = -*value.number;
  return value;
}

JinjaValue JinjaExpression::Primary() {
  JinjaValue value;
  switch (now().kind) {
    case Kind::kEnd: return value;
    case Kind::kNumber:
      value.number = now().number;
      Advance();
      return value;
    case Kind::kString: return String();
    case Kind::kName: return Name();
    case Kind::kOperator: break;
  }
  if (Is("(") || Is("[")) {
    const bool list = Is("[");
    Advance();
    std::vector<JinjaValue> items;
    bool comma = false;
    Items(items, comma);
    if (!list && !comma && items.size() == 1) return std::move(items[0]);
    value.SetItems(items);
    tuple_ = std::move(items);
    return value;
  }
  if (Take("{")) return Pairs();
  return value;
}

JinjaValue JinjaExpression::String() {
  JinjaValue value;
  std::string text;
  const std::uint64_t offset = now().offset;
  while (now().kind == Kind::kString) {
    text += std::string_view(now().text).substr(0, kLongestJinjaText);
    value.assembled |= now().escaped;
    Advance();
    if (text.size() > kLongestJinjaText) break;
  }
  record_.Constant(text, offset);
  if (silent_ == 0) Emit(text, offset);
  value.text = std::move(text);
  value.literal = true;
  return value;
}

JinjaValue JinjaExpression::Name() {
  const JinjaToken& token = now();
  const std::string name(token.raw);
  JinjaValue value;
  Advance();
  if (IsWord(name)) return value;
  if (Is("=") && silent_ > 0) return value;  // a keyword argument's name
  const auto known = variables_.find(name);
  if (known != variables_.end()) {
    value = known->second;
    value.literal = false;
    value.assembled |= value.text.has_value();
    if (value.tested && record_.testing != nullptr) JinjaRecord::Merge(*record_.testing, *value.tested);
  }
  if (value.path.empty()) value.path = name;
  if (IsContentName(name) && known == variables_.end()) value.content = true;
  if (name == "strftime_now" || name == "now") value.clock = true;
  if (name.size() > 4 && name.starts_with("__") && name.ends_with("__"))
    record_.Access({}, name, Via::kDot, false, token.offset);
  return value;
}

// Up to the closing bracket of any kind.
void JinjaExpression::Items(std::vector<JinjaValue>& items, bool& comma) {
  while (!AtEnd()) {
    if (Is(")") || Is("]") || Is("}")) {
      Advance();
      return;
    }
    if (Is(",") || Is(":")) {
      comma |= Is(",");
      Advance();
      continue;
    }
    const std::size_t before = at_;
    JinjaValue item = Read();
    if (at_ == before)
      Advance();
    else if (items.size() < kMostItems)
      items.push_back(std::move(item));
  }
}

// Behind the opening brace, up to and with the closing one.
JinjaValue JinjaExpression::Pairs() {
  JinjaValue value;
  while (!AtEnd()) {
    if (Is(")") || Is("]") || Is("}")) {
      Advance();
      break;
    }
    const std::size_t before = at_;
    const JinjaValue key = Read();
    if (Take(":")) {
      const JinjaValue member = Read();
      value.content |= member.content;
      if (key.text && member.text && key.text->size() + member.text->size() <= 512 && value.pairs.size() < kMostPairs)
        value.pairs[*key.text] = *member.text;
    }
    if (at_ == before) Advance();
  }
  return value;
}

std::vector<JinjaArgument> JinjaExpression::Arguments() {
  std::vector<JinjaArgument> arguments;
  ++silent_;
  while (!AtEnd()) {
    if (Take(")")) break;
    if (Take(",") || Take("*") || Take("**")) continue;
    JinjaArgument argument;
    if (now().kind == Kind::kName && at_ + 1 < tokens_->size() && (*tokens_)[at_ + 1].raw == "=" &&
        (*tokens_)[at_ + 1].kind == Kind::kOperator) {
      argument.name = now().raw;
      at_ += 2;
    }
    const std::size_t before = at_;
    argument.value = Read();
    if (at_ == before)
      Advance();
    else if (arguments.size() < kMostArguments)
      arguments.push_back(std::move(argument));
  }
  --silent_;
  return arguments;
}

JinjaValue JinjaExpression::Postfix(JinjaValue value) {
  while (true) {
    const std::uint64_t offset = now().offset;
    if (Take(".")) {
      if (now().kind != Kind::kName && now().kind != Kind::kNumber) return value;
      const std::string name(now().raw);
      Advance();
      if (Take("(")) {
        value = calls_.Method(value, name, Arguments(), offset);
        continue;
      }
      record_.Access(value, name, Via::kDot, false, offset);
      value = JinjaCalls::Member(value, name);
      if (const auto known = variables_.find(value.path); known != variables_.end()) {
        const std::string path = value.path;
        value = known->second;
        value.path = path;
        value.literal = false;
        value.assembled |= value.text.has_value();
        if (value.tested && record_.testing != nullptr) JinjaRecord::Merge(*record_.testing, *value.tested);
      }
    } else if (Take("[")) {
      ++silent_;
      value = Subscript(value, offset);
      --silent_;
    } else if (Take("(")) {
      value = calls_.Called(value, Arguments(), offset);
    } else if (Take("|")) {
      if (now().kind != Kind::kName) return value;
      const std::string name(now().raw);
      Advance();
      value = calls_.Filtered(value, name, Take("(") ? Arguments() : std::vector<JinjaArgument>(), offset);
    } else {
      return value;
    }
  }
}

JinjaValue JinjaExpression::Subscript(const JinjaValue& value, std::uint64_t offset) {
  std::vector<JinjaValue> parts;
  std::optional<double> bounds[3];
  bool known = true;
  std::size_t colons = 0;
  while (!AtEnd() && !Is("]")) {
    if (Take(":")) {
      ++colons;
      continue;
    }
    const std::size_t before = at_;
    JinjaValue part = Read();
    if (at_ == before) {
      Advance();
      continue;
    }
    known &= part.number.has_value() && colons < 3;
    if (colons < 3) bounds[colons] = part.number;
    if (parts.size() < 64) parts.push_back(std::move(part));
  }
  Take("]");
  if (colons > 0) {
    JinjaValue slice = value;
    slice.items.clear();
    slice.text.reset();
    if (value.text && known)
      if (auto made = SlicedText(*value.text, bounds[0], bounds[1], bounds[2].value_or(1)))
        slice.SetText(std::move(*made));
    record_.Assembled(slice, offset);
    return slice;
  }
  if (parts.size() == 1 && parts[0].text) {
    record_.Access(value, *parts[0].text, Via::kSubscript, parts[0].assembled, offset);
    return JinjaCalls::Member(value, *parts[0].text);
  }
  JinjaValue element;
  element.path = value.path;
  element.content = value.content;
  if (parts.size() == 1 && parts[0].number) {
    double index = *parts[0].number;
    const std::size_t size = value.text ? value.text->size() : value.items.size();
    if (index < 0) index += static_cast<double>(size);
    if (index >= 0 && index < static_cast<double>(size)) {
      const auto at = static_cast<std::size_t>(index);
      element.SetText(value.text ? std::string(1, (*value.text)[at]) : value.items[at]);
    }
  } else if (value.literal) {
    // Nobody asks a string constant for something computed, except for its attributes.
    record_.Access(value, "", Via::kSubscript, false, offset);
  }
  return element;
}

void JinjaExpression::Emit(const std::string& text, std::uint64_t offset) {
  if (text.empty()) return;
  JinjaFacts::Text emitted;
  emitted.constant = text;
  emitted.condition = condition_;
  emitted.offset = offset;
  record_.facts.texts.push_back(std::move(emitted));
}

}  // namespace ringfort::formats
