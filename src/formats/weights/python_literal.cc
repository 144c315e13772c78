#include "formats/weights/python_literal.h"

#include <utility>

namespace ringfort::formats {
namespace {

constexpr int kDeepest = 32;

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<PythonLiteral> Document() {
    TRY(value, Value(0));
    Space();
    if (at_ != text_.size()) return Unexpected();
    return value;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void Space() {
    while (at_ < text_.size() && (Peek() == ' ' || Peek() == '\n' || Peek() == '\t' || Peek() == '\r')) ++at_;
  }
  // Something that stands where no literal has it: an operator, a call, a name.
  Error Unexpected() const {
    if (at_ >= text_.size()) return {Fault::kTruncated, "the literal ends too early", at_};
    const char c = Peek();
    constexpr std::string_view kOfCode = "(.[+*/%@=<>|&^~!:;#";
    if (IsNameStart(c) || kOfCode.find(c) != std::string_view::npos)
      return {Fault::kUnsupported, "not a literal: an expression", at_};
    return {Fault::kInvalidInput, "not a literal", at_};
  }

  Result<PythonLiteral> Value(int depth) {
    Space();
    if (depth > kDeepest) return Error{Fault::kLimitExceeded, "nested too deep", at_};
    const char c = Peek();
    if (c == '{') return Dictionary(depth);
    if (c == '(' || c == '[') return Sequence(depth);
    if (c == '\'' || c == '"') return Text();
    if (IsDigit(c) || c == '-') return Integer();
    if ((c == 'u' || c == 'b' || c == 'r') && at_ + 1 < text_.size() &&
        (text_[at_ + 1] == '\'' || text_[at_ + 1] == '"')) {
      ++at_;
      return Text();
    }
    return Word();
  }

  Result<PythonLiteral> Word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (IsNameStart(Peek()) || IsDigit(Peek()))) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    PythonLiteral value;
    if (word == "None") return value;
    if (word == "True" || word == "False") {
      value.kind = PythonLiteral::Kind::kBoolean;
      value.boolean = word == "True";
      return value;
    }
    at_ = begin;
    return Unexpected();
  }

  Result<PythonLiteral> Integer() {
    PythonLiteral value;
    value.kind = PythonLiteral::Kind::kInteger;
    if (Peek() == '-') value.negative = true, ++at_;
    if (!IsDigit(Peek())) return Unexpected();
    for (; IsDigit(Peek()); ++at_) {
      if (__builtin_mul_overflow(value.integer, std::uint64_t{10}, &value.integer) ||
          __builtin_add_overflow(value.integer, static_cast<std::uint64_t>(Peek() - '0'), &value.integer))
        value.integer = ~std::uint64_t{0};
    }
    if (Peek() == 'L') ++at_;  // Python 2 wrote long integers so
    return value;
  }

  Result<PythonLiteral> Text() {
    PythonLiteral value;
    value.kind = PythonLiteral::Kind::kString;
    const char quote = Peek();
    const std::size_t begin = ++at_;
    for (; at_ < text_.size() && Peek() != quote; ++at_)
      if (Peek() == '\\') ++at_;
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return Error{Fault::kTruncated, "a string is not closed", begin};
    }
    value.text = text_.substr(begin, at_ - begin);
    ++at_;
    return value;
  }

  Result<PythonLiteral> Sequence(int depth) {
    PythonLiteral value;
    value.kind = Peek() == '(' ? PythonLiteral::Kind::kTuple : PythonLiteral::Kind::kList;
    const char close = Peek() == '(' ? ')' : ']';
    ++at_;
    bool comma = false;
    for (Space(); Peek() != close; Space()) {
      if (!value.items.empty() && !comma) return Unexpected();
      TRY(item, Value(depth + 1));
      value.items.push_back(std::move(item));
      Space();
      comma = Peek() == ',';
      if (comma) ++at_;
    }
    ++at_;
    // `(x)` is x in parentheses.
    if (close == ')' && value.items.size() == 1 && !comma) {
      PythonLiteral only = std::move(value.items[0]);
      return only;
    }
    return value;
  }

  Result<PythonLiteral> Dictionary(int depth) {
    PythonLiteral value;
    value.kind = PythonLiteral::Kind::kDictionary;
    ++at_;
    bool comma = true;
    for (Space(); Peek() != '}'; Space()) {
      if (!comma) return Unexpected();
      TRY(key, Value(depth + 1));
      Space();
      if (Peek() != ':') return Unexpected();
      ++at_;
      TRY(item, Value(depth + 1));
      value.keys.push_back(std::move(key));
      value.items.push_back(std::move(item));
      Space();
      comma = Peek() == ',';
      if (comma) ++at_;
    }
    ++at_;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

const PythonLiteral* PythonLiteral::Find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].kind == Kind::kString && keys[i].text == key) return &items[i];
  return nullptr;
}

Result<PythonLiteral> ParsePythonLiteral(std::string_view text) { return Parser(text).Document(); }

}  // namespace ringfort::formats
