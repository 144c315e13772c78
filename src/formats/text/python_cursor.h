#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "formats/text/python_lexer.h"

namespace ringfort::formats {

// A place in the tokens of a Python text. Never moves past kEnd.
class PythonCursor {
 public:
  explicit PythonCursor(const std::vector<PythonToken>& tokens) : tokens_(&tokens) {}

  const PythonToken& now() const { return (*tokens_)[at_]; }
  const PythonToken& Ahead(std::size_t count) const { return (*tokens_)[std::min(at_ + count, tokens_->size() - 1)]; }
  std::size_t at() const { return at_; }
  void Jump(std::size_t at) { at_ = at; }

  bool AtEnd() const { return now().kind == PythonToken::Kind::kEnd; }
  bool AtLineEnd() const { return now().kind == PythonToken::Kind::kNewline || AtEnd(); }
  bool AtName() const { return now().kind == PythonToken::Kind::kName; }
  void Advance() {
    if (!AtEnd()) ++at_;
  }
  static bool Is(const PythonToken& token, std::string_view raw) {
    return (token.kind == PythonToken::Kind::kOperator || token.kind == PythonToken::Kind::kName) && token.raw == raw;
  }
  bool Is(std::string_view raw) const { return Is(now(), raw); }
  bool Take(std::string_view raw) {
    if (!Is(raw)) return false;
    Advance();
    return true;
  }

 private:
  const std::vector<PythonToken>* tokens_;
  std::size_t at_ = 0;
};

}  // namespace ringfort::formats
