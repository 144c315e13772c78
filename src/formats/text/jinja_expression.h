#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/jinja_calls.h"
#include "formats/text/jinja_lexer.h"
#include "formats/text/jinja_record.h"
#include "formats/text/jinja_value.h"

// Reads the expressions of a template's tags, resolving variables and folding
// constants on the way. 120 levels of nesting are followed.

namespace ringfort::formats {

class JinjaExpression {
 public:
  JinjaExpression(JinjaRecord& record, JinjaCalls& calls) : record_(record), calls_(calls) {}

  // Starts on a tag that opens at `tag`, under `condition`. `tokens` must outlive the reading.
  void Start(const std::vector<JinjaToken>& tokens, std::uint64_t tag, std::size_t condition);

  const JinjaToken& now() const { return (*tokens_)[at_]; }
  bool AtEnd() const { return now().kind == JinjaToken::Kind::kEnd; }
  void Advance() {
    if (!AtEnd()) ++at_;
  }
  bool Is(std::string_view raw) const {
    return (now().kind == JinjaToken::Kind::kOperator || now().kind == JinjaToken::Kind::kName) && now().raw == raw;
  }
  bool Take(std::string_view raw) {
    if (!Is(raw)) return false;
    Advance();
    return true;
  }

  JinjaValue Read();
  // Reads what is left of the tag, whatever it is; yields the last expression.
  JinjaValue Rest();
  // The same where its strings are not output: tests, arguments.
  JinjaValue Silent();
  // Behind the opening parenthesis, up to and with the closing one.
  std::vector<JinjaArgument> Arguments();

  // By name, or by dotted path for attributes of namespaces.
  std::map<std::string, JinjaValue>& variables() { return variables_; }

 private:
  void Ternary(JinjaValue& value, std::size_t first_text);
  JinjaValue Or();
  JinjaValue Comparison();
  JinjaValue Concatenation();
  JinjaValue Sum();
  JinjaValue Product();
  JinjaValue Multiplied(JinjaValue value, JinjaValue other, std::uint64_t offset);
  JinjaValue Unary();
  JinjaValue Primary();
  JinjaValue String();
  JinjaValue Name();
  void Items(std::vector<JinjaValue>& items, bool& comma);
  JinjaValue Pairs();
  JinjaValue Postfix(JinjaValue value);
  JinjaValue Subscript(const JinjaValue& value, std::uint64_t offset);
  void Emit(const std::string& text, std::uint64_t offset);

  JinjaRecord& record_;
  JinjaCalls& calls_;
  const std::vector<JinjaToken>* tokens_ = nullptr;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t silent_ = 0;  // how many argument lists, subscripts and tests we are in
  std::size_t condition_ = JinjaFacts::kNone;
  std::uint64_t tag_ = 0;
  std::map<std::string, JinjaValue> variables_;
  std::vector<JinjaValue> tuple_;  // the one read last, for `%`
};

}  // namespace ringfort::formats
