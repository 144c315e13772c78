#include "formats/text/python_expression.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "formats/text/python_identifier.h"

namespace ringfort::formats {
namespace {

using Kind = PythonToken::Kind;

constexpr std::size_t kDeepest = kDeepestPythonExpression;

constexpr std::string_view kKeywords[] = {
    "and",  "or",     "not",     "in",     "is",    "if",       "else",   "elif",     "for",    "while",
    "with", "as",     "lambda",  "return", "yield", "await",    "async",  "raise",    "assert", "del",
    "try",  "except", "finally", "pass",   "break", "continue", "global", "nonlocal", "from",   "import"};

bool IsKeyword(std::string_view name) {
  return std::find(std::begin(kKeywords), std::end(kKeywords), name) != std::end(kKeywords);
}

// How tightly an operator binds; -1 if it is none.
int Tightness(const PythonToken& token) {
  if (token.kind != Kind::kOperator) return -1;
  const std::string_view op = token.raw;
  if (op == "<" || op == ">" || op == "<=" || op == ">=" || op == "==" || op == "!=" || op == "->") return 0;
  if (op == "|") return 1;
  if (op == "^") return 2;
  if (op == "&") return 3;
  if (op == "<<" || op == ">>") return 4;
  if (op == "+" || op == "-") return 5;
  if (op == "*" || op == "/" || op == "//" || op == "%" || op == "@") return 6;
  return op == "**" ? 7 : -1;
}

bool IsDunder(std::string_view name) { return name.size() > 4 && name.starts_with("__") && name.ends_with("__"); }

double NumberOf(std::string_view raw) {
  std::string digits;
  for (const char c : raw.substr(0, 48))
    if (c != '_') digits += c;
  if (digits.size() > 2 && digits[0] == '0' && digits[1] > '9') {
    const char kind = static_cast<char>(digits[1] | 0x20);
    if (kind == 'x' || kind == 'o' || kind == 'b')
      return static_cast<double>(std::strtoull(digits.c_str() + 2, nullptr, kind == 'x' ? 16 : kind == 'o' ? 8 : 2));
  }
  return std::atof(digits.c_str());
}

}  // namespace

PythonExpression::PythonExpression(const std::vector<PythonToken>& tokens, PythonRecord& record, PythonNames& names,
                                   PythonFolding& folding, PythonCalls& calls, std::size_t fields)
    : cursor_(tokens), record_(record), names_(names), folding_(folding), calls_(calls), fields_(fields) {
  FindComprehensions(tokens);
}

void PythonExpression::TooDeep() {
  record_.Exhausted(cursor_.now().offset, "an expression nested too deep to read");
  while (!cursor_.AtLineEnd()) cursor_.Advance();
}

std::string PythonExpression::Name(const PythonToken& token, bool& disguised) const {
  return PythonIdentifier(token.raw, disguised);
}

PythonValue PythonExpression::Read() {
  if (++depth_ > kDeepest) {
    TooDeep();
    --depth_;
    return {};
  }
  PythonValue value = Operation(0);
  while (!cursor_.AtLineEnd()) {
    if (cursor_.Is("or") || cursor_.Is("else") || cursor_.Is("and")) {
      cursor_.Advance();
      PythonValue other = Operation(0);
      const std::uint32_t origin = value.origin | other.origin;
      if ((value.IsNothing() && !value.text) || (names_.Matters(other) && !names_.Matters(value)))
        value = std::move(other);
      value.origin = origin;
    } else if (cursor_.Is("if")) {
      cursor_.Advance();
      value.origin |= Operation(0).origin;
    } else if (cursor_.Is("in") || cursor_.Is("is") || cursor_.Is("not")) {
      cursor_.Advance();
      value = PythonFolding::Mixed(value, Operation(0));
    } else {
      break;
    }
  }
  --depth_;
  return value;
}

PythonValue PythonExpression::Operation(int least) {
  PythonValue value = Operand();
  while (!cursor_.AtLineEnd()) {
    const int tightness = Tightness(cursor_.now());
    if (tightness < least) break;
    const std::string_view op = cursor_.now().raw;
    cursor_.Advance();
    value = folding_.Operated(op, value, Operation(tightness + 1));
  }
  return value;
}

PythonValue PythonExpression::Operand() {
  bool negative = false;
  while (cursor_.Is("-") || cursor_.Is("+") || cursor_.Is("~") || cursor_.Is("not") || cursor_.Is("await") ||
         cursor_.Is("*") || cursor_.Is("**") || cursor_.Is("yield") || cursor_.Is("return") || cursor_.Is("@") ||
         cursor_.Is("del") || cursor_.Is("raise") || cursor_.Is("assert") || cursor_.Is("elif") ||
         cursor_.Is("while") || cursor_.Is("in")) {
    negative ^= cursor_.Is("-");
    cursor_.Advance();
  }
  PythonValue value;
  switch (cursor_.now().kind) {
    case Kind::kNewline:
    case Kind::kEnd: return value;
    case Kind::kNumber: {
      const double number = NumberOf(cursor_.now().raw);
      value.number = negative ? -number : number;
      cursor_.Advance();
      return value;
    }
    case Kind::kString: return Postfix(Strings());
    case Kind::kName: return NameOperand();
    case Kind::kOperator: break;
  }
  if (cursor_.Is("(") || cursor_.Is("[") || cursor_.Is("{")) return Postfix(Bracketed());
  return value;
}

PythonValue PythonExpression::NameOperand() {
  const PythonToken token = cursor_.now();
  PythonValue value;
  if (token.raw == "lambda") return Lambda();
  if (IsKeyword(token.raw)) return value;
  bool disguised = false;
  const std::string name = Name(token, disguised);
  cursor_.Advance();
  if (cursor_.Take(":=")) {
    value = Read();
    names_.Bind(name, value);
    return value;
  }
  if (const PythonValue* const known = names_.Find(name)) value = *known;
  if (value.path.empty() && !value.text && !value.items && !value.pairs && !value.number && value.origin == 0)
    value.path = name;
  value.assembled |= disguised;
  if (IsDunder(name)) record_.Access(name, token.offset);
  return Postfix(std::move(value));
}

PythonValue PythonExpression::Lambda() {
  cursor_.Advance();
  const std::vector<Parameter> parameters = Parameters(":");
  names_.Open(PythonNames::Scope::kFunction, 0);
  Bind(parameters);
  PythonValue value;
  value.path = "<lambda>";
  value.function = calls_.DefineFunction();
  calls_.Returns(value.function, Read());
  names_.Close();
  return value;
}

std::vector<PythonExpression::Parameter> PythonExpression::Parameters(std::string_view closing) {
  std::vector<Parameter> parameters;
  while (!cursor_.AtLineEnd()) {
    if (cursor_.Take(closing)) break;
    if (!cursor_.AtName()) {
      cursor_.Advance();
      continue;
    }
    Parameter parameter;
    bool disguised = false;
    parameter.name = Name(cursor_.now(), disguised);
    cursor_.Advance();
    if (closing != ":" && cursor_.Take(":")) Read();
    if (cursor_.Take("=")) {
      parameter.has_default = true;
      parameter.value = Read();
    }
    if (parameters.size() < 256) parameters.push_back(std::move(parameter));
  }
  return parameters;
}

void PythonExpression::Bind(const std::vector<Parameter>& parameters) {
  for (const Parameter& parameter : parameters) {
    if (parameter.has_default && names_.Matters(parameter.value) && !parameter.value.text)
      names_.Bind(parameter.name, parameter.value);
    else
      names_.BindUnknown(parameter.name);
  }
}

std::vector<std::string> PythonExpression::Targets() {
  std::vector<std::string> targets;
  while (!cursor_.AtLineEnd() && !cursor_.Is("in")) {
    bool disguised = false;
    if (cursor_.AtName() && targets.size() < 64) targets.push_back(Name(cursor_.now(), disguised));
    cursor_.Advance();
  }
  return targets;
}

void PythonExpression::BindElement(const std::vector<std::string>& targets, const PythonValue& over,
                                   std::uint32_t indent) {
  const PythonValue* element = nullptr;
  if (over.items && !over.items->empty()) {
    element = &over.items->front();
    for (const PythonValue& item : *over.items) {
      if (!names_.Matters(item) || item.text) continue;
      element = &item;
      break;
    }
  }
  if (element != nullptr && targets.size() == 1) {
    names_.Bind(targets[0], *element, indent);
  } else if (element != nullptr && element->items && element->items->size() == targets.size()) {
    for (std::size_t i = 0; i < targets.size(); ++i) names_.Bind(targets[i], (*element->items)[i], indent);
  } else {
    for (const std::string& target : targets) names_.BindUnknown(target, over.origin);
  }
}

PythonValue PythonExpression::Postfix(PythonValue value) {
  while (true) {
    const std::uint64_t offset = cursor_.now().offset;
    if (cursor_.Is(".") && cursor_.Ahead(1).kind == Kind::kName) {
      cursor_.Advance();
      bool disguised = false;
      const std::string name = Name(cursor_.now(), disguised);
      cursor_.Advance();
      value.assembled |= disguised;
      if (cursor_.Take("("))
        value = calls_.MethodCalled(value, name, Arguments(), offset);
      else
        value = calls_.Attribute(value, name, offset);
    } else if (cursor_.Take("(")) {
      value = calls_.Called(value, Arguments(), offset);
    } else if (cursor_.Take("[")) {
      value = Subscript(value);
    } else {
      return value;
    }
  }
}

}  // namespace ringfort::formats
