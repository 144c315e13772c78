#include "formats/text/text_kind.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ringfort::formats {
namespace {

constexpr std::string_view kBlank = " \t\r\n\f\v";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool IsNameCharacter(char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); }

void SkipBlank(std::string_view& text) {
  const auto at = text.find_first_not_of(kBlank);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at);
}

std::string_view Opening(ByteView head) {
  std::string_view text = AsText(head);
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  SkipBlank(text);
  return text;
}

// The name that `text` starts with, dots included if `dotted`.
std::string_view NameAt(std::string_view text, bool dotted) {
  std::size_t end = 0;
  while (end < text.size() &&
         (end == 0 ? IsNameStart(text[end]) : IsNameCharacter(text[end]) || (dotted && text[end] == '.')))
    ++end;
  return text.substr(0, end);
}

bool SameLetters(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

// Passes one scalar of JSON; false if there is none.
bool PassScalar(std::string_view& text) {
  if (text.starts_with('"')) {
    std::size_t at = 1;
    while (at < text.size() && text[at] != '"' && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
    if (at < text.size() && text[at] == '\n') return false;
    text.remove_prefix(std::min(text.size(), at + 1));
    return true;
  }
  for (const std::string_view word : {"true", "false", "null", "NaN", "Infinity", "-Infinity"}) {
    if (text.starts_with(word)) {
      text.remove_prefix(word.size());
      return true;
    }
  }
  const auto end = std::min(text.size(), text.find_first_not_of("+-.0123456789eE"));
  if (end == 0) return false;
  text.remove_prefix(end);
  return true;
}

// How a line that starts in the first column looks to Python.
enum class Line { kStrong, kCode, kProse };

Line LineKind(std::string_view line) {
  const std::string_view first = NameAt(line, true);
  std::string_view rest = line.substr(first.size());
  for (const std::string_view sign : {"__import__(", "__builtins__", ".__class__", ".__dict__["})
    if (line.find(sign) != std::string_view::npos) return Line::kStrong;
  if (first.empty()) {
    constexpr std::string_view kBrackets = ")]}([{'\"@";
    if (line.starts_with('@')) return NameAt(line.substr(1), true).empty() ? Line::kProse : Line::kCode;
    return kBrackets.find(line.front()) != std::string_view::npos ? Line::kCode : Line::kProse;
  }
  const bool spaced = rest.starts_with(' ') || rest.starts_with('\t');
  std::string_view after = rest;
  SkipBlank(after);
  if (first == "import" && spaced) {
    // `import a.b as c, d`: names, commas and `as`, then nothing or a comment.
    while (true) {
      const std::string_view module = NameAt(after, true);
      if (module.empty()) return Line::kProse;
      after.remove_prefix(module.size());
      SkipBlank(after);
      if (after.starts_with("as ")) {
        after.remove_prefix(3);
        SkipBlank(after);
        after.remove_prefix(NameAt(after, false).size());
        SkipBlank(after);
      }
      if (after.empty() || after.front() == '#' || after.front() == ';' || after.front() == '\\') return Line::kStrong;
      if (after.front() != ',') return Line::kProse;
      after.remove_prefix(1);
      SkipBlank(after);
    }
  }
  if (first == "from" && spaced) {
    const auto dots = std::min(after.size(), after.find_first_not_of('.'));
    after.remove_prefix(dots);
    const std::string_view module = NameAt(after, true);
    if (module.empty() && dots == 0) return Line::kProse;
    after.remove_prefix(module.size());
    SkipBlank(after);
    return after.starts_with("import ") || after.starts_with("import(") || after.starts_with("import\t") ? Line::kStrong
                                                                                                         : Line::kProse;
  }
  if ((first == "def" || first == "class") && spaced) {
    const std::string_view name = NameAt(after, false);
    after.remove_prefix(name.size());
    SkipBlank(after);
    return !name.empty() && !after.empty() && (after.front() == '(' || after.front() == ':') ? Line::kStrong
                                                                                             : Line::kProse;
  }
  if (first == "async" && (after.starts_with("def ") || after.starts_with("with ") || after.starts_with("for ")))
    return Line::kStrong;
  if (first == "else" || first == "try" || first == "finally")
    return rest.starts_with(':') ? Line::kStrong : Line::kProse;
  for (const std::string_view word : {"if", "for", "while", "with", "except", "elif", "match"})
    if (first == word) return line.find(':') != std::string_view::npos ? Line::kCode : Line::kProse;
  for (const std::string_view word : {"return", "raise", "assert", "del", "global", "pass", "print", "lambda", "yield"})
    if (first == word && first != "print") return Line::kCode;
  if (rest.starts_with('(')) return line.find(')') != std::string_view::npos ? Line::kStrong : Line::kCode;
  if (rest.starts_with('[')) return Line::kCode;
  if (after.starts_with('=') || after.starts_with("+=") || after.starts_with(": ") || after.starts_with("|="))
    return Line::kCode;
  if (after.starts_with(',') && line.find('=') != std::string_view::npos) return Line::kCode;
  return Line::kProse;
}

constexpr std::array<std::string_view, 20> kStatements = {
    "if",   "elif",  "else",    "endif",  "for",     "endfor", "set",        "endset", "macro",  "endmacro",
    "call", "block", "include", "import", "extends", "from",   "generation", "raw",    "filter", "with"};

}  // namespace

bool LooksLikeJson(ByteView head) {
  std::string_view text = Opening(head);
  if (text.empty()) return false;
  const char opening = text.front();
  if (opening != '{' && opening != '[') return false;
  text.remove_prefix(1);
  SkipBlank(text);
  // `[[[[{"a": 1}]]]]`: inner arrays open freely.
  while (opening == '[' && text.starts_with('[')) {
    text.remove_prefix(1);
    SkipBlank(text);
  }
  if (text.empty()) return opening == '{' ? false : AsText(head).size() > 2;
  if (text.starts_with('}') && opening == '{') {
    text.remove_prefix(1);
    SkipBlank(text);
    return text.empty();
  }
  if (opening == '[' && text.starts_with('{')) {
    text.remove_prefix(1);
    SkipBlank(text);
    return text.empty() || text.starts_with('"') || text.starts_with('}');
  }
  if (opening == '{' && !text.starts_with('"')) return false;
  if (opening == '[' && text.starts_with(']')) {
    text.remove_prefix(text.find_first_not_of(']') == std::string_view::npos ? text.size()
                                                                             : text.find_first_not_of(']'));
    SkipBlank(text);
    return text.empty() || text.starts_with(',');
  }
  if (!PassScalar(text)) return false;
  SkipBlank(text);
  if (text.empty()) return true;
  if (opening == '{') return text.starts_with(':');
  if (text.starts_with(',')) return true;
  if (!text.starts_with(']')) return false;
  text.remove_prefix(1);
  SkipBlank(text);
  return text.empty() || text.starts_with(',') || text.starts_with(']');
}

bool LooksLikeXml(ByteView head) {
  if (head.size() >= 4 && ((head[0] == 0xFF && head[1] == 0xFE && head[2] == '<' && head[3] == 0) ||
                           (head[0] == 0xFE && head[1] == 0xFF && head[2] == 0 && head[3] == '<')))
    return true;
  std::string_view text = Opening(head);
  while (text.starts_with("<!--")) {
    const auto end = text.find("-->");
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 3);
    SkipBlank(text);
  }
  if (text.starts_with("<?xml")) return true;
  constexpr std::string_view kDocumentType = "<!DOCTYPE";
  if (text.starts_with(kDocumentType)) {
    text.remove_prefix(kDocumentType.size());
    SkipBlank(text);
    const std::string_view root = NameAt(text, false);
    return !root.empty() && !SameLetters(root, "html");
  }
  if (!text.starts_with('<')) return false;
  const std::string_view root = NameAt(text.substr(1), true);
  if (root.empty() || SameLetters(root, "html") || SameLetters(root, "svg")) return false;
  const std::string_view tag = text.substr(0, std::min(text.find('>'), std::size_t{4096}));
  if (root == "PMML" || (root == "net" && tag.find("version=") != std::string_view::npos)) return true;
  return tag.find(" xmlns") != std::string_view::npos || tag.find("\nxmlns") != std::string_view::npos ||
         tag.find("\txmlns") != std::string_view::npos;
}

bool LooksLikePython(ByteView head) {
  std::string_view text = Opening(head);
  if (text.starts_with("{%") || text.starts_with("{{") || text.starts_with("{#") || text.starts_with('<')) return false;
  if (text.starts_with("#!")) {
    const std::string_view line = text.substr(0, text.find('\n'));
    return line.find("python") != std::string_view::npos;
  }
  std::size_t strong = 0, code = 0, prose = 0;
  std::string_view quote;  // of the triple-quoted string that we are in
  while (!text.empty()) {
    const auto end = text.find('\n');
    const bool whole = end != std::string_view::npos;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(whole ? end + 1 : text.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool in_string = !quote.empty();
    if (!in_string && line.starts_with("```")) return false;
    if (!in_string && !line.empty() && kBlank.find(line.front()) == std::string_view::npos && line.front() != '#') {
      switch (LineKind(line)) {
        case Line::kStrong: ++strong; break;
        case Line::kCode: ++code; break;
        case Line::kProse: ++prose; break;
      }
    }
    // Follow triple quotes so that the prose of docstrings is not counted.
    for (std::size_t at = 0; at + 2 < line.size(); ++at) {
      const std::string_view three = line.substr(at, 3);
      if (three != "'''" && three != "\"\"\"") continue;
      if (quote.empty())
        quote = three == "'''" ? "'''" : "\"\"\"";
      else if (quote == three)
        quote = {};
      at += 2;
    }
  }
  return strong > 0 && prose * 4 <= strong + code;
}

bool LooksLikeJinja(ByteView head) {
  const std::string_view text = AsText(head);
  for (std::size_t at = text.find('{'); at != std::string_view::npos && at + 2 < text.size();
       at = text.find('{', at + 1)) {
    std::string_view inner = text.substr(at + 2);
    if (text[at + 1] == '%') {
      if (inner.starts_with('-') || inner.starts_with('+')) inner.remove_prefix(1);
      SkipBlank(inner);
      const std::string_view word = NameAt(inner, false);
      if (std::find(kStatements.begin(), kStatements.end(), word) != kStatements.end()) return true;
    } else if (text[at + 1] == '{') {
      if (inner.starts_with('-') || inner.starts_with('+')) inner.remove_prefix(1);
      SkipBlank(inner);
      std::string_view rest = inner;
      const std::string_view name = NameAt(inner, false);
      // `{{ end }}` and its kin are Go's templates.
      if (name == "end" || name == "else" || name == "if" || name == "range" || name == "define") continue;
      if (!name.empty()) {
        rest.remove_prefix(name.size());
        const bool spaced = rest.starts_with(' ');
        SkipBlank(rest);
        if (rest.empty()) return false;
        // `{{ bos_token }}`, `{{ x.y`, `{{ x[`, `{{ x|`, `{{ f(`, `{{ a ~`, `{{ a +`.
        if ((spaced && rest.starts_with("}}")) ||
            std::string_view(".[|(~+").find(rest.front()) != std::string_view::npos)
          return true;
      } else if (!inner.empty() &&
                 (inner.front() == '\'' || inner.front() == '"' || inner.front() == '(' || inner.front() == '[')) {
        const auto close = inner.substr(0, 8192).find("}}");
        const auto quote = inner.find(inner.front(), 1);
        if (close != std::string_view::npos && (inner.front() == '(' || inner.front() == '[' || quote < close))
          return true;
      }
    }
  }
  return false;
}

}  // namespace ringfort::formats
