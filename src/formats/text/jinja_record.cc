#include "formats/text/jinja_record.h"

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostAccesses = 100'000;
constexpr std::size_t kMostConstants = std::size_t{16} << 20;  // bytes
constexpr std::size_t kMostLiterals = 256;
constexpr double kLeastAmount = 10'000;
constexpr double kLeastMeasure = 3;  // `messages|length > 1` asks whether there is a conversation

}  // namespace

void JinjaRecord::Exhausted(std::uint64_t offset, const char* what) {
  if (!facts.damage || facts.damage->fault != Fault::kLimitExceeded)
    facts.damage = Error{Fault::kLimitExceeded, what, offset};
}

void JinjaRecord::Access(const JinjaValue& base, const std::string& name, JinjaFacts::Via via, bool assembled,
                         std::uint64_t offset) {
  if (facts.accesses.size() < kMostAccesses)
    facts.accesses.push_back({base.path, name, via, assembled, offset});
  else
    Exhausted(offset);
}

void JinjaRecord::Call(const std::string& path, std::uint64_t offset) {
  if (facts.calls.size() < kMostAccesses)
    facts.calls.push_back({path, offset});
  else
    Exhausted(offset);
}

void JinjaRecord::Constant(const std::string& text, std::uint64_t offset) {
  constants_ += text.size() + 16;
  if (constants_ < kMostConstants)
    facts.constants.push_back({text, offset});
  else
    Exhausted(offset);
}

void JinjaRecord::Assembled(const JinjaValue& value, std::uint64_t offset) {
  if (value.text && value.text->find("__") != std::string::npos) Constant(*value.text, offset);
}

void JinjaRecord::Amount(JinjaFacts::Amount::Kind kind, double value, std::uint64_t offset) {
  if (value >= kLeastAmount) facts.amounts.push_back({kind, value, offset});
}

void JinjaRecord::Replacement(const std::string& from, const std::string& to, std::uint64_t offset) {
  if (facts.replacements.size() < kMostAccesses) facts.replacements.push_back({from, to, offset});
}

void JinjaRecord::Compare(const JinjaValue& a, const JinjaValue& b, bool containment) {
  if (testing == nullptr || testing->literals.size() > kMostLiterals) return;
  const auto literals = [&](const JinjaValue& side) {
    if (side.text && !side.text->empty()) testing->literals.push_back(*side.text);
    testing->literals.insert(testing->literals.end(), side.items.begin(), side.items.end());
  };
  if ((a.content && (b.text || !b.items.empty())) || (b.content && (a.text || !a.items.empty()))) {
    testing->on_content = true;
    literals(a.content ? b : a);
  }
  if (!containment && (a.clock != b.clock) && (a.text || b.text || a.number || b.number)) testing->on_clock = true;
  if (!containment &&
      ((a.measure && b.number && *b.number >= kLeastMeasure) || (b.measure && a.number && *a.number >= kLeastMeasure)))
    testing->on_length = true;
}

void JinjaRecord::Merge(JinjaFacts::Condition& into, const JinjaFacts::Condition& from) {
  into.on_content |= from.on_content;
  into.on_clock |= from.on_clock;
  into.on_length |= from.on_length;
  for (const std::string& literal : from.literals)
    if (into.literals.size() < kMostLiterals) into.literals.push_back(literal);
}

}  // namespace ringfort::formats
