#include "attack_graph/rule.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/text.h"

namespace ringfort::attack_graph {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '/' || c == '@' || c == '+';
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

class RuleReader {
 public:
  RuleReader(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  Result<std::vector<Rule>> Read() {
    std::vector<Rule> rules;
    for (SkipBlanks(); at_ < text_.size(); SkipBlanks()) {
      Rule rule = std::move(next_);
      next_ = {};
      TRY(head, ReadAtom());
      rule.head = std::move(head);
      if (rule.name.empty()) rule.name = rule.head.predicate;
      SkipBlanks();
      if (text_.substr(at_).starts_with(":-")) {
        at_ += 2;
        do {
          TRY(premise, ReadAtom());
          rule.body.push_back(std::move(premise));
          if (rule.body.size() > kMaximumPremises) return Fail("more premises than a rule may have");
        } while (Take(','));
      }
      if (!Take('.')) return Fail("a full stop ends a clause");
      rules.push_back(std::move(rule));
    }
    return rules;
  }

 private:
  Error Fail(std::string_view what) const {
    return Error{Fault::kInvalidInput, fmt::format("{}:{}: {}", name_, line_, what)};
  }

  void SkipBlanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '%') {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        ReadNote(Trimmed(text_.substr(at_ + 1, end - at_ - 1)));
        at_ = end;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        line_ += c == '\n' ? 1 : 0;
        ++at_;
      } else {
        return;
      }
    }
  }

  // A comment with a bar names the clause that follows; any other says nothing.
  void ReadNote(std::string_view note) {
    const std::size_t bar = note.find('|');
    if (bar == std::string_view::npos) return;
    const std::size_t second = std::min(note.find('|', bar + 1), note.size());
    const std::optional<double> probability = Number(note.substr(bar + 1, second - bar - 1));
    if (!probability || *probability < 0 || *probability > 1) return;
    next_.name = Trimmed(note.substr(0, bar));
    next_.probability = *probability;
    if (second < note.size()) next_.cost = Number(note.substr(second + 1)).value_or(0);
  }

  static std::optional<double> Number(std::string_view text) {
    text = Trimmed(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  bool Take(char expected) {
    SkipBlanks();
    if (at_ >= text_.size() || text_[at_] != expected) return false;
    ++at_;
    return true;
  }

  Result<Atom> ReadAtom() {
    SkipBlanks();
    Atom atom;
    atom.predicate = Word();
    if (atom.predicate.empty()) return Fail("a predicate is missing");
    if (!Take('(')) return atom;
    do {
      TRY(term, ReadTerm());
      atom.terms.push_back(std::move(term));
      if (atom.terms.size() > kMaximumPremises) return Fail("more terms than a fact may have");
    } while (Take(','));
    if (!Take(')')) return Fail(fmt::format("'{}(' is not closed", Printable(atom.predicate, 80)));
    return atom;
  }

  Result<Term> ReadTerm() {
    SkipBlanks();
    if (at_ < text_.size() && text_[at_] == '\'') {
      const std::size_t end = text_.find_first_of("'\n", at_ + 1);
      if (end == std::string_view::npos || text_[end] == '\n')
        return Fail("a quoted constant does not end on its line");
      Term term{std::string(text_.substr(at_ + 1, end - at_ - 1)), false};
      at_ = end + 1;
      return term;
    }
    std::string word = Word();
    if (word.empty()) return Fail("a term is missing");
    const bool variable = (word.front() >= 'A' && word.front() <= 'Z') || (word.front() == '_' && word != "_");
    return Term{std::move(word), variable};
  }

  std::string Word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsWordByte(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  Rule next_{};  // name, probability and cost of the clause that follows
};

}  // namespace

std::string Text(const Atom& atom) {
  std::string text = atom.predicate;
  for (std::size_t i = 0; i < atom.terms.size(); ++i) text += (i == 0 ? "(" : ", ") + atom.terms[i].text;
  return atom.terms.empty() ? text : text + ")";
}

Result<std::vector<Rule>> ReadRules(std::string_view text, std::string_view name) {
  return RuleReader(text, name).Read();
}

}  // namespace ringfort::attack_graph
