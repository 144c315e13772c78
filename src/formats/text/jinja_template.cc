#include "formats/text/jinja_template.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "formats/text/jinja_calls.h"
#include "formats/text/jinja_expression.h"
#include "formats/text/jinja_lexer.h"
#include "formats/text/jinja_record.h"
#include "formats/text/jinja_value.h"

namespace ringfort::formats {
namespace {

using Kind = JinjaToken::Kind;

constexpr std::size_t kLongestSource = std::size_t{8} << 20;
constexpr std::size_t kDeepestBlocks = 4096;
constexpr std::size_t kMostCarried = 8;  // literals that a variable remembers

// Reads statements and what stands under which condition; expressions are left to
// JinjaExpression.
class Reader {
 public:
  explicit Reader(JinjaCalls& calls, JinjaRecord& record)
      : record_(record), calls_(calls), expression_(record, calls) {}

  void Run(const std::vector<JinjaPiece>& pieces) {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const JinjaPiece& piece = pieces[i];
      if (piece.kind == JinjaPiece::Kind::kData) {
        const bool followed = i + 1 < pieces.size() && pieces[i + 1].kind == JinjaPiece::Kind::kExpression;
        Data(piece, followed);
        continue;
      }
      tag_ = piece.offset;
      expression_.Start(piece.tokens, tag_, condition());
      if (piece.kind == JinjaPiece::Kind::kExpression) {
        if (!blocks_.empty()) blocks_.back().captured.reset();
        expression_.Rest();
      } else {
        Statement();
      }
    }
  }

 private:
  struct Block {
    enum class Kind : std::uint8_t { kIf, kFor, kSet, kOther } kind = Kind::kOther;
    std::size_t condition = JinjaFacts::kNone;  // of what stands here now
    double count = 1;
    std::size_t tested = JinjaFacts::kNone;  // the condition of the last if or elif
    std::string name;                        // of a set block
    std::optional<std::string> captured;     // what it holds, as long as that is constant
  };

  std::size_t condition() const { return blocks_.empty() ? JinjaFacts::kNone : blocks_.back().condition; }
  std::size_t Outer() const { return blocks_.size() > 1 ? blocks_[blocks_.size() - 2].condition : JinjaFacts::kNone; }
  bool Negated(std::size_t index) const {
    return index < record_.facts.conditions.size() && record_.facts.conditions[index].negated;
  }
  void Push(Block block) {
    if (blocks_.size() < kDeepestBlocks) blocks_.push_back(std::move(block));
  }

  void Data(const JinjaPiece& piece, bool followed) {
    if (!blocks_.empty() && blocks_.back().captured && blocks_.back().captured->size() < kLongestJinjaText)
      *blocks_.back().captured += piece.data.substr(0, kLongestJinjaText);
    JinjaFacts::Text text;
    text.text = piece.data;
    text.condition = condition();
    text.before_expression = followed;
    text.offset = piece.offset;
    record_.facts.texts.push_back(std::move(text));
  }

  void Statement() {
    if (expression_.now().kind != Kind::kName) {
      expression_.Rest();
      return;
    }
    const std::string_view keyword = expression_.now().raw;
    record_.facts.statements.push_back({std::string(keyword), tag_});
    expression_.Advance();
    if (keyword == "if") {
      const std::size_t parent = condition();
      const std::size_t tested = OpenCondition(parent);
      Push({Block::Kind::kIf, Negated(tested) ? parent : tested, 1, tested, {}, {}});
    } else if (keyword == "elif" && !blocks_.empty()) {
      const std::size_t parent = Outer();
      Block& block = blocks_.back();
      block.tested = OpenCondition(parent);
      block.condition = Negated(block.tested) ? parent : block.tested;
    } else if (keyword == "else") {
      // What stands here shows when the literal is absent, the ordinary case, unless
      // the test was for its absence.
      if (!blocks_.empty() && blocks_.back().kind == Block::Kind::kIf) {
        Block& block = blocks_.back();
        block.condition = Negated(block.tested) ? block.tested : Outer();
      }
    } else if (keyword == "for") {
      For();
    } else if (keyword == "set") {
      Set();
    } else if (keyword == "macro") {
      Macro();
    } else if (keyword == "with") {
      Push({Block::Kind::kOther, condition(), 1, JinjaFacts::kNone, {}, {}});
      With();
    } else if (keyword.starts_with("end")) {
      End();
    } else {
      if (keyword == "block" || keyword == "call" || keyword == "filter" || keyword == "autoescape" ||
          keyword == "generation")
        Push({Block::Kind::kOther, condition(), 1, JinjaFacts::kNone, {}, {}});
      expression_.Silent();
    }
  }

  std::size_t OpenCondition(std::size_t parent) {
    JinjaFacts::Condition fresh;
    fresh.parent = parent;
    fresh.offset = tag_;
    record_.testing = &fresh;
    expression_.Silent();
    record_.testing = nullptr;
    if (!fresh.Asks()) return parent;
    record_.facts.conditions.push_back(std::move(fresh));
    return record_.facts.conditions.size() - 1;
  }

  void For() {
    std::vector<std::string> names;
    while (!expression_.AtEnd() && !expression_.Is("in")) {
      if (expression_.now().kind == Kind::kName) names.emplace_back(expression_.now().raw);
      expression_.Advance();
    }
    expression_.Take("in");
    const JinjaValue over = expression_.Silent();
    for (const std::string& name : names) {
      JinjaValue element;
      element.path = name;
      // The parts of a content are content; so are the characters of a text.
      element.content = over.content;
      element.items = over.items;
      if (names.size() == 1 && over.items.size() == 1) element.SetText(over.items.front());
      expression_.variables()[name] = std::move(element);
    }
    const double count = std::max(1.0, over.count);
    double product = count;
    for (const Block& block : blocks_) product *= block.count;
    if (product > count && count > 1) record_.Amount(JinjaFacts::Amount::Kind::kNestedLoops, product, tag_);
    Push({Block::Kind::kFor, condition(), count, JinjaFacts::kNone, {}, {}});
  }

  // Binds `name` to what an expression yields; what it was compared with on the way,
  // and what it is set under, comes along.
  void Bind(const std::string& name, JinjaValue value, const JinjaFacts::Condition& asked) {
    JinjaFacts::Condition tested;
    if (!asked.negated) JinjaRecord::Merge(tested, asked);  // else true is the ordinary case
    if (condition() < record_.facts.conditions.size())
      JinjaRecord::Merge(tested, record_.facts.conditions[condition()]);
    if (tested.literals.size() > kMostCarried) tested.literals.resize(kMostCarried);
    if (tested.Asks()) value.tested = std::make_shared<const JinjaFacts::Condition>(std::move(tested));
    if (value.path.empty() || value.path == "namespace()") value.path = name;
    expression_.variables()[name] = std::move(value);
  }

  void Set() {
    std::vector<std::string> names;
    std::string dotted;
    while (!expression_.AtEnd() && !expression_.Is("=")) {
      if (expression_.now().kind == Kind::kName) names.emplace_back(expression_.now().raw);
      if (dotted.size() < 256) dotted += expression_.now().raw;
      expression_.Advance();
    }
    if (!expression_.Take("=")) {  // {% set x %}...{% endset %}
      Push({Block::Kind::kSet, condition(), 1, JinjaFacts::kNone, names.empty() ? "" : names.front(), ""});
      return;
    }
    JinjaFacts::Condition asked;
    record_.testing = &asked;
    std::vector<JinjaValue> values;
    while (!expression_.AtEnd()) {
      JinjaValue value = expression_.Read();
      if (values.size() < names.size()) values.push_back(std::move(value));
      if (!expression_.Take(",")) expression_.Advance();
    }
    record_.testing = nullptr;
    if (names.size() == values.size()) {
      for (std::size_t i = 0; i < names.size(); ++i) Bind(names[i], std::move(values[i]), asked);
    } else if (!values.empty() && dotted.find(',') == std::string::npos) {
      Bind(dotted, std::move(values.front()), asked);
    } else {
      for (const std::string& name : names) expression_.variables().erase(name);
    }
  }

  // {% with a = 'x', b = a ~ 'y' %}
  void With() {
    while (!expression_.AtEnd()) {
      const bool named = expression_.now().kind == Kind::kName;
      const std::string name(expression_.now().raw);
      expression_.Advance();
      if (named && expression_.Take("=")) Bind(name, expression_.Read(), {});
    }
  }

  void Macro() {
    const std::string macro(expression_.now().raw);
    expression_.Advance();
    std::vector<std::string> parameters;
    if (expression_.Take("("))
      for (const JinjaToken* token = &expression_.now(); !expression_.AtEnd() && !expression_.Is(")");
           token = &expression_.now()) {
        const std::string name(token->raw);
        const bool named = token->kind == Kind::kName;
        expression_.Advance();
        if (!named) continue;
        JinjaValue parameter;
        if (expression_.Take("=")) parameter = expression_.Read();
        parameter.path = name;
        parameter.content |= calls_.TakesContent(macro, name);
        expression_.variables()[name] = std::move(parameter);
        if (parameters.size() < 64) parameters.push_back(name);
      }
    calls_.DefineMacro(macro, std::move(parameters));
    Push({Block::Kind::kOther, condition(), 1, JinjaFacts::kNone, {}, {}});
  }

  void End() {
    if (!blocks_.empty()) {
      const Block block = std::move(blocks_.back());
      blocks_.pop_back();
      if (block.kind == Block::Kind::kSet && block.captured) {
        JinjaValue value;
        value.SetText(*block.captured);
        record_.Assembled(value, tag_);
        Bind(block.name, std::move(value), {});
      }
    }
    expression_.Rest();
  }

  JinjaRecord& record_;
  JinjaCalls& calls_;
  JinjaExpression expression_;
  std::uint64_t tag_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace

JinjaFacts ReadJinja(std::string_view source) {
  JinjaRecord record;
  if (source.size() > kLongestSource) {
    record.facts.damage = Error{Fault::kLimitExceeded, "a template longer than 8 MiB", kLongestSource};
    return std::move(record.facts);
  }
  JinjaCalls calls(record);
  std::optional<Error> damage;
  const std::vector<JinjaPiece> pieces = LexJinja(source, damage);
  record.facts.damage = damage;
  Reader(calls, record).Run(pieces);
  // What a macro does with its parameters is known only when it has been called.
  if (calls.Learnt()) {
    record = JinjaRecord();
    record.facts.damage = damage;
    Reader(calls, record).Run(pieces);
  }
  return std::move(record.facts);
}

}  // namespace ringfort::formats
