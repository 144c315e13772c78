#include "attack_graph/attack_graph_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

namespace ringfort::attack_graph {
namespace {

// Takes what stands before the next `separator`, or all of it.
std::string_view TakeField(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field;
}

std::optional<double> Number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

FactNames::Slot FactNames::SlotOf(std::string_view name) {
  Slot slot;
  slot.length = static_cast<std::uint32_t>(std::min<std::size_t>(name.size(), kLong));
  if (name.size() < kLong)
    name.copy(reinterpret_cast<char*>(&slot.bytes), sizeof slot.bytes);
  else
    slot.bytes = std::hash<std::string_view>{}(name);
  return slot;
}

std::size_t FactNames::HomeOf(const Slot& slot) const {
  // splitmix64's last steps, after which every bit depends on every other.
  std::uint64_t mixed = slot.bytes + 0x9E3779B97F4A7C15 * (slot.length + 1);
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  return (mixed ^ (mixed >> 31)) & (slots_.size() - 1);
}

Fact FactNames::Find(std::string_view name) const {
  if (slots_.empty()) return kNone;
  const Slot sought = SlotOf(name);
  for (std::size_t at = HomeOf(sought);; at = (at + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[at];
    if (slot.fact == kNone || Holds(slot, sought, name)) return slot.fact;
  }
}

void FactNames::Intern(std::span<const std::string_view> names, std::vector<Fact>& facts) {
  MakeRoom(names.size());
  sought_.clear();
  bool any_long = false;
  for (const std::string_view name : names) {
    sought_.push_back(SlotOf(name));
    any_long |= sought_.back().length == kLong;
    __builtin_prefetch(&slots_[HomeOf(sought_.back())], 1);
  }
  // Of a long name the slot holds the hash alone: its text is to come, too.
  for (const bool text : {false, true}) {
    if (!any_long) break;
    for (const Slot& sought : sought_) {
      const Slot& slot = slots_[HomeOf(sought)];
      if (sought.length < kLong || slot.bytes != sought.bytes || slot.fact == kNone) continue;
      const std::string_view* const known = &names_[slot.fact];
      __builtin_prefetch(text ? static_cast<const void*>(known->data()) : known);
    }
  }
  facts.clear();
  for (std::size_t i = 0; i < names.size(); ++i) facts.push_back(Place(names[i], sought_[i]));
}

Fact FactNames::Place(std::string_view name, const Slot& sought) {
  for (std::size_t at = HomeOf(sought);; at = (at + 1) & (slots_.size() - 1)) {
    Slot& slot = slots_[at];
    if (slot.fact == kNone) {
      slot = sought;
      slot.fact = static_cast<Fact>(names_.size());
      names_.push_back(name);
      return slot.fact;
    }
    if (Holds(slot, sought, name)) return slot.fact;
  }
}

void FactNames::MakeRoom(std::size_t more) {
  std::size_t size = std::max<std::size_t>(1024, slots_.size());
  while (size < 2 * (names_.size() + more)) size *= 2;
  if (size == slots_.size()) return;
  const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(size));
  for (const Slot& slot : before) {
    if (slot.fact == kNone) continue;
    std::size_t at = HomeOf(slot);
    while (slots_[at].fact != kNone) at = (at + 1) & (size - 1);
    slots_[at] = slot;
  }
}

namespace {

// Lines gathered until their names are looked up together.
class LineBatch {
 public:
  explicit LineBatch(AttackGraphFile& file) : file_(file) {}

  bool full() const { return lines_.size() >= 256; }
  void AddName(std::string_view name) { names_.push_back(name); }
  // The names added since the last line: the premises, then the conclusion.
  void EndLine(double probability, double cost) { lines_.push_back({names_.size(), probability, cost}); }

  void Flush(StepList& steps) {
    file_.names.Intern(names_, facts_);
    std::size_t begin = 0;
    for (const Line& line : lines_) {
      const std::span<const Fact> premises(facts_.data() + begin, line.names_end - begin - 1);
      steps.Add(premises, facts_[line.names_end - 1], line.probability, line.cost);
      begin = line.names_end;
    }
    names_.clear();
    lines_.clear();
  }

 private:
  struct Line {
    std::size_t names_end = 0;
    double probability = 0;
    double cost = 0;
  };

  AttackGraphFile& file_;
  std::vector<std::string_view> names_{};
  std::vector<Line> lines_{};
  std::vector<Fact> facts_{};
};

}  // namespace

Result<AttackGraphFile> ReadAttackGraph(std::string_view text, std::string_view name) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  // Every name takes a byte of its own and a separator.
  if (lines >= kNone || text.size() / 2 >= kNone)
    return Error{Fault::kLimitExceeded, fmt::format("{}: too large for an attack graph", name)};
  AttackGraphFile file;
  StepList steps;
  steps.Reserve(lines, lines);
  LineBatch batch(file);
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    ++number;
    std::string_view line = TakeField(rest, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto fail = [&](std::string_view what) {
      return Error{Fault::kInvalidInput, fmt::format("{}:{}: {}", name, number, what)};
    };
    for (std::string_view names = TakeField(line, '\t'); !names.empty();) {
      const std::string_view premise = TakeField(names, ',');
      if (premise.empty()) return fail("a premise has no name");
      batch.AddName(premise);
    }
    const std::string_view conclusion = TakeField(line, '\t');
    if (conclusion.empty()) return fail("no conclusion; a line is premises, conclusion, probability, parted by tabs");
    batch.AddName(conclusion);
    const std::optional<double> probability = Number(TakeField(line, '\t'));
    if (!probability || !(*probability >= 0 && *probability <= 1))
      return fail("the probability is no number in [0, 1]");
    const std::optional<double> cost = line.empty() ? 0.0 : Number(TakeField(line, '\t'));
    if (!cost || !(*cost >= 0)) return fail("the cost is no number >= 0");
    if (!line.empty()) return fail("more than four fields");
    batch.EndLine(*probability, *cost);
    if (batch.full()) batch.Flush(steps);
  }
  batch.Flush(steps);
  file.graph = AttackGraph(file.names.size(), std::move(steps));
  return file;
}

}  // namespace ringfort::attack_graph
