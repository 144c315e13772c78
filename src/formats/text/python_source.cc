#include "formats/text/python_source.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <utility>

#include "base/text.h"
#include "formats/text/python_lexer.h"
#include "formats/text/string_escapes.h"
#include "formats/text/text_codecs.h"

namespace ringfort::formats {
namespace {

using Kind = PythonToken::Kind;
using Text = std::shared_ptr<const std::string>;

constexpr std::size_t kLongestText = std::size_t{64} << 10;
constexpr std::size_t kLongestKept = 4096;
constexpr std::size_t kLongestPath = 200;
constexpr std::size_t kMostFolded = std::size_t{64} << 20;  // bytes that folding may produce in all
constexpr std::size_t kMostFacts = 400'000;
constexpr std::size_t kDeepest = 120;

struct Value {
  Text text;
  bool partial = false;
  bool assembled = false;
  bool indirect = false;
  bool known_number = false;
  double number = 0;
  std::uint32_t origin = 0;
  std::string path;
  std::string getter;                               // of operator.attrgetter('x')
  std::string character_of;                         // of chr(name)
  std::shared_ptr<const std::vector<Value>> items;  // of a list, tuple or set
};

template <class Names>
bool Among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 30> kKeywords = {
    "and",  "or",     "not",     "in",     "is",    "if",       "else",   "elif",     "for",    "while",
    "with", "as",     "lambda",  "return", "yield", "await",    "async",  "raise",    "assert", "del",
    "try",  "except", "finally", "pass",   "break", "continue", "global", "nonlocal", "from",   "import"};
constexpr std::array<std::string_view, 22> kDecoders = {"base64.b64decode",          "base64.urlsafe_b64decode",
                                                        "base64.standard_b64decode", "base64.b32decode",
                                                        "base64.b16decode",          "base64.b85decode",
                                                        "base64.a85decode",          "base64.decodebytes",
                                                        "base64.decodestring",       "zlib.decompress",
                                                        "gzip.decompress",           "bz2.decompress",
                                                        "lzma.decompress",           "codecs.decode",
                                                        "binascii.unhexlify",        "binascii.a2b_base64",
                                                        "binascii.a2b_hex",          "bytes.fromhex",
                                                        "bytearray.fromhex",         "marshal.loads",
                                                        "codecs.getdecoder()",       "zlib.decompressobj().decompress"};
constexpr std::array<std::string_view, 18> kDownloads = {"urllib.request.urlopen",
                                                         "urllib.urlopen",
                                                         "urllib2.urlopen",
                                                         "requests.get",
                                                         "requests.post",
                                                         "requests.request",
                                                         "httpx.get",
                                                         "httpx.post",
                                                         "urllib3.request",
                                                         "aiohttp.get",
                                                         "requests.Session().get",
                                                         "requests.session().get",
                                                         "urllib.request.build_opener().open",
                                                         "urllib3.PoolManager().request",
                                                         "http.client.HTTPSConnection().getresponse",
                                                         "http.client.HTTPConnection().getresponse",
                                                         "socket.socket().recv",
                                                         "socket.create_connection().recv"};

class Reader {
 public:
  PythonFacts Run(std::string_view source) {
    const std::vector<PythonToken> tokens = LexPython(source, 0, facts_.damage);
    tokens_ = &tokens;
    while (!AtEnd()) Statement();
    return std::move(facts_);
  }

 private:
  const PythonToken& now() const { return (*tokens_)[at_]; }
  const PythonToken& next() const { return (*tokens_)[std::min(at_ + 1, tokens_->size() - 1)]; }
  bool AtEnd() const { return now().kind == Kind::kEnd; }
  bool AtLineEnd() const { return now().kind == Kind::kNewline || AtEnd(); }
  void Advance() {
    if (!AtEnd()) ++at_;
  }
  static bool Is(const PythonToken& token, std::string_view raw) {
    return (token.kind == Kind::kOperator || token.kind == Kind::kName) && token.raw == raw;
  }
  bool Is(std::string_view raw) const { return Is(now(), raw); }
  bool Take(std::string_view raw) {
    if (!Is(raw)) return false;
    Advance();
    return true;
  }
  void Exhausted(std::uint64_t offset) {
    if (!facts_.damage || facts_.damage->fault != Fault::kLimitExceeded)
      facts_.damage = Error{Fault::kLimitExceeded, "more Python code than the limit allows", offset};
  }
  Text Fold(std::string text) {
    folded_ += text.size() + 16;
    if (text.size() > kLongestText) return nullptr;
    if (folded_ > kMostFolded) {
      Exhausted(now().offset);
      return nullptr;
    }
    return std::make_shared<const std::string>(std::move(text));
  }

  // ---- statements ----

  void Statement() {
    const std::uint32_t indent = now().indent;
    while (!scopes_.empty() && indent <= scopes_.back()) scopes_.pop_back();
    one_line_scope_ = false;
    while (!AtLineEnd()) {
      const std::size_t before = at_;
      Simple(indent);
      if (at_ == before) Advance();
    }
    one_line_scope_ = false;
    Advance();
  }

  void Simple(std::uint32_t indent) {
    if (Take(";") || Take(",") || Take(":")) return;
    if (now().kind == Kind::kName) {
      const std::string_view word = now().raw;
      if (word == "import" && next().kind == Kind::kName) return Import();
      if (word == "from" && (next().kind == Kind::kName || Is(next(), ".")) && FromImport()) return;
      if (word == "def" || word == "class") {
        Advance();
        if (now().kind == Kind::kName) {
          if (word == "def") variables_.erase(std::string(now().raw));
          Advance();
        }
        if (word == "def") Guard(indent);
        return;
      }
      if (word == "if" && Is(next(), "__name__")) Guard(indent);
      if (word == "with") return With();
      if (word == "exec" && (next().kind == Kind::kString || (next().kind == Kind::kName && !Is(next(), "in")))) {
        // Python 2's statement.
        const std::uint64_t offset = now().offset;
        Advance();
        Value callee;
        callee.path = "exec";
        NoteCall(callee, {{"", Expression()}}, offset);
        return;
      }
      if (Assignment()) return;
    }
    Expression();
  }

  void Guard(std::uint32_t indent) {
    if (scopes_.size() < 1000) scopes_.push_back(indent);
    one_line_scope_ = true;
  }
  bool TopLevel() const { return scopes_.empty() && !one_line_scope_; }

  std::string Dotted() {
    std::string name;
    while (now().kind == Kind::kName || Is(".")) {
      if (now().kind == Kind::kName && (now().raw == "import" || now().raw == "as")) break;
      if (name.size() < kLongestPath) name += now().raw;
      const bool dot = Is(".");
      Advance();
      if (!dot && !Is(".")) break;
    }
    return name;
  }

  void NoteImport(const std::string& module, std::uint64_t offset) {
    if (facts_.imports.size() < kMostFacts)
      facts_.imports.push_back({module, offset});
    else
      Exhausted(offset);
  }
  void Bind(const std::string& name, const std::string& path) {
    Value value;
    value.path = path;
    variables_[name] = std::move(value);
  }

  void Import() {
    Advance();
    do {
      const std::uint64_t offset = now().offset;
      const std::string module = Dotted();
      if (module.empty()) return;
      NoteImport(module, offset);
      if (Take("as")) {
        Bind(std::string(now().raw), module);
        Advance();
      } else {
        const std::string root = module.substr(0, module.find('.'));
        Bind(root, root);
      }
    } while (Take(","));
  }

  bool FromImport() {
    const std::size_t start = at_;
    const std::uint64_t offset = now().offset;
    Advance();
    const std::string module = Dotted();
    if (!Take("import")) {  // `yield from x`, `raise E from e`
      at_ = start + 1;
      return true;
    }
    NoteImport(module, offset);
    Take("(");
    while (now().kind == Kind::kName || Is("*") || Is(",")) {
      if (Take(",")) continue;
      if (Take("*")) {
        if (module == "os" || module == "subprocess" || module == "posix")
          for (const char* name : {"system", "popen", "execv", "execve", "execl", "spawnl", "Popen", "run", "call",
                                   "check_output", "check_call", "getoutput"})
            Bind(name, module + "." + name);
        continue;
      }
      const std::string name(now().raw);
      Advance();
      std::string as = name;
      if (Take("as")) {
        as = now().raw;
        Advance();
      }
      Bind(as, module == "__future__" ? name : module == "builtins" ? name : module + "." + name);
    }
    Take(")");
    return true;
  }

  void With() {
    Advance();
    while (!AtLineEnd() && !Is(":")) {
      const std::size_t before = at_;
      Value value = Expression();
      if (Take("as") && now().kind == Kind::kName) {
        variables_[std::string(now().raw)] = std::move(value);
        Advance();
      }
      Take(",");
      if (at_ == before) Advance();
    }
  }

  // `a = b = value`, `a: T = value`, `a, b = x, y`.
  bool Assignment() {
    std::vector<std::string> names;
    std::size_t look = at_;
    while ((*tokens_)[look].kind == Kind::kName && names.size() < 64 && !Among(kKeywords, (*tokens_)[look].raw)) {
      names.emplace_back((*tokens_)[look].raw);
      ++look;
      if (!Is((*tokens_)[look], ",")) break;
      ++look;
    }
    if (names.empty()) return false;
    if (names.size() == 1 && Is((*tokens_)[look], ":")) {  // an annotation
      std::size_t end = look + 1, depth = 0;
      while (end < tokens_->size() && (*tokens_)[end].kind != Kind::kNewline && (*tokens_)[end].kind != Kind::kEnd &&
             !(depth == 0 && Is((*tokens_)[end], "=")) && end < look + 64) {
        if (Is((*tokens_)[end], "[") || Is((*tokens_)[end], "(")) ++depth;
        if ((Is((*tokens_)[end], "]") || Is((*tokens_)[end], ")")) && depth > 0) --depth;
        ++end;
      }
      if (end < tokens_->size() && Is((*tokens_)[end], "=")) look = end;
    }
    const bool adds = Is((*tokens_)[look], "+=") && names.size() == 1;
    if (!Is((*tokens_)[look], "=") && !adds) return false;
    at_ = look + 1;
    // `a = b = value` binds both.
    while (now().kind == Kind::kName && Is(next(), "=") && names.size() < 64) {
      names.emplace_back(now().raw);
      at_ += 2;
    }
    Value value = Expression();
    if (Is(",")) {
      std::vector<Value> values = {value};
      while (Take(",") && !AtLineEnd()) {
        values.push_back(Expression());
        if (values.size() > 64) break;
      }
      if (values.size() == names.size()) {
        for (std::size_t i = 0; i < names.size(); ++i) variables_[names[i]] = values[i];
        return true;
      }
      value = Value{};
    } else if (names.size() > 1 && value.items && value.items->size() == names.size()) {
      for (std::size_t i = 0; i < names.size(); ++i) variables_[names[i]] = (*value.items)[i];
      return true;
    }
    for (const std::string& name : names) {
      if (adds) {
        const auto known = variables_.find(name);
        value = known == variables_.end() ? Mixed(value, {}) : Concatenated(known->second, value);
      }
      Value bound = value;
      if (bound.text) bound.assembled = bound.assembled || bound.partial;
      variables_[name] = std::move(bound);
    }
    return true;
  }

  // ---- expressions ----

  static Value Mixed(const Value& a, const Value& b) {
    Value value;
    value.origin = a.origin | b.origin;
    return value;
  }

  Value Concatenated(const Value& a, const Value& b) {
    Value value = Mixed(a, b);
    if (!a.text && !b.text) return value;
    const std::string_view left = a.text ? std::string_view(*a.text) : "{}";
    const std::string_view right = b.text ? std::string_view(*b.text) : "{}";
    std::string joined(left);
    joined += right;
    value.text = Fold(std::move(joined));
    value.partial = !a.text || !b.text || a.partial || b.partial;
    value.assembled = true;
    return value;
  }

  Value Formatted(const Value& pattern, const std::vector<Value>& arguments) {
    Value value = pattern;
    for (const Value& argument : arguments) value.origin |= argument.origin;
    std::string out;
    std::size_t used = 0;
    value.assembled = true;
    const auto put = [&](char as) {
      const Value* argument = used < arguments.size() ? &arguments[used] : nullptr;
      ++used;
      if (argument != nullptr && as == 'c' && argument->known_number)
        AppendUtf8(out, static_cast<std::uint32_t>(std::clamp(argument->number, 0.0, 1e6)));
      else if (argument != nullptr && argument->text)
        out += *argument->text;
      else
        out += "{}", value.partial = true;
    };
    const std::string& text = *pattern.text;
    for (std::size_t at = 0; at < text.size() && out.size() < kLongestText; ++at) {
      if (text[at] == '%' && at + 1 < text.size()) {
        if (text[++at] == '%')
          out += '%';
        else
          put(text[at]);
      } else if (text[at] == '{') {
        const auto close = text.find('}', at);
        if (close == std::string::npos) break;
        if (close == at + 2 && text[at + 1] >= '0' && text[at + 1] <= '9')
          used = static_cast<std::size_t>(text[at + 1] - '0');
        put('s');
        at = close;
      } else {
        out += text[at];
      }
    }
    value.text = Fold(std::move(out));
    return value;
  }

  Value Expression() {
    if (++depth_ > kDeepest) {
      if (!facts_.damage || facts_.damage->fault != Fault::kLimitExceeded)
        facts_.damage = Error{Fault::kLimitExceeded, "an expression nested too deep to read", now().offset};
      while (!AtLineEnd()) Advance();
      --depth_;
      return {};
    }
    Value value = Operand();
    while (!AtLineEnd()) {
      if (Take("+")) {
        value = Concatenated(value, Operand());
      } else if (Take("%")) {
        const Value other = Operand();
        if (value.text)
          value = Formatted(value, other.items ? *other.items : std::vector<Value>{other});
        else
          value = Mixed(value, other);
      } else if (Is("for") || Is("async")) {
        value = Comprehension(value);
      } else if (Is("or") || Is("if") || Is("else") || Is("and")) {
        Advance();
        const Value other = Operand();
        value.origin |= other.origin;
        if (value.path.empty() && !value.text) value = other;
      } else if (Is("lambda")) {
        break;
      } else if (now().kind == Kind::kOperator && IsBinary(now().raw)) {
        Advance();
        value = Mixed(value, Operand());
      } else if (Is("in") || Is("is") || Is("not")) {
        Advance();
        value = Mixed(value, Operand());
      } else {
        break;
      }
    }
    --depth_;
    return value;
  }

  static bool IsBinary(std::string_view op) {
    constexpr std::array<std::string_view, 19> kBinary = {"-",  "*", "/", "//", "**", "@",  "&",  "|", "^", "<<",
                                                          ">>", "<", ">", "<=", ">=", "==", "!=", "~", "->"};
    return Among(kBinary, op);
  }

  // `... for name in items`, which follows what it collects.
  Value Comprehension(const Value& element) {
    Take("async");
    Take("for");
    std::string name;
    while (!AtLineEnd() && !Is("in")) {
      if (now().kind == Kind::kName) name = now().raw;
      Advance();
    }
    Take("in");
    const Value over = Operand();
    Value value = Mixed(element, over);
    if (!element.character_of.empty() && element.character_of == name && over.items) {
      std::vector<Value> characters;
      for (const Value& item : *over.items) {
        if (!item.known_number) return value;
        characters.push_back(Character(item.number));
      }
      value.items = std::make_shared<const std::vector<Value>>(std::move(characters));
      value.assembled = true;
    }
    return value;
  }

  Value Character(double number) {
    std::string text;
    AppendUtf8(text, static_cast<std::uint32_t>(std::clamp(number, 0.0, 1e6)));
    Value value;
    value.text = Fold(std::move(text));
    value.assembled = true;
    return value;
  }

  Value Operand() {
    while (Is("-") || Is("+") || Is("~") || Is("not") || Is("await") || Is("*") || Is("**") || Is("yield") ||
           Is("return") || Is("@") || Is("del") || Is("raise") || Is("assert") || Is("elif") || Is("while") || Is("in"))
      Advance();
    Value value;
    const PythonToken& token = now();
    switch (token.kind) {
      case Kind::kNewline:
      case Kind::kEnd: return value;
      case Kind::kNumber: {
        const std::string digits(token.raw.substr(0, 32));
        const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
        value.number =
            hex ? static_cast<double>(std::strtoull(digits.c_str(), nullptr, 16)) : std::atof(digits.c_str());
        value.known_number = true;
        Advance();
        return value;
      }
      case Kind::kString: return Postfix(Strings());
      case Kind::kName: {
        if (token.raw == "lambda") {
          while (!AtLineEnd() && !Is(":")) Advance();
          Take(":");
          return Nested();
        }
        if (Among(kKeywords, token.raw)) return value;
        const std::string name(token.raw);
        const std::uint64_t offset = token.offset;
        Advance();
        if (Take(":=")) {
          value = Nested();
          variables_[name] = value;
          return value;
        }
        const auto known = variables_.find(name);
        if (known != variables_.end()) value = known->second;
        if (value.path.empty() && !value.text && !value.items && value.origin == 0) value.path = name;
        if (IsDunder(name)) NoteAccess(name, offset);
        return Postfix(std::move(value));
      }
      case Kind::kOperator: break;
    }
    if (Is("(") || Is("[") || Is("{")) {
      const bool list = !Is("(");
      Advance();
      bool comma = false;
      std::vector<Value> items = Items(comma);
      if (!list && !comma && items.size() == 1) return Postfix(std::move(items[0]));
      if (list && items.size() == 1 && items[0].items && items[0].assembled) return Postfix(std::move(items[0]));
      for (const Value& item : items) value.origin |= item.origin;
      value.items = std::make_shared<const std::vector<Value>>(std::move(items));
      return Postfix(std::move(value));
    }
    return value;
  }

  Value Nested() { return Expression(); }

  static bool IsDunder(std::string_view name) {
    return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
  }

  Value Strings() {
    Value value;
    std::string text;
    const std::uint64_t offset = now().offset;
    std::size_t pieces = 0;
    while (now().kind == Kind::kString) {
      const PythonToken token = now();
      ++pieces;
      bool decoded = false;
      std::string piece = token.raw_string ? std::string(token.raw) : ResolveEscapes(token.raw, token.bytes, decoded);
      if (decoded) value.assembled |= true;
      if (token.formatted) piece = Fields(token, value);
      if (text.size() + piece.size() <= kLongestText)
        text += piece;
      else
        value.partial = true;
      Advance();
    }
    if (constants_ + text.size() < kMostFolded / 4 && facts_.constants.size() < kMostFacts) {
      constants_ += std::min(text.size(), kLongestKept);
      facts_.constants.push_back({text.substr(0, kLongestKept), offset});
    } else {
      Exhausted(offset);
    }
    value.text = Fold(std::move(text));
    return value;
  }

  // The constant parts of an f-string with `{}` for its fields, which are read as code.
  std::string Fields(const PythonToken& token, Value& value) {
    std::string skeleton;
    const std::string_view body = token.raw;
    for (std::size_t at = 0; at < body.size(); ++at) {
      if (body.substr(at, 2) == "{{" || body.substr(at, 2) == "}}") {
        skeleton += body[at++];
        continue;
      }
      if (body[at] != '{') {
        skeleton += body[at];
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
      Field(body.substr(at + 1, end - at - 1), token.offset, value);
      skeleton += "{}";
      value.partial = true;
      at = end;
    }
    return skeleton;
  }

  void Field(std::string_view source, std::uint64_t offset, Value& value) {
    if (fields_ > 8) {
      Exhausted(offset);
      return;
    }
    std::optional<Error> ignored;  // a format specification need not be whole code
    const std::vector<PythonToken> tokens = LexPython(source, offset, ignored);
    const auto* const outer = std::exchange(tokens_, &tokens);
    const std::size_t outer_at = std::exchange(at_, 0);
    ++fields_;
    bool first = true;
    while (!AtEnd()) {
      const std::size_t before = at_;
      const Value part = Expression();
      if (first) value.origin |= part.origin;
      first = false;
      if (at_ == before) Advance();
    }
    --fields_;
    tokens_ = outer;
    at_ = outer_at;
  }

  // Behind an opening bracket, up to and with the closing one.
  std::vector<Value> Items(bool& comma) {
    std::vector<Value> items;
    while (!AtEnd()) {
      if (Is(")") || Is("]") || Is("}")) {
        Advance();
        break;
      }
      if (Is(",") || Is(":") || Is("=")) {
        comma |= Is(",");
        Advance();
        continue;
      }
      const std::size_t before = at_;
      Value item = Expression();
      if (at_ == before) {
        Advance();
      } else if (items.size() < 4096) {
        items.push_back(std::move(item));
      }
    }
    return items;
  }

  struct Bound {
    std::string keyword;
    Value value;
  };
  std::vector<Bound> Arguments() {
    std::vector<Bound> arguments;
    while (!AtEnd()) {
      if (Take(")")) break;
      if (Is("]") || Is("}")) {
        Advance();
        continue;
      }
      if (Take(",") || Take(":") || Take("=")) continue;
      Bound bound;
      if (now().kind == Kind::kName && Is(next(), "=")) {
        bound.keyword = now().raw;
        at_ += 2;
      }
      const std::size_t before = at_;
      bound.value = Expression();
      if (at_ == before && bound.keyword.empty()) {
        Advance();
      } else if (arguments.size() < 256) {
        arguments.push_back(std::move(bound));
      }
    }
    return arguments;
  }

  void NoteAccess(const std::string& path, std::uint64_t offset) {
    if (facts_.accesses.size() < kMostFacts)
      facts_.accesses.push_back({path, offset});
    else
      Exhausted(offset);
  }

  void NoteCall(const Value& callee, const std::vector<Bound>& arguments, std::uint64_t offset) {
    if (facts_.calls.size() >= kMostFacts || kept_ > kMostFolded) {
      Exhausted(offset);
      return;
    }
    PythonFacts::Call call;
    call.path = callee.path;
    call.offset = offset;
    call.top_level = TopLevel();
    call.assembled = callee.assembled;
    call.indirect = callee.indirect;
    call.origin = callee.origin;
    for (const Bound& bound : arguments) {
      PythonFacts::Argument argument;
      argument.keyword = bound.keyword;
      argument.path = bound.value.path;
      argument.origin = bound.value.origin;
      argument.partial = bound.value.partial;
      if (bound.value.text) argument.text = bound.value.text->substr(0, kLongestKept);
      if (bound.value.items) {
        argument.list = true;
        std::string joined;
        for (const Value& item : *bound.value.items) {
          if (joined.size() > kLongestKept) break;
          if (!joined.empty()) joined += ' ';
          joined += item.text ? std::string_view(*item.text).substr(0, kLongestKept) : "{}";
        }
        argument.text = std::move(joined);
        argument.partial = true;
      }
      kept_ += (argument.text ? argument.text->size() : 0) + 64;
      call.arguments.push_back(std::move(argument));
    }
    facts_.calls.push_back(std::move(call));
  }

  Value Member(const Value& base, const std::string& name, bool subscript) {
    Value value;
    value.origin = base.origin;
    value.assembled = base.assembled && !base.text;
    value.indirect = base.indirect;
    const std::string& path = base.path;
    if (path == "__builtins__" || path == "builtins" || path == "globals()" || path == "locals()" || path == "vars()" ||
        path == "__builtin__") {
      value.path = name == "__builtins__" ? "builtins" : name;
      value.indirect = path != "globals()" || !variables_.contains(name);
      if (const auto known = variables_.find(name); path == "globals()" && known != variables_.end())
        value = known->second;
      return value;
    }
    if (path == "sys.modules" && subscript) {
      value.path = name;
      value.indirect = true;
      return value;
    }
    if (name == "__dict__" && !path.empty()) {
      value.path = path;
      value.indirect = true;
      return value;
    }
    if (name == "__builtins__" || name == "__import__") {
      value.path = name;
      value.indirect = true;
      return value;
    }
    if (path == "os.environ") value.origin &= ~std::uint32_t{PythonFacts::kEnvironment};
    if (path == "os.environ" && (name == "items" || name == "copy" || name == "values"))
      value.origin |= PythonFacts::kEnvironment;
    const std::string_view stem = path.empty() ? std::string_view("?") : std::string_view(path);
    value.path = stem.size() + name.size() < kLongestPath ? std::string(stem) + "." + name : std::string(stem);
    if (value.path == "os.environ") value.origin |= PythonFacts::kEnvironment;
    return value;
  }

  Value Postfix(Value value) {
    while (true) {
      const std::uint64_t offset = now().offset;
      if (Is(".") && next().kind == Kind::kName) {
        Advance();
        const std::string name(now().raw);
        Advance();
        if (Is("(")) {
          Advance();
          const std::vector<Bound> arguments = Arguments();
          if (Method(value, name, arguments)) continue;
          const Value callee = Member(value, name, false);
          if (IsDunder(name)) NoteAccess(callee.path, offset);
          value = Called(callee, arguments, offset);
          continue;
        }
        value = Member(value, name, false);
        if (IsDunder(name) || value.path == "os.environ") NoteAccess(value.path, offset);
      } else if (Take("(")) {
        const std::vector<Bound> arguments = Arguments();
        value = Called(value, arguments, offset);
      } else if (Take("[")) {
        value = Subscript(value);
      } else {
        return value;
      }
    }
  }

  Value Subscript(const Value& base) {
    std::vector<Value> parts;
    std::size_t colons = 0;
    bool minus = false;
    while (!AtEnd() && !Is("]")) {
      if (Take(":")) {
        ++colons;
        minus = Is("-");
        continue;
      }
      if (Take(",")) continue;
      const std::size_t before = at_;
      Value part = Expression();
      if (at_ == before)
        Advance();
      else if (parts.size() < 64)
        parts.push_back(std::move(part));
    }
    Take("]");
    if (colons > 0) {
      Value value = base;
      if (colons == 2 && minus && parts.size() == 1 && parts[0].known_number && parts[0].number == 1 && base.text) {
        value.text = Fold(std::string(base.text->rbegin(), base.text->rend()));
        value.assembled = true;
      } else {
        value.text.reset();
        value.items.reset();
      }
      return value;
    }
    if (parts.size() == 1 && parts[0].text) {
      Value value = Member(base, *parts[0].text, true);
      value.assembled |= parts[0].assembled;
      return value;
    }
    if (parts.size() == 1 && parts[0].known_number && base.items && parts[0].number >= 0 &&
        parts[0].number < static_cast<double>(base.items->size()) && !minus)
      return (*base.items)[static_cast<std::size_t>(parts[0].number)];
    Value value;
    value.path = base.path.size() < kLongestPath ? base.path + "[]" : base.path;
    value.origin = base.path == "os.environ" ? 0 : base.origin;
    value.indirect = base.indirect;
    return value;
  }

  // Methods that build strings of strings; false if this is another one.
  bool Method(Value& value, const std::string& name, const std::vector<Bound>& arguments) {
    const Value* first = arguments.empty() ? nullptr : &arguments[0].value;
    if (!value.text) return false;
    if (name == "decode" || name == "encode" || name == "strip") {
      if (first != nullptr && first->text && *first->text == "rot13") value.text = Fold(DecodeRot13(*value.text));
      return true;
    }
    value.assembled = true;
    if (name == "join" && first != nullptr) {
      std::string joined;
      if (first->items) {
        for (const Value& item : *first->items) {
          if (&item != &first->items->front()) joined += *value.text;
          joined += item.text ? std::string_view(*item.text) : "{}";
          value.partial |= !item.text;
          if (joined.size() > kLongestText) break;
        }
      } else if (first->text && value.text->empty()) {
        joined = *first->text;
      } else {
        joined = "{}";
        value.partial = true;
      }
      value.origin |= first->origin;
      value.text = Fold(std::move(joined));
    } else if (name == "replace" && arguments.size() >= 2 && first->text && arguments[1].value.text &&
               !first->text->empty()) {
      std::string out;
      const std::string &text = *value.text, &from = *first->text, &to = *arguments[1].value.text;
      for (std::size_t at = 0; at < text.size() && out.size() <= kLongestText;) {
        if (text.compare(at, from.size(), from) == 0)
          out += to, at += from.size();
        else
          out += text[at++];
      }
      value.text = Fold(std::move(out));
    } else if (name == "format") {
      std::vector<Value> values;
      for (const Bound& bound : arguments) values.push_back(bound.value);
      value = Formatted(value, values);
    } else if (name == "lower" || name == "upper" || name == "swapcase") {
      std::string text = *value.text;
      for (char& c : text) {
        if (c >= 'A' && c <= 'Z' && name != "upper")
          c = static_cast<char>(c + 32);
        else if (c >= 'a' && c <= 'z' && name != "lower")
          c = static_cast<char>(c - 32);
      }
      value.text = Fold(std::move(text));
    } else {
      value.text.reset();
      value.path = "str." + name;
    }
    return true;
  }

  void Decoded(Value& result, std::optional<std::string> text) {
    if (!text) return;
    result.text = Fold(std::move(*text));
    result.assembled = true;
    if (result.text && result.text->size() >= 4 && decoded_ + result.text->size() < kMostFolded / 4) {
      decoded_ += result.text->size();
      facts_.decoded.push_back(*result.text);
    }
  }

  Value Called(const Value& callee, const std::vector<Bound>& arguments, std::uint64_t offset) {
    const std::string& path = callee.path;
    const auto text = [&](std::size_t i) { return i < arguments.size() ? arguments[i].value.text : nullptr; };
    const Value* first = arguments.empty() ? nullptr : &arguments[0].value;
    Value result;
    result.origin = callee.origin;
    result.indirect = callee.indirect;
    if (!callee.getter.empty() && first != nullptr) {
      result = Member(*first, callee.getter, false);
      result.indirect = true;
      return result;
    }
    NoteCall(callee, arguments, offset);
    for (const Bound& bound : arguments) result.origin |= bound.value.origin;

    if (path == "getattr" && first != nullptr && text(1)) {
      result = Member(*first, *text(1), false);
      result.assembled |= arguments[1].value.assembled;
      result.indirect |= !(first->path.empty() || first->path == "self");
      return result;
    }
    if ((path == "__import__" || path == "importlib.import_module" || path == "importlib.__import__" ||
         path == "pydoc.locate" || path == "pkgutil.resolve_name") &&
        text(0)) {
      result.path = *text(0);
      std::replace(result.path.begin(), result.path.end(), ':', '.');
      if (result.path.size() > kLongestPath) result.path.resize(kLongestPath);
      result.assembled = arguments[0].value.assembled;
      result.indirect = true;
      NoteImport(result.path, offset);
      return result;
    }
    if (path == "vars" && first != nullptr && !first->path.empty()) {
      result.path = first->path;
      result.indirect = true;
      return result;
    }
    if ((path == "operator.attrgetter" || path == "operator.methodcaller") && text(0)) {
      result.getter = *text(0);
      result.path = path + "()";
      return result;
    }
    if (path == "functools.partial" && first != nullptr) {
      result = *first;
      return result;
    }
    if (path == "chr" && first != nullptr) {
      if (first->known_number) return Character(first->number);
      result.character_of = first->path;
    }
    if (path == "map" && first != nullptr && first->path == "chr" && arguments.size() > 1 && arguments[1].value.items) {
      std::vector<Value> characters;
      for (const Value& item : *arguments[1].value.items)
        if (item.known_number) characters.push_back(Character(item.number));
      result.items = std::make_shared<const std::vector<Value>>(std::move(characters));
      result.assembled = true;
      return result;
    }
    if ((path == "bytes" || path == "bytearray") && first != nullptr && first->items && !first->items->empty()) {
      std::string out;
      for (const Value& item : *first->items) {
        if (!item.known_number) return result;
        out += static_cast<char>(static_cast<std::uint8_t>(std::clamp(item.number, 0.0, 255.0)));
      }
      result.origin |= PythonFacts::kDecoded;
      Decoded(result, std::move(out));
      return result;
    }
    if (path == "str" || path == "bytes" || path == "list" || path == "tuple") {
      if (first != nullptr) {
        result = *first;
        return result;
      }
    }
    if (path == "reversed" && first != nullptr && first->text) {
      result.text = Fold(std::string(first->text->rbegin(), first->text->rend()));
      result.assembled = true;
      return result;
    }
    if (Among(kDecoders, path)) {
      result.origin |= PythonFacts::kDecoded;
      if (path == "marshal.loads") result.origin |= PythonFacts::kMarshalled;
      const Text source = text(0);
      if (source && path.starts_with("base64.") && path.find("64") != std::string::npos)
        Decoded(result, DecodeBase64(*source));
      else if (source && (path == "binascii.a2b_base64" || path.starts_with("base64.decode")))
        Decoded(result, DecodeBase64(*source));
      else if (source && (path.ends_with("fromhex") || path.ends_with("hex") || path == "binascii.unhexlify" ||
                          path == "base64.b16decode"))
        Decoded(result, DecodeHex(*source));
      else if (source && path == "codecs.decode" && text(1)) {
        const std::string& kind = *text(1);
        if (kind.find("13") != std::string::npos)
          Decoded(result, DecodeRot13(*source));
        else if (kind.starts_with("base64"))
          Decoded(result, DecodeBase64(*source));
        else if (kind.starts_with("hex"))
          Decoded(result, DecodeHex(*source));
      }
    }
    if (Among(kDownloads, path)) result.origin |= PythonFacts::kDownloaded;
    if (path == "compile") result.origin |= PythonFacts::kCompiled;
    result.path = path.size() < kLongestPath ? path + "()" : path;
    return result;
  }

  PythonFacts facts_;
  const std::vector<PythonToken>* tokens_ = nullptr;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t fields_ = 0;
  std::size_t folded_ = 0;
  std::size_t constants_ = 0;
  std::size_t decoded_ = 0;
  std::size_t kept_ = 0;
  bool one_line_scope_ = false;
  std::vector<std::uint32_t> scopes_;
  std::map<std::string, Value> variables_;
};

}  // namespace

PythonFacts ReadPython(std::string_view source) { return Reader().Run(source); }

}  // namespace ringfort::formats
