#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/python_calls.h"
#include "formats/text/python_cursor.h"
#include "formats/text/python_folding.h"
#include "formats/text/python_lexer.h"
#include "formats/text/python_names.h"
#include "formats/text/python_record.h"
#include "formats/text/python_value.h"

// Reads Python expressions, resolving names and folding constants on the way.
//
// A comprehension over a known list or text is read once for each of its elements
// (within a budget), so that
// `''.join(chr(c ^ 5) for c in [...])` is known. 120 levels of nesting are followed. Brackets are read in
// python_brackets.cc, string literals in python_strings.cc.

namespace ringfort::formats {

inline constexpr std::size_t kDeepestPythonExpression = 120;

class PythonExpression {
 public:
  PythonExpression(const std::vector<PythonToken>& tokens, PythonRecord& record, PythonNames& names,
                   PythonFolding& folding, PythonCalls& calls, std::size_t fields = 0);

  // Reads up to what cannot belong to the expression; moves by nothing if there is none.
  PythonValue Read();
  // Behind the opening parenthesis of a call, up to and with the closing one.
  std::vector<PythonArgument> Arguments();
  // Behind the opening parenthesis of a function's parameters, up to and with `closing`.
  // Opens nothing; yields the names with their defaults.
  struct Parameter {
    std::string name;
    bool has_default = false;
    PythonValue value;
  };
  std::vector<Parameter> Parameters(std::string_view closing);
  void Bind(const std::vector<Parameter>& parameters);
  // `a`, `(a, b)`, `self.x`, ... up to `in` or `closing`: the names only.
  std::vector<std::string> Targets();
  // Binds loop targets to what an element of `over` is.
  void BindElement(const std::vector<std::string>& targets, const PythonValue& over, std::uint32_t indent);

  PythonCursor& cursor() { return cursor_; }
  std::string Name(const PythonToken& token, bool& disguised) const;

 private:
  // A bracket that holds a comprehension, by the places of its tokens.
  struct Comprehended {
    std::size_t open = 0, first_for = 0, close = 0;
  };

  void FindComprehensions(const std::vector<PythonToken>& tokens);
  const Comprehended* ComprehensionAt(std::size_t open) const;
  PythonValue Comprehension(const Comprehended& place);
  PythonValue Operation(int least);
  PythonValue Operand();
  PythonValue NameOperand();
  PythonValue Lambda();
  PythonValue Bracketed();
  PythonValue Pairs();
  std::vector<PythonValue> Items(bool& comma);
  PythonValue Postfix(PythonValue value);
  PythonValue Subscript(const PythonValue& base);
  PythonValue Strings();
  std::string Fields(const PythonToken& token, PythonValue& value);
  PythonValue Field(std::string_view source, std::uint64_t offset, bool& whole);
  void TooDeep();

  PythonCursor cursor_;
  PythonRecord& record_;
  PythonNames& names_;
  PythonFolding& folding_;
  PythonCalls& calls_;
  std::vector<Comprehended> comprehensions_;  // ordered by `open`
  std::size_t depth_ = 0;
  std::size_t fields_;  // how many f-strings we are in
  bool replaying_ = false;
};

}  // namespace ringfort::formats
