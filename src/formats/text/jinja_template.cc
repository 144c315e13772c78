#include "formats/text/jinja_template.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/text.h"
#include "formats/text/jinja_lexer.h"
#include "formats/text/string_escapes.h"

namespace ringfort::formats {
namespace {

using Kind = JinjaToken::Kind;

constexpr std::size_t kLongestConstant = 4096;
constexpr std::size_t kDeepest = 120;
constexpr std::size_t kLongestPath = 160;
constexpr std::size_t kLongestSource = std::size_t{8} << 20;
constexpr std::size_t kMostAccesses = 100'000;
constexpr std::size_t kMostConstants = std::size_t{16} << 20;  // bytes
constexpr std::size_t kMostItems = 64;
constexpr std::size_t kLongestItem = 256;
constexpr double kLeastAmount = 10'000;

// What is known of an expression without running it.
struct Value {
  std::optional<std::string> text;
  std::optional<double> number;
  std::vector<std::string> items;  // of a list, tuple or dict(...) of constant strings
  bool is_list = false;
  bool assembled = false;
  bool content = false;  // what a message says
  bool clock = false;    // the date
  std::string path;      // dotted, as far as it goes
  double count = 0;      // of range(n)
};

std::string_view Cut(std::string_view text) { return text.substr(0, kLongestConstant); }

bool IsContentName(std::string_view name) { return name == "content" || name == "contents" || name == "text"; }

std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  if (from.empty()) return std::string(text);
  for (std::size_t at = 0; at < text.size() && out.size() < kLongestConstant;) {
    if (text.substr(at, from.size()) == from) {
      out += to;
      at += from.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

// `'%c%c' % (95, 95)`, `'%s%s' % ('a', 'b')`, `'{}{}'.format('a', 'b')`.
std::optional<std::string> Formatted(std::string_view pattern, const std::vector<Value>& arguments) {
  std::string out;
  std::size_t next = 0;
  const auto put = [&](const Value& value, char as) {
    if (as == 'c' && value.number)
      AppendUtf8(out, static_cast<std::uint32_t>(std::clamp(*value.number, 0.0, 1e6)));
    else if (value.text)
      out += *value.text;
    else
      return false;
    return true;
  };
  for (std::size_t at = 0; at < pattern.size() && out.size() < kLongestConstant; ++at) {
    if (pattern[at] == '%' && at + 1 < pattern.size()) {
      const char as = pattern[++at];
      if (as == '%')
        out += '%';
      else if (next >= arguments.size() || !put(arguments[next++], as))
        return std::nullopt;
    } else if (pattern[at] == '{' && at + 1 < pattern.size()) {
      const auto close = pattern.find('}', at);
      if (close == std::string_view::npos) return std::nullopt;
      std::size_t index = next++;
      if (close == at + 2 && pattern[at + 1] >= '0' && pattern[at + 1] <= '9')
        index = static_cast<std::size_t>(pattern[at + 1] - '0');
      else if (close != at + 1)
        return std::nullopt;
      if (index >= arguments.size() || !put(arguments[index], 's')) return std::nullopt;
      at = close;
    } else {
      out += pattern[at];
    }
  }
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view source) : source_(source) {}

  JinjaFacts Run() {
    const std::vector<JinjaPiece> pieces = LexJinja(source_, facts_.damage);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const JinjaPiece& piece = pieces[i];
      if (piece.kind == JinjaPiece::Kind::kData) {
        JinjaFacts::Text text;
        text.text = piece.data;
        text.condition = condition();
        text.before_expression = i + 1 < pieces.size() && pieces[i + 1].kind == JinjaPiece::Kind::kExpression;
        text.offset = piece.offset;
        facts_.texts.push_back(std::move(text));
        continue;
      }
      tokens_ = &piece.tokens;
      at_ = 0;
      calls_ = 0;
      tag_ = piece.offset;
      if (piece.kind == JinjaPiece::Kind::kExpression) {
        Sequence();
      } else {
        Statement();
      }
    }
    return std::move(facts_);
  }

 private:
  struct Block {
    enum class Kind : std::uint8_t { kIf, kFor, kOther } kind = Kind::kOther;
    std::string_view keyword;
    std::size_t condition = JinjaFacts::kNone;  // of what stands here now
    double count = 1;
    std::size_t tested = JinjaFacts::kNone;  // the condition of the last if or elif
  };

  const JinjaToken& now() const { return (*tokens_)[at_]; }
  bool AtEnd() const { return now().kind == Kind::kEnd; }
  void Advance() {
    if (!AtEnd()) ++at_;
  }
  bool Is(std::string_view raw) const {
    return (now().kind == Kind::kOperator || now().kind == Kind::kName) && now().raw == raw;
  }
  bool Take(std::string_view raw) {
    if (!Is(raw)) return false;
    Advance();
    return true;
  }
  std::size_t condition() const { return blocks_.empty() ? JinjaFacts::kNone : blocks_.back().condition; }
  void Note(JinjaFacts::Amount::Kind kind, double value, std::uint64_t offset) {
    if (value >= kLeastAmount) facts_.amounts.push_back({kind, value, offset});
  }

  // Reads what is left of the tag, whatever it is.
  Value Sequence() {
    Value last;
    while (!AtEnd()) {
      const std::size_t before = at_;
      last = Expression();
      if (at_ == before) Advance();
    }
    return last;
  }

  void Statement() {
    if (now().kind != Kind::kName) {
      Sequence();
      return;
    }
    const std::string_view keyword = now().raw;
    facts_.statements.push_back({std::string(keyword), tag_});
    Advance();
    if (keyword == "if" || keyword == "elif") {
      if (keyword == "elif" && !blocks_.empty()) {
        const std::size_t parent = Outer();
        Block& block = blocks_.back();
        block.tested = OpenCondition(parent);
        block.condition = Negated(block.tested) ? parent : block.tested;
        return;
      }
      const std::size_t parent = condition();
      const std::size_t tested = OpenCondition(parent);
      Push({Block::Kind::kIf, "if", Negated(tested) ? parent : tested, 1, tested});
    } else if (keyword == "else") {
      // What stands here shows when the literal is absent, the ordinary case, unless
      // the test was for its absence.
      if (!blocks_.empty() && blocks_.back().kind == Block::Kind::kIf) {
        Block& block = blocks_.back();
        block.condition = Negated(block.tested) ? block.tested : Outer();
      }
    } else if (keyword == "for") {
      For();
    } else if (keyword == "set") {
      Set();
    } else if (keyword.starts_with("end")) {
      if (!blocks_.empty()) blocks_.pop_back();
      Sequence();
    } else {
      if (keyword == "macro" || keyword == "block" || keyword == "call" || keyword == "filter" || keyword == "with" ||
          keyword == "autoescape" || keyword == "generation")
        Push({Block::Kind::kOther, keyword, condition(), 1, JinjaFacts::kNone});
      ++calls_;  // arguments, not output
      Sequence();
    }
  }

  std::size_t Outer() const { return blocks_.size() > 1 ? blocks_[blocks_.size() - 2].condition : JinjaFacts::kNone; }
  bool Negated(std::size_t index) const { return index < facts_.conditions.size() && facts_.conditions[index].negated; }

  void Push(Block block) {
    if (blocks_.size() < 4096) blocks_.push_back(block);
  }

  std::size_t OpenCondition(std::size_t parent) {
    JinjaFacts::Condition fresh;
    fresh.parent = parent;
    fresh.offset = tag_;
    testing_ = &fresh;
    ++calls_;
    Sequence();
    --calls_;
    testing_ = nullptr;
    if (!fresh.on_content && !fresh.on_clock) return parent;
    facts_.conditions.push_back(std::move(fresh));
    return facts_.conditions.size() - 1;
  }

  void For() {
    std::vector<std::string> names;
    while (!AtEnd() && !Is("in")) {
      if (now().kind == Kind::kName) names.emplace_back(now().raw);
      Advance();
    }
    Take("in");
    ++calls_;
    const Value over = Sequence();
    --calls_;
    for (const std::string& name : names) {
      Value element;
      element.path = name;
      // The parts of a content are content; so are the characters of a text.
      element.content = over.content;
      variables_[name] = std::move(element);
    }
    const double count = std::max(1.0, over.count);
    double product = count;
    for (const Block& block : blocks_) product *= block.count;
    if (product > count && count > 1) Note(JinjaFacts::Amount::Kind::kNestedLoops, product, tag_);
    Push({Block::Kind::kFor, "for", condition(), count, JinjaFacts::kNone});
  }

  void Set() {
    std::vector<std::string> names;
    while (!AtEnd() && !Is("=")) {
      if (now().kind == Kind::kName) names.emplace_back(now().raw);
      Advance();
    }
    if (!Take("=")) {  // {% set x %}...{% endset %}
      Push({Block::Kind::kOther, "set", condition(), 1, JinjaFacts::kNone});
      return;
    }
    Value value = Sequence();
    if (names.size() == 1) {
      if (value.path.empty()) value.path = names[0];
      variables_[names[0]] = std::move(value);
    } else {
      for (const std::string& name : names) variables_.erase(name);
    }
  }

  // expression := condition ['if' condition ['else' expression]]
  Value Expression() {
    if (++depth_ > kDeepest) {
      if (!facts_.damage || facts_.damage->fault != Fault::kLimitExceeded)
        facts_.damage = Error{Fault::kLimitExceeded, "an expression nested too deep to read", now().offset};
      at_ = tokens_->size() - 1;
      --depth_;
      return {};
    }
    const std::size_t first_text = facts_.texts.size();
    Value value = Or();
    if (Is("if") && calls_ < 1000) {
      Advance();
      JinjaFacts::Condition fresh;
      fresh.parent = condition();
      fresh.offset = tag_;
      JinjaFacts::Condition* const outer = std::exchange(testing_, &fresh);
      ++calls_;
      Or();
      --calls_;
      testing_ = outer;
      if (outer != nullptr) {
        outer->on_content |= fresh.on_content;
        outer->on_clock |= fresh.on_clock;
        outer->literals.insert(outer->literals.end(), fresh.literals.begin(), fresh.literals.end());
      } else if (fresh.on_content || fresh.on_clock) {
        facts_.conditions.push_back(std::move(fresh));
        for (std::size_t i = first_text; i < facts_.texts.size(); ++i)
          facts_.texts[i].condition = facts_.conditions.size() - 1;
      }
      if (Take("else")) {
        Value other = Expression();
        value.content |= other.content;
        if (value.text != other.text) value.text.reset();
      }
    }
    --depth_;
    return value;
  }

  Value Or() {
    Value value = Comparison();
    while (Is("or") || Is("and")) {
      Advance();
      const Value other = Comparison();
      value = Mixed(value, other);
    }
    return value;
  }

  static Value Mixed(const Value& a, const Value& b) {
    Value value;
    value.content = a.content || b.content;
    value.clock = a.clock || b.clock;
    return value;
  }

  void Compare(const Value& a, const Value& b, bool containment) {
    if (testing_ == nullptr || testing_->literals.size() > 256) return;
    const auto literals = [&](const Value& side) {
      if (side.text && !side.text->empty()) testing_->literals.push_back(*side.text);
      testing_->literals.insert(testing_->literals.end(), side.items.begin(), side.items.end());
    };
    if ((a.content && (b.text || !b.items.empty())) || (b.content && (a.text || !a.items.empty()))) {
      testing_->on_content = true;
      literals(a.content ? b : a);
    }
    if (!containment && (a.clock != b.clock) && (a.text || b.text || a.number || b.number)) testing_->on_clock = true;
  }

  Value Comparison() {
    while (Take("not")) {
    }
    Value value = Concatenation();
    while (true) {
      if (Is("==") || Is("!=") || Is("<") || Is(">") || Is("<=") || Is(">=") || Is("in") || Is("not")) {
        const bool containment = Is("in") || Is("not");
        const bool negated = Is("!=") || Is("not");
        if (Take("not") && !Is("in")) return value;
        Advance();
        const Value other = Concatenation();
        Compare(value, other, containment);
        if (negated && testing_ != nullptr) testing_->negated = true;
        value = Mixed(value, other);
      } else if (Take("is")) {
        Take("not");
        if (now().kind == Kind::kName) Advance();
        if (Is("(")) {
          Advance();
          Arguments(nullptr);
        }
        value = Mixed(value, {});
      } else {
        return value;
      }
    }
  }

  Value Concatenation() {
    Value value = Sum();
    while (Take("~")) value = Joined(value, Sum());
    return value;
  }
  Value Sum() {
    Value value = Product();
    while (Is("+") || Is("-")) {
      const bool plus = Is("+");
      Advance();
      const Value other = Product();
      if (plus && value.number && other.number)
        value.number = *value.number + *other.number;
      else if (!plus && value.number && other.number)
        value.number = *value.number - *other.number;
      else
        value = plus ? Joined(value, other) : Mixed(value, other);
    }
    return value;
  }
  static Value Joined(const Value& a, const Value& b) {
    Value value = Mixed(a, b);
    if (a.text && b.text && a.text->size() + b.text->size() <= kLongestConstant) {
      value.text = *a.text + *b.text;
      value.assembled = true;
    }
    if (a.is_list && b.is_list && a.items.size() + b.items.size() <= kMostItems) {
      value.items = a.items;
      value.items.insert(value.items.end(), b.items.begin(), b.items.end());
      value.is_list = true;
    }
    return value;
  }
  Value Product() {
    Value value = Unary();
    while (Is("*") || Is("/") || Is("//") || Is("%")) {
      const std::string_view op = now().raw;
      const std::uint64_t offset = now().offset;
      Advance();
      Value other = Unary();
      if (op == "*") {
        if (value.number && other.number) {
          value.number = *value.number * *other.number;
        } else {
          if (value.number) std::swap(value, other);
          if (other.number) {
            if (value.text || value.is_list)
              Note(JinjaFacts::Amount::Kind::kRepeat,
                   *other.number * static_cast<double>(std::max<std::size_t>(1, value.text ? value.text->size() : 1)),
                   offset);
            if (value.text && *other.number >= 0 && *other.number * static_cast<double>(value.text->size()) < 256) {
              std::string repeated;
              for (int i = 0; i < static_cast<int>(*other.number); ++i) repeated += *value.text;
              value.text = repeated;
              value.assembled = true;
            } else {
              value.text.reset();
            }
          } else {
            value = Mixed(value, other);
          }
        }
      } else if (op == "%" && value.text) {
        std::vector<Value> arguments = std::move(other_items_);
        if (arguments.empty()) arguments.push_back(other);
        value.text = Formatted(*value.text, arguments);
        value.assembled = true;
      } else {
        value = Mixed(value, other);
      }
    }
    return value;
  }
  Value Unary() {
    bool minus = false;
    while (Is("-") || Is("+")) {
      minus ^= Is("-");
      Advance();
    }
    Value value = Postfix(Primary());
    if (Is("**")) {
      const std::uint64_t offset = now().offset;
      if (++depth_ <= kDeepest) {
        Advance();
        const Value power = Unary();
        if (value.number && power.number) {
          value.number = std::pow(*value.number, *power.number);
          if (!std::isfinite(*value.number) || *value.number > 1e300) value.number = 1e300;
          // Python's integers are exact: 9**9**9 has hundreds of millions of digits.
          Note(JinjaFacts::Amount::Kind::kPower, std::log10(std::max(1.0, *value.number)) * 100, offset);
        }
      } else {
        at_ = tokens_->size() - 1;
      }
      --depth_;
    }
    if (minus && value.number) value.number = -*value.number;
    return value;
  }

  Value Primary() {
    Value value;
    const JinjaToken& token = now();
    switch (token.kind) {
      case Kind::kEnd: return value;
      case Kind::kNumber:
        value.number = token.number;
        Advance();
        return value;
      case Kind::kString: {
        std::string text;
        bool escaped = false;
        while (now().kind == Kind::kString) {
          text += Cut(now().text);
          escaped |= now().escaped;
          Advance();
          if (text.size() > kLongestConstant) break;
        }
        Constant(text, token.offset);
        if (calls_ == 0) Emit(text, token.offset);
        value.text = std::move(text);
        value.assembled = escaped;
        return value;
      }
      case Kind::kName: {
        const std::string name(token.raw);
        Advance();
        if (name == "true" || name == "false" || name == "none" || name == "True" || name == "False" ||
            name == "None" || name == "and" || name == "or" || name == "not" || name == "in" || name == "is" ||
            name == "else" || name == "recursive")
          return value;
        if (Is("=") && calls_ > 0) return value;  // a keyword argument's name
        const auto known = variables_.find(name);
        if (known != variables_.end()) {
          value = known->second;
          value.assembled |= value.text.has_value();
        }
        if (value.path.empty()) value.path = name;
        if (IsContentName(name) && known == variables_.end()) value.content = true;
        if (name == "strftime_now" || name == "now") value.clock = true;
        if (name.size() > 4 && name.starts_with("__") && name.ends_with("__"))
          facts_.accesses.push_back({"", name, JinjaFacts::Via::kDot, false, token.offset});
        return value;
      }
      case Kind::kOperator: break;
    }
    if (Take("(") || Take("[")) {
      const bool list = (*tokens_)[at_ - 1].raw == "[";
      std::vector<Value> items;
      bool comma = false;
      Items(items, comma);
      if (!list && !comma && items.size() == 1) return items[0];
      AsList(value, items);
      other_items_ = std::move(items);
      return value;
    }
    if (Take("{")) {
      std::vector<Value> items;
      bool comma = false;
      Items(items, comma);
      for (const Value& item : items) value.content |= item.content;
      return value;
    }
    return value;
  }

  static void AsList(Value& value, const std::vector<Value>& items) {
    value.is_list = true;
    for (const Value& item : items) {
      value.content |= item.content;
      if (item.text && item.text->size() <= kLongestItem && value.items.size() < kMostItems)
        value.items.push_back(*item.text);
    }
    if (value.items.size() != items.size()) value.items.clear();
  }

  // Up to the closing bracket of any kind.
  void Items(std::vector<Value>& items, bool& comma) {
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
      Value item = Expression();
      if (at_ == before)
        Advance();
      else if (items.size() < 1024)
        items.push_back(std::move(item));
    }
  }

  struct Argument {
    std::string name;
    Value value;
  };
  // Behind the opening parenthesis, up to and with the closing one.
  void Arguments(std::vector<Argument>* arguments) {
    ++calls_;
    while (!AtEnd()) {
      if (Take(")")) break;
      if (Take(",") || Take("*") || Take("**")) continue;
      Argument argument;
      if (now().kind == Kind::kName && at_ + 1 < tokens_->size() && (*tokens_)[at_ + 1].raw == "=" &&
          (*tokens_)[at_ + 1].kind == Kind::kOperator) {
        argument.name = now().raw;
        at_ += 2;
      }
      const std::size_t before = at_;
      argument.value = Expression();
      if (at_ == before)
        Advance();
      else if (arguments != nullptr && arguments->size() < 256)
        arguments->push_back(std::move(argument));
    }
    --calls_;
  }

  void Access(const Value& base, const std::string& name, JinjaFacts::Via via, bool assembled, std::uint64_t offset) {
    if (facts_.accesses.size() < kMostAccesses)
      facts_.accesses.push_back({base.path, name, via, assembled, offset});
    else
      Exhausted(offset);
  }
  void Exhausted(std::uint64_t offset) {
    if (!facts_.damage || facts_.damage->fault != Fault::kLimitExceeded)
      facts_.damage = Error{Fault::kLimitExceeded, "more expressions than the limit allows", offset};
  }
  void NoteCall(const std::string& path, std::uint64_t offset) {
    if (facts_.calls.size() < kMostAccesses)
      facts_.calls.push_back({path, offset});
    else
      Exhausted(offset);
  }
  static Value Member(const Value& base, const std::string& name) {
    Value value;
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

  Value Postfix(Value value) {
    while (true) {
      const std::uint64_t offset = now().offset;
      if (Take(".")) {
        if (now().kind != Kind::kName && now().kind != Kind::kNumber) return value;
        const std::string name(now().raw);
        Advance();
        if (Is("(")) {
          Advance();
          std::vector<Argument> arguments;
          Arguments(&arguments);
          value = Method(value, name, arguments, offset);
          continue;
        }
        Access(value, name, JinjaFacts::Via::kDot, false, offset);
        value = Member(value, name);
      } else if (Take("[")) {
        ++calls_;
        value = Subscript(value, offset);
        --calls_;
      } else if (Take("(")) {
        std::vector<Argument> arguments;
        Arguments(&arguments);
        value = Called(value, arguments, offset);
      } else if (Is("|")) {
        Advance();
        if (now().kind != Kind::kName) return value;
        const std::string name(now().raw);
        Advance();
        std::vector<Argument> arguments;
        if (Take("(")) Arguments(&arguments);
        value = Filtered(value, name, arguments, offset);
      } else {
        return value;
      }
    }
  }

  Value Subscript(const Value& value, std::uint64_t offset) {
    std::vector<Value> parts;
    std::size_t colons = 0;
    while (!AtEnd() && !Is("]")) {
      if (Take(":")) {
        ++colons;
        continue;
      }
      const std::size_t before = at_;
      Value part = Expression();
      if (at_ == before)
        Advance();
      else
        parts.push_back(std::move(part));
      if (parts.size() > 64) parts.pop_back();
    }
    Take("]");
    if (colons > 0) {
      Value slice = value;
      const bool reversed = colons == 2 && parts.size() == 1 && parts[0].number && *parts[0].number == -1;
      if (reversed && slice.text) {
        std::reverse(slice.text->begin(), slice.text->end());
        slice.assembled = true;
      } else {
        slice.text.reset();
      }
      slice.items.clear();
      return slice;
    }
    if (parts.size() == 1 && parts[0].text) {
      Access(value, *parts[0].text, JinjaFacts::Via::kSubscript, parts[0].assembled, offset);
      return Member(value, *parts[0].text);
    }
    Value element;
    element.path = value.path;
    element.content = value.content;
    return element;
  }

  Value Method(const Value& value, const std::string& name, const std::vector<Argument>& arguments,
               std::uint64_t offset) {
    Value path;
    path.path = value.path;
    path = Member(path, name);
    NoteCall(path.path, offset);
    if (name.starts_with("__")) Access(value, name, JinjaFacts::Via::kDot, false, offset);
    Value result;
    result.path = path.path + "()";
    if (result.path.size() > kLongestPath) result.path.resize(kLongestPath);
    result.content = value.content;
    result.clock = value.clock;
    const auto text = [&](std::size_t i) { return i < arguments.size() ? arguments[i].value.text : std::nullopt; };
    if (name == "startswith" || name == "endswith" || name == "find" || name == "count" || name == "index") {
      if (!arguments.empty()) Compare(value, arguments[0].value, true);
    } else if (name == "get" && text(0)) {
      Access(value, *text(0), JinjaFacts::Via::kSubscript, arguments[0].value.assembled, offset);
      result = Member(value, *text(0));
    } else if (name == "replace" && value.text && text(0) && text(1)) {
      result.text = Replaced(*value.text, *text(0), *text(1));
      result.assembled = true;
    } else if (name == "join" && value.text && !arguments.empty()) {
      JoinItems(result, arguments[0].value.items, *value.text);
    } else if (name == "format" && value.text) {
      std::vector<Value> values;
      for (const Argument& argument : arguments) values.push_back(argument.value);
      result.text = Formatted(*value.text, values);
      result.assembled = true;
    } else if (value.text && (name == "lower" || name == "upper" || name == "strip")) {
      result.text = Cased(*value.text, name == "upper", name == "lower");
      result.assembled = true;
    } else if ((name == "ljust" || name == "rjust" || name == "center" || name == "zfill") && !arguments.empty() &&
               arguments[0].value.number) {
      Note(JinjaFacts::Amount::Kind::kWidth, *arguments[0].value.number, offset);
    }
    if (result.text) Constant(*result.text, offset);
    return result;
  }

  static std::string Cased(std::string text, bool upper, bool lower) {
    for (char& c : text) {
      if (upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
      if (lower && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return text;
  }
  static void JoinItems(Value& value, const std::vector<std::string>& items, std::string_view between) {
    if (items.empty()) return;
    std::string joined;
    for (std::size_t i = 0; i < items.size() && joined.size() < kLongestConstant; ++i) {
      if (i > 0) joined += between;
      joined += items[i];
    }
    value.text = std::move(joined);
    value.assembled = true;
  }

  Value Called(const Value& callee, const std::vector<Argument>& arguments, std::uint64_t offset) {
    NoteCall(callee.path, offset);
    Value result;
    result.clock = callee.clock;
    result.path = callee.path.size() < kLongestPath ? callee.path + "()" : callee.path;
    if (callee.path == "range") {
      const auto number = [&](std::size_t i) { return arguments[i].value.number.value_or(0); };
      if (arguments.size() == 1) result.count = number(0);
      if (arguments.size() >= 2) result.count = number(1) - number(0);
      Note(JinjaFacts::Amount::Kind::kRange, result.count, offset);
      result.is_list = true;
    } else if (callee.path == "dict") {
      result.is_list = true;
      for (const Argument& argument : arguments)
        if (result.items.size() < kMostItems) result.items.push_back(argument.name.substr(0, kLongestItem));
    } else if (callee.path == "lipsum") {
      for (const Argument& argument : arguments)
        if (argument.value.number) Note(JinjaFacts::Amount::Kind::kRange, *argument.value.number, offset);
    } else {
      for (const Argument& argument : arguments) result.content |= argument.value.content;
    }
    return result;
  }

  Value Filtered(const Value& value, const std::string& name, const std::vector<Argument>& arguments,
                 std::uint64_t offset) {
    Value result = value;
    const auto text = [&](std::size_t i) { return i < arguments.size() ? arguments[i].value.text : std::nullopt; };
    const auto by_attribute = [&](const Value& which) {
      if (!which.text) return;
      std::string_view rest = *which.text;
      Value base = value;
      while (!rest.empty()) {
        const auto dot = rest.find('.');
        Access(base, std::string(rest.substr(0, dot)), JinjaFacts::Via::kAttributeFilter, which.assembled, offset);
        base = Member(base, std::string(rest.substr(0, dot)));
        if (dot == std::string_view::npos) break;
        rest.remove_prefix(dot + 1);
      }
      result = base;
    };
    if (name == "attr") {
      if (text(0)) {
        Access(value, *text(0), JinjaFacts::Via::kAttributeFilter, arguments[0].value.assembled, offset);
        return Member(value, *text(0));
      }
      Access(value, "", JinjaFacts::Via::kAttributeFilter, false, offset);
      return Member(value, "?");
    }
    if (name == "map" || name == "selectattr" || name == "rejectattr" || name == "groupby" || name == "sort" ||
        name == "unique" || name == "sum" || name == "min" || name == "max") {
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        const bool named = arguments[i].name == "attribute";
        if (named || (i == 0 && (name == "selectattr" || name == "rejectattr" || name == "groupby")))
          by_attribute(arguments[i].value);
      }
      // map('attr', '__class__')
      if (name == "map" && text(0) == "attr" && arguments.size() > 1) by_attribute(arguments[1].value);
      result.text.reset();
      if (name == "selectattr" || name == "rejectattr") result.content = value.content;
      return result;
    }
    result.text.reset();
    result.items.clear();
    result.number.reset();
    if (name == "join") {
      JoinItems(result, value.items, text(0).value_or(""));
    } else if (name == "list" || name == "sort") {
      result.items = value.items;
    } else if (name == "reverse") {
      if (value.text) {
        result.text = std::string(value.text->rbegin(), value.text->rend());
        result.assembled = true;
      }
      result.items.assign(value.items.rbegin(), value.items.rend());
    } else if (name == "replace" && value.text && text(0) && text(1)) {
      result.text = Replaced(*value.text, *text(0), *text(1));
      result.assembled = true;
    } else if (name == "format" && value.text) {
      std::vector<Value> values;
      for (const Argument& argument : arguments) values.push_back(argument.value);
      result.text = Formatted(*value.text, values);
      result.assembled = true;
    } else if (name == "lower" || name == "upper" || name == "trim" || name == "string" || name == "safe" ||
               name == "e") {
      if (value.text) {
        result.text = Cased(*value.text, name == "upper", name == "lower");
        result.assembled |= name == "lower" || name == "upper";
      }
    } else if ((name == "center" || name == "indent") && !arguments.empty() && arguments[0].value.number) {
      Note(JinjaFacts::Amount::Kind::kWidth, *arguments[0].value.number, offset);
    } else if (name == "length" || name == "count") {
      result.content = false;
    }
    if (result.text) Constant(*result.text, offset);
    return result;
  }

  void Constant(const std::string& text, std::uint64_t offset) {
    constants_size_ += text.size() + 16;
    if (constants_size_ < kMostConstants)
      facts_.constants.push_back({text, offset});
    else
      Exhausted(offset);
  }
  void Emit(const std::string& text, std::uint64_t offset) {
    if (text.empty()) return;
    JinjaFacts::Text emitted;
    emitted.constant = text;
    emitted.condition = condition();
    emitted.offset = offset;
    facts_.texts.push_back(std::move(emitted));
  }

  std::string_view source_;
  JinjaFacts facts_;
  const std::vector<JinjaToken>* tokens_ = nullptr;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t calls_ = 0;  // how many argument lists or subscripts we are in
  std::uint64_t tag_ = 0;
  JinjaFacts::Condition* testing_ = nullptr;
  std::vector<Block> blocks_;
  std::map<std::string, Value> variables_;
  std::size_t constants_size_ = 0;
  std::vector<Value> other_items_;  // of the tuple read last, for `%`
};

}  // namespace

JinjaFacts ReadJinja(std::string_view source) {
  if (source.size() > kLongestSource) {
    JinjaFacts facts;
    facts.damage = Error{Fault::kLimitExceeded, "a template longer than 8 MiB", kLongestSource};
    return facts;
  }
  return Reader(source).Run();
}

}  // namespace ringfort::formats
