#include "formats/text/python_lexer.h"

#include <algorithm>

namespace ringfort::formats {
namespace {

using Kind = PythonToken::Kind;

constexpr std::size_t kMostTokens = 4'000'000;

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsStringPrefix(std::string_view name) {
  return name.size() <= 2 && std::all_of(name.begin(), name.end(), [](char c) {
           const char lower = static_cast<char>(c | 0x20);
           return lower == 'r' || lower == 'b' || lower == 'f' || lower == 'u' || lower == 't';
         });
}

}  // namespace

std::vector<PythonToken> LexPython(std::string_view source, std::uint64_t base, std::optional<Error>& damage) {
  std::vector<PythonToken> tokens;
  std::size_t at = source.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  std::size_t brackets = 0, last_bracket = 0;
  std::uint32_t indent = 0;
  bool line_start = true;
  const auto fail = [&](Fault fault, const char* what, std::size_t where) {
    if (!damage) damage = Error{fault, what, base + where};
  };
  while (at < source.size()) {
    if (tokens.size() >= kMostTokens) {
      fail(Fault::kLimitExceeded, "more Python tokens than the limit allows", at);
      break;
    }
    const char c = source[at];
    if (line_start && brackets == 0) {
      indent = 0;
      while (at < source.size() && (source[at] == ' ' || source[at] == '\t' || source[at] == '\f'))
        indent += source[at++] == '\t' ? 8 : 1;
      line_start = false;
      continue;
    }
    if (c == '\n') {
      ++at;
      if (brackets == 0) {
        if (!tokens.empty() && tokens.back().kind != Kind::kNewline)
          tokens.push_back({Kind::kNewline, source.substr(at - 1, 1), base + at - 1, indent, false, false, false});
        line_start = true;
      }
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\\' || c == '\0') {
      at += c == '\\' && at + 1 < source.size() ? (source.substr(at + 1, 2) == "\r\n" ? 3 : 2) : 1;
      continue;
    }
    if (c == '#') {
      at = std::min(source.size(), source.find('\n', at));
      continue;
    }
    PythonToken token;
    token.offset = base + at;
    token.indent = indent;
    std::size_t end = at;
    if (IsNameStart(c)) {
      while (end < source.size() && (IsNameStart(source[end]) || IsDigit(source[end]))) ++end;
      token.kind = Kind::kName;
      token.raw = source.substr(at, end - at);
    }
    const bool quoted =
        end < source.size() && (source[end] == '\'' || source[end] == '"') && (end == at || IsStringPrefix(token.raw));
    if (quoted) {
      for (const char p : token.raw) {
        const char lower = static_cast<char>(p | 0x20);
        token.raw_string |= lower == 'r';
        token.bytes |= lower == 'b';
        token.formatted |= lower == 'f' || lower == 't';
      }
      const char quote = source[end];
      const bool triple = source.substr(end, 3) == std::string(3, quote);
      const std::size_t begin = end + (triple ? 3 : 1);
      std::size_t close = begin;
      while (close < source.size()) {
        if (source[close] == '\\') {
          close += 2;
          continue;
        }
        if (source[close] == quote && (!triple || source.substr(close, 3) == std::string(3, quote))) break;
        if (source[close] == '\n' && !triple) break;
        ++close;
      }
      const bool closed = close < source.size() && source[close] == quote;
      if (!closed) fail(Fault::kTruncated, "a string without end", at);
      close = std::min(close, source.size());
      token.kind = Kind::kString;
      token.raw = source.substr(begin, close - begin);
      at = std::min(source.size(), close + (closed ? (triple ? 3u : 1u) : 0u));
      tokens.push_back(token);
      continue;
    }
    if (token.kind == Kind::kName) {
      at = end;
    } else if (IsDigit(c) || (c == '.' && at + 1 < source.size() && IsDigit(source[at + 1]))) {
      while (end < source.size() && (IsDigit(source[end]) || IsNameStart(source[end]) || source[end] == '.')) ++end;
      token.kind = Kind::kNumber;
      token.raw = source.substr(at, end - at);
      at = end;
    } else {
      token.kind = Kind::kOperator;
      std::size_t size = 1;
      const char next = at + 1 < source.size() ? source[at + 1] : '\0';
      if ((c == '*' || c == '/' || c == '<' || c == '>') && next == c)
        size = 2;
      else if (c == '-' && next == '>')
        size = 2;
      else if (next == '=' && std::string_view("=!<>+-*/%&|^:@").find(c) != std::string_view::npos)
        size = 2;
      token.raw = source.substr(at, size);
      at += size;
      if (c == '(' || c == '[' || c == '{') {
        ++brackets;
        last_bracket = at - size;
      }
      if ((c == ')' || c == ']' || c == '}') && brackets > 0) --brackets;
    }
    tokens.push_back(token);
  }
  if (brackets > 0) fail(Fault::kTruncated, "a bracket without end", last_bracket);
  PythonToken newline;
  newline.kind = Kind::kNewline;
  newline.offset = base + source.size();
  newline.indent = indent;
  tokens.push_back(newline);
  newline.kind = Kind::kEnd;
  tokens.push_back(newline);
  return tokens;
}

}  // namespace ringfort::formats
