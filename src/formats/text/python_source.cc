#include "formats/text/python_source.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "formats/text/python_calls.h"
#include "formats/text/python_cursor.h"
#include "formats/text/python_expression.h"
#include "formats/text/python_folding.h"
#include "formats/text/python_lexer.h"
#include "formats/text/python_names.h"
#include "formats/text/python_record.h"
#include "formats/text/python_value.h"

namespace ringfort::formats {
namespace {

using Kind = PythonToken::Kind;

constexpr std::size_t kLongestPath = 200;
constexpr std::size_t kMostTargets = 64;
constexpr std::string_view kStatements[] = {"if",     "while", "return", "yield", "assert", "raise",  "del",
                                            "lambda", "not",   "await",  "try",   "else",   "except", "finally",
                                            "pass",   "break", "elif",   "print", "match",  "case"};
// What `from os import *` and its kin bring that matters here.
constexpr const char* kStarNames[] = {"system", "popen", "execv", "execve",       "execl",      "spawnl",
                                      "Popen",  "run",   "call",  "check_output", "check_call", "getoutput"};

// Reads statements one after the other; expressions are left to PythonExpression.
class Reader {
 public:
  explicit Reader(const std::vector<PythonToken>& tokens, PythonRecord& record)
      : record_(record),
        folding_(record),
        calls_(record, names_, folding_),
        expression_(tokens, record, names_, folding_, calls_),
        cursor_(expression_.cursor()) {}

  void Run() {
    while (!cursor_.AtEnd()) Line();
  }

 private:
  void Line() {
    indent_ = cursor_.now().indent;
    names_.CloseTo(indent_);
    while (!cursor_.AtLineEnd()) {
      const std::size_t before = cursor_.at();
      Statement();
      if (cursor_.at() == before) cursor_.Advance();
    }
    cursor_.Advance();
  }

  void Statement() {
    if (cursor_.Take(";") || cursor_.Take(",") || cursor_.Take(":")) return;
    if (cursor_.Is("@")) return Decorator();
    if (Destructured()) return;
    if (cursor_.AtName()) {
      const std::string_view word = cursor_.now().raw;
      const PythonToken& next = cursor_.Ahead(1);
      if (word == "import" && next.kind == Kind::kName) return Import();
      if (word == "from" && (next.kind == Kind::kName || PythonCursor::Is(next, ".")) && FromImport()) return;
      if (word == "def" && next.kind == Kind::kName) return Function();
      if (word == "class" && next.kind == Kind::kName) return Class();
      if (word == "with") return With();
      if (word == "for") return For();
      if (word == "return") return Return();
      if (word == "global" || word == "nonlocal") return Global();
      if (word == "exec" && (next.kind == Kind::kString ||
                             (next.kind == Kind::kName && !PythonCursor::Is(next, "in") && next.raw != "if"))) {
        // Python 2's statement.
        const std::uint64_t offset = cursor_.now().offset;
        cursor_.Advance();
        PythonValue callee;
        callee.path = "exec";
        calls_.Called(callee, {{"", expression_.Read()}}, offset);
        return;
      }
      if (Assignment()) return;
    }
    expression_.Read();
  }

  std::string TakeName() {
    bool disguised = false;
    std::string name = expression_.Name(cursor_.now(), disguised);
    cursor_.Advance();
    return name;
  }

  // ---- definitions ----

  // What decorates is called with what it decorates.
  void Decorator() {
    const std::uint64_t offset = cursor_.now().offset;
    cursor_.Advance();
    const PythonValue decorator = expression_.Read();
    PythonValue decorated;
    decorated.path = "<decorated>";
    if (decorator.function == PythonValue::kNoFunction) calls_.Called(decorator, {{"", decorated}}, offset);
  }

  void Function() {
    cursor_.Advance();
    const std::string name = TakeName();
    PythonValue function;
    function.path = IsPythonBuiltin(name) ? "<" + name + ">" : name;
    function.function = calls_.DefineFunction();
    names_.Bind(name, function);
    reduces_ = name == "__reduce__" || name == "__reduce_ex__";
    if (cursor_.Take("["))
      while (!cursor_.AtLineEnd() && !cursor_.Take("]")) cursor_.Advance();
    std::vector<PythonExpression::Parameter> parameters;
    if (cursor_.Take("(")) parameters = expression_.Parameters(")");
    if (cursor_.Take("->")) expression_.Read();
    names_.Open(PythonNames::Scope::kFunction, indent_, function.function);
    expression_.Bind(parameters);
  }

  void Class() {
    cursor_.Advance();
    const std::string name = TakeName();
    if (cursor_.Take("(")) expression_.Arguments();
    PythonValue made;
    made.path = name;
    made.own = true;
    names_.Bind(name, std::move(made));
    names_.Open(PythonNames::Scope::kClass, indent_);
  }

  void Return() {
    const std::uint64_t offset = cursor_.now().offset;
    cursor_.Advance();
    PythonValue value = expression_.Read();
    if (cursor_.Is(",")) value = Rest(std::move(value));
    if (reduces_) calls_.Reduced(value, offset);
    calls_.Returns(names_.function(), value);
  }

  // `first, second, ...` as a tuple.
  PythonValue Rest(PythonValue first) {
    std::vector<PythonValue> values = {std::move(first)};
    while (cursor_.Take(",") && !cursor_.AtLineEnd() && values.size() <= kMostTargets)
      values.push_back(expression_.Read());
    PythonValue tuple;
    for (const PythonValue& value : values) tuple.origin |= value.origin;
    tuple.Hold(std::move(values));
    return tuple;
  }

  void Global() {
    cursor_.Advance();
    while (cursor_.AtName()) {
      names_.DeclareGlobal(TakeName());
      cursor_.Take(",");
    }
  }

  // ---- imports ----

  std::string Dotted() {
    std::string name;
    while (cursor_.AtName() || cursor_.Is(".")) {
      if (cursor_.Is("import") || cursor_.Is("as")) break;
      bool disguised = false;
      if (name.size() < kLongestPath) name += expression_.Name(cursor_.now(), disguised);
      const bool dot = cursor_.Is(".");
      cursor_.Advance();
      if (!dot && !cursor_.Is(".")) break;
    }
    return name;
  }

  void Import() {
    cursor_.Advance();
    do {
      const std::uint64_t offset = cursor_.now().offset;
      const std::string module = Dotted();
      if (module.empty()) return;
      record_.Import(module, offset);
      if (cursor_.Take("as")) {
        names_.BindImport(TakeName(), module);
      } else {
        const std::string root = module.substr(0, module.find('.'));
        names_.BindImport(root, root);
      }
    } while (cursor_.Take(","));
  }

  bool FromImport() {
    const std::size_t start = cursor_.at();
    const std::uint64_t offset = cursor_.now().offset;
    cursor_.Advance();
    const std::string module = Dotted();
    if (!cursor_.Take("import")) {  // `yield from x`, `raise E from e`
      cursor_.Jump(start + 1);
      return true;
    }
    record_.Import(module, offset);
    cursor_.Take("(");
    while (cursor_.AtName() || cursor_.Is("*") || cursor_.Is(",")) {
      if (cursor_.Take(",")) continue;
      if (cursor_.Take("*")) {
        if (module == "os" || module == "subprocess" || module == "posix")
          for (const char* name : kStarNames) names_.BindImport(name, module + "." + name);
        continue;
      }
      const std::string name = TakeName();
      const std::string as = cursor_.Take("as") ? TakeName() : name;
      const bool plain = module == "__future__" || module == "builtins";
      names_.BindImport(as, plain ? name : module + "." + name);
    }
    cursor_.Take(")");
    return true;
  }

  // ---- bindings ----

  void With() {
    cursor_.Advance();
    while (!cursor_.AtLineEnd() && !cursor_.Is(":")) {
      const std::size_t before = cursor_.at();
      PythonValue value = expression_.Read();
      if (cursor_.Take("as") && cursor_.AtName()) names_.Bind(TakeName(), std::move(value), indent_);
      cursor_.Take(",");
      if (cursor_.at() == before) cursor_.Advance();
    }
  }

  void For() {
    cursor_.Advance();
    const std::vector<std::string> targets = expression_.Targets();
    cursor_.Take("in");
    PythonValue over = expression_.Read();
    if (cursor_.Is(",")) over = Rest(std::move(over));
    expression_.BindElement(targets, over, indent_);
  }

  // `(a, b) = x, y` and `[a, b] = x`.
  bool Destructured() {
    if (!cursor_.Is("(") && !cursor_.Is("[")) return false;
    const std::size_t start = cursor_.at();
    std::vector<std::string> names;
    cursor_.Advance();
    while (cursor_.AtName() && names.size() < kMostTargets) {
      names.push_back(TakeName());
      if (!cursor_.Take(",")) break;
    }
    if (names.size() > 1 && (cursor_.Take(")") || cursor_.Take("]")) && cursor_.Take("=")) {
      Unpack(names);
      return true;
    }
    cursor_.Jump(start);
    return false;
  }

  void Unpack(const std::vector<std::string>& names) {
    PythonValue value = expression_.Read();
    if (cursor_.Is(",")) value = Rest(std::move(value));
    if (value.items && value.items->size() == names.size()) {
      for (std::size_t i = 0; i < names.size(); ++i) names_.Bind(names[i], (*value.items)[i], indent_);
      return;
    }
    PythonValue part;
    part.origin = value.origin;
    for (const std::string& name : names) names_.Bind(name, part, indent_);
  }

  // `a = b = value`, `a: T = value`, `a, b = x, y`, `self.a = value`.
  bool Assignment() {
    if (cursor_.at() < no_targets_before_) return false;
    const std::size_t start = cursor_.at();
    std::vector<std::string> names;
    bool attribute = false;
    while (cursor_.AtName() && names.size() < kMostTargets && !IsStatement(cursor_.now().raw)) {
      names.push_back(TakeName());
      if (!cursor_.Take(",")) break;
    }
    if (names.size() == 1 && cursor_.Is(".") && cursor_.Ahead(1).kind == Kind::kName &&
        PythonCursor::Is(cursor_.Ahead(2), "=")) {
      cursor_.Advance();
      attribute = names[0] == "self" || names[0] == "cls" || IsOwn(names[0]);
      names[0] = TakeName();
      if (!attribute) names.clear();
    }
    if (names.size() == 1 && cursor_.Is(":")) Annotation();
    const bool adds = cursor_.Is("+=") && names.size() == 1;
    if (names.empty() || (!cursor_.Is("=") && !adds)) {
      no_targets_before_ = cursor_.at();
      cursor_.Jump(start);
      return false;
    }
    cursor_.Advance();
    // `a = b = value` binds both.
    while (cursor_.AtName() && PythonCursor::Is(cursor_.Ahead(1), "=") && names.size() < kMostTargets) {
      names.push_back(TakeName());
      cursor_.Advance();
      chained_ = true;
    }
    if (names.size() > 1 && !std::exchange(chained_, false)) {
      Unpack(names);
      return true;
    }
    PythonValue value = expression_.Read();
    if (cursor_.Is(",")) value = Rest(std::move(value));
    for (const std::string& name : names) {
      if (adds) {
        const PythonValue* const known = names_.Find(name);
        value = folding_.Operated("+", known == nullptr ? PythonValue{} : *known, value);
      }
      PythonValue bound = value;
      if (bound.text) bound.assembled = bound.assembled || bound.partial;
      if (attribute)
        names_.BindAttribute(name, std::move(bound));
      else
        names_.Bind(name, std::move(bound), indent_);
    }
    return true;
  }

  void Annotation() {
    const std::size_t start = cursor_.at();
    std::size_t depth = 0;
    for (std::size_t steps = 0; steps < 64 && !cursor_.AtLineEnd(); ++steps) {
      if (depth == 0 && cursor_.Is("=")) return;
      if (cursor_.Is("[") || cursor_.Is("(")) ++depth;
      if ((cursor_.Is("]") || cursor_.Is(")")) && depth > 0) --depth;
      cursor_.Advance();
    }
    cursor_.Jump(start);
  }

  static bool IsStatement(std::string_view word) {
    return std::find(std::begin(kStatements), std::end(kStatements), word) != std::end(kStatements);
  }
  bool IsOwn(const std::string& name) const {
    const PythonValue* const known = names_.Find(name);
    return known != nullptr && known->own;
  }

  PythonRecord& record_;
  PythonNames names_;
  PythonFolding folding_;
  PythonCalls calls_;
  PythonExpression expression_;
  PythonCursor& cursor_;
  std::uint32_t indent_ = 0;
  std::size_t no_targets_before_ = 0;
  bool reduces_ = false;  // in a `__reduce__`
  bool chained_ = false;
};

}  // namespace

PythonFacts ReadPython(std::string_view source) {
  PythonRecord record;
  const std::vector<PythonToken> tokens = LexPython(source, 0, record.damage());
  Reader(tokens, record).Run();
  return record.Take();
}

}  // namespace ringfort::formats
