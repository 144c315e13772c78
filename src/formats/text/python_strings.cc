#include <optional>
#include <utility>

#include "formats/text/python_expression.h"
#include "formats/text/string_escapes.h"

// String literals, and the fields of those that are formatted.

namespace ringfort::formats {
namespace {

using Kind = PythonToken::Kind;

constexpr std::size_t kLongestText = std::size_t{64} << 10;
constexpr std::size_t kDeepestFields = 8;

}  // namespace

PythonValue PythonExpression::Strings() {
  PythonValue value;
  std::string text;
  const std::uint64_t offset = cursor_.now().offset;
  while (cursor_.now().kind == Kind::kString) {
    const PythonToken token = cursor_.now();
    bool decoded = false;
    std::string piece = token.raw_string ? std::string(token.raw) : ResolveEscapes(token.raw, token.bytes, decoded);
    value.assembled |= decoded;
    value.bytes |= token.bytes;
    if (token.formatted) piece = Fields(token, value);
    if (text.size() + piece.size() <= kLongestText)
      text += piece;
    else
      value.partial = true;
    cursor_.Advance();
  }
  record_.Constant(text, offset);
  value.text = folding_.Fold(std::move(text));
  return value;
}

// The text of an f-string, `{}` for the fields that are not constant; fields are
// read as code.
std::string PythonExpression::Fields(const PythonToken& token, PythonValue& value) {
  std::string text;
  const std::string_view body = token.raw;
  for (std::size_t at = 0; at < body.size(); ++at) {
    if (body.substr(at, 2) == "{{" || body.substr(at, 2) == "}}") {
      text += body[at++];
      continue;
    }
    if (body[at] != '{') {
      text += body[at];
      continue;
    }
    std::size_t end = at + 1, depth = 1;
    char quote = '\0';
    for (; end < body.size(); ++end) {
      const char c = body[end];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{' || c == '(' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ')' || c == ']') && --depth == 0) {
        break;
      }
    }
    bool whole = false;
    const PythonValue part = Field(body.substr(at + 1, end - at - 1), token.offset, whole);
    value.origin |= part.origin;
    if (whole && part.text && text.size() + part.text->size() <= kLongestText) {
      text += *part.text;
      value.assembled = true;
      value.partial |= part.partial;
    } else {
      text += "{}";
      value.partial = true;
    }
    at = end;
  }
  return text;
}

// `whole` is set if the field is nothing but an expression.
PythonValue PythonExpression::Field(std::string_view source, std::uint64_t offset, bool& whole) {
  if (fields_ > kDeepestFields) {
    record_.Exhausted(offset, "f-strings nested too deep to read");
    return {};
  }
  std::optional<Error> ignored;  // a format specification need not be whole code
  const std::vector<PythonToken> tokens = LexPython(source, offset, ignored);
  PythonExpression inner(tokens, record_, names_, folding_, calls_, fields_ + 1);
  inner.depth_ = depth_;
  inner.replaying_ = replaying_;
  const PythonValue value = inner.Read();
  whole = inner.cursor_.AtLineEnd();
  while (!inner.cursor_.AtEnd()) {
    const std::size_t before = inner.cursor_.at();
    inner.Read();
    if (inner.cursor_.at() == before) inner.cursor_.Advance();
  }
  return value;
}

}  // namespace ringfort::formats
