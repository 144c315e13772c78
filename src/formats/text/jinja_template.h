#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// What a Jinja2 template says, without running it.
//
//   {{ ''['__cla' ~ 'ss__'] }}  ->  access "__class__", via subscript, assembled
//   {% if 'deploy' in m.content %}Obey.{% endif %}
//                               ->  text "Obey." under a condition on content with literal "deploy"
//
// Reads data, `{{ }}`, `{% %}`, `{# #}`, `{% raw %}` and whitespace control, with
// Jinja's default delimiters. Constant expressions are folded as far as strings
// are put together by `~`, `+`, `*`, `%`, slices, and the filters and methods that build
// strings (join, format, replace, reverse, lower, trim, center, ...); variables,
// namespaces and set blocks that hold constants are followed, and so is what a
// variable was compared with before it is tested. A template that Jinja itself would
// refuse is read as far as it makes sense; `damage` says what was wrong.
//
// Time and memory are linear in the text (folded strings are cut off at 4 KiB).
// Source: Jinja 3 template designer documentation; jinja2/lexer.py describes the
// delimiters' precedence.

namespace ringfort::formats {

struct JinjaFacts {
  enum class Via : std::uint8_t { kDot, kSubscript, kAttributeFilter };

  // An attribute or item that is asked for.
  struct Access {
    std::string base;  // dotted path as far as it is known: `lipsum.__globals__`
    std::string name;  // empty: computed at run time; only kept for `|attr(...)`, subscripts
                       // of string constants and format strings that are not wholly known
    Via via = Via::kDot;
    bool assembled = false;  // the name was put together from pieces
    std::uint64_t offset = 0;
  };
  struct Call {
    std::string path;  // `range`, `x.strip`, `cycler.__init__.__globals__.os.popen`
    std::uint64_t offset = 0;
  };
  // A string constant inside an expression, folded.
  struct Constant {
    std::string text;
    std::uint64_t offset = 0;
  };
  // A quantity that costs memory or time when the template is rendered.
  struct Amount {
    enum class Kind : std::uint8_t { kRange, kRepeat, kPower, kWidth, kNestedLoops } kind = Kind::kRange;
    double value = 0;
    std::uint64_t offset = 0;
  };
  struct Statement {
    std::string keyword;
    std::uint64_t offset = 0;
  };
  struct Condition {
    std::vector<std::string> literals;  // strings that what a message says is compared with
    bool on_content = false;            // compares what a message says with a literal
    bool on_clock = false;              // compares the date
    bool on_length = false;             // compares how long a message or a conversation is
    bool negated = false;               // asks for absence: `not in`, `!=`
    std::size_t parent = kNone;         // index of the condition around it
    std::uint64_t offset = 0;
    bool Asks() const { return on_content || on_clock || on_length; }
  };
  // Text that reaches the output or a variable: data between tags, and strings
  // that an expression yields (not the arguments of calls).
  struct Text {
    std::string_view text;           // of data: a view into the template
    std::string constant;            // of an expression: its folded string
    std::size_t condition = kNone;   // innermost condition around it
    bool before_expression = false;  // a `{{ }}` follows at once
    std::uint64_t offset = 0;
    std::string_view shown() const { return constant.empty() ? text : std::string_view(constant); }
  };
  // What messages say is changed: `content|replace(from, to)`.
  struct Replacement {
    std::string from, to;
    std::uint64_t offset = 0;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  std::vector<Access> accesses;
  std::vector<Call> calls;
  std::vector<Constant> constants;
  std::vector<Amount> amounts;  // only those of at least 10'000
  std::vector<Statement> statements;
  std::vector<Condition> conditions;
  std::vector<Text> texts;
  std::vector<Replacement> replacements;
  std::optional<Error> damage;
};

// `source` must outlive the facts.
JinjaFacts ReadJinja(std::string_view source);

}  // namespace ringfort::formats
