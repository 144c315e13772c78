#include "formats/text/jinja_lexer.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "formats/text/string_escapes.h"

namespace ringfort::formats {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }
bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Longer operators first.
constexpr std::array<std::string_view, 7> kLongOperators = {"**", "//", "==", "!=", ">=", "<=", "->"};

double NumberOf(std::string_view raw) {
  std::string digits;
  for (const char c : raw)
    if (c != '_') digits += c;
  if (digits.size() > 2 && digits[0] == '0') {
    const char base = static_cast<char>(digits[1] | 0x20);
    if (base == 'x' || base == 'o' || base == 'b')
      return static_cast<double>(std::strtoull(digits.c_str() + 2, nullptr, base == 'x' ? 16 : base == 'o' ? 8 : 2));
  }
  return std::strtod(digits.c_str(), nullptr);
}

class Lexer {
 public:
  Lexer(std::string_view source, std::optional<Error>& damage) : source_(source), damage_(damage) {}

  std::vector<JinjaPiece> Run() {
    std::size_t data = 0;
    while (at_ + 1 < source_.size()) {
      const auto open = source_.find('{', at_);
      if (open == std::string_view::npos || open + 1 >= source_.size()) break;
      const char kind = source_[open + 1];
      if (kind != '{' && kind != '%' && kind != '#') {
        at_ = open + 1;
        continue;
      }
      PutData(data, open);
      if (kind == '#') {
        const auto close = source_.find("#}", open + 2);
        if (close == std::string_view::npos) {
          Damage("a comment without end", open);
          return std::move(pieces_);
        }
        at_ = data = close + 2;
        continue;
      }
      if (!Tag(open, kind == '%')) return std::move(pieces_);
      const JinjaPiece& tag = pieces_.back();
      if (kind == '%' && tag.tokens.front().kind == JinjaToken::Kind::kName && tag.tokens.front().raw == "raw") {
        data = Raw();
      } else {
        data = at_;
      }
    }
    PutData(data, source_.size());
    return std::move(pieces_);
  }

 private:
  void Damage(const char* what, std::size_t at) {
    if (!damage_) damage_ = Error{Fault::kTruncated, what, at};
  }
  void PutData(std::size_t from, std::size_t to) {
    if (from >= to) return;
    JinjaPiece piece;
    piece.data = source_.substr(from, to - from);
    piece.offset = from;
    pieces_.push_back(std::move(piece));
  }
  // Passes the body of a raw block and its end tag; yields where data goes on.
  std::size_t Raw() {
    const std::size_t begin = at_;
    for (auto open = source_.find("{%", at_); open != std::string_view::npos; open = source_.find("{%", open + 2)) {
      std::size_t name = open + 2;
      if (name < source_.size() && (source_[name] == '-' || source_[name] == '+')) ++name;
      while (name < source_.size() && IsBlank(source_[name])) ++name;
      if (source_.substr(name, 6) != "endraw") continue;
      const auto close = source_.find("%}", name);
      if (close == std::string_view::npos) break;
      PutData(begin, open);
      at_ = close + 2;
      return at_;
    }
    Damage("a raw block without end", begin);
    PutData(begin, source_.size());
    at_ = source_.size();
    return at_;
  }

  bool Tag(std::size_t open, bool statement) {
    JinjaPiece piece;
    piece.kind = statement ? JinjaPiece::Kind::kStatement : JinjaPiece::Kind::kExpression;
    piece.offset = open;
    const std::string_view closing = statement ? "%}" : "}}";
    at_ = open + 2;
    if (at_ < source_.size() && (source_[at_] == '-' || source_[at_] == '+')) ++at_;
    std::size_t braces = 0;
    bool closed = false;
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (IsBlank(c)) {
        ++at_;
        continue;
      }
      if (braces == 0) {
        std::string_view rest = source_.substr(at_, 3);
        const std::size_t control = rest[0] == '-' || rest[0] == '+' ? 1 : 0;
        if (rest.substr(control, 2) == closing) {
          at_ += control + 2;
          closed = true;
          break;
        }
      }
      JinjaToken token;
      token.offset = at_;
      if (c == '\'' || c == '"') {
        std::size_t end = at_ + 1;
        while (end < source_.size() && source_[end] != c) end += source_[end] == '\\' ? 2 : 1;
        if (end >= source_.size()) break;
        token.kind = JinjaToken::Kind::kString;
        token.raw = source_.substr(at_, end + 1 - at_);
        token.text = ResolveEscapes(source_.substr(at_ + 1, end - at_ - 1), false, token.escaped);
      } else if (IsNameStart(c)) {
        std::size_t end = at_;
        while (end < source_.size() && (IsNameStart(source_[end]) || IsDigit(source_[end]))) ++end;
        token.kind = JinjaToken::Kind::kName;
        token.raw = source_.substr(at_, end - at_);
      } else if (IsDigit(c)) {
        std::size_t end = at_;
        while (end < source_.size() &&
               (IsDigit(source_[end]) || IsNameStart(source_[end]) ||
                (source_[end] == '.' && end + 1 < source_.size() && IsDigit(source_[end + 1])) ||
                ((source_[end] == '+' || source_[end] == '-') && (source_[end - 1] | 0x20) == 'e')))
          ++end;
        token.kind = JinjaToken::Kind::kNumber;
        token.raw = source_.substr(at_, end - at_);
        token.number = NumberOf(token.raw.substr(0, 64));
      } else {
        token.kind = JinjaToken::Kind::kOperator;
        token.raw = source_.substr(at_, 1);
        for (const std::string_view longer : kLongOperators)
          if (source_.substr(at_, 2) == longer) token.raw = source_.substr(at_, 2);
        if (c == '{' || c == '(' || c == '[') ++braces;
        if ((c == '}' || c == ')' || c == ']') && braces > 0) --braces;
      }
      at_ += token.raw.size();
      piece.tokens.push_back(std::move(token));
    }
    if (!closed) {
      Damage("a tag without end", open);
      at_ = source_.size();
    }
    JinjaToken end;
    end.offset = at_;
    piece.tokens.push_back(std::move(end));
    pieces_.push_back(std::move(piece));
    return closed;
  }

  std::string_view source_;
  std::optional<Error>& damage_;
  std::size_t at_ = 0;
  std::vector<JinjaPiece> pieces_;
};

}  // namespace

std::vector<JinjaPiece> LexJinja(std::string_view source, std::optional<Error>& damage) {
  return Lexer(source, damage).Run();
}

}  // namespace ringfort::formats
