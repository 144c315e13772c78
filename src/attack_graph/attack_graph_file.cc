#include "attack_graph/attack_graph_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <optional>
#include <utility>

namespace ringfort::attack_graph {
namespace {

std::uint32_t HashOf(std::string_view name) {
  const std::uint64_t hash = std::hash<std::string_view>{}(name);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

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

Fact FactNames::Find(std::string_view name) const {
  if (slots_.empty()) return kNone;
  const std::uint32_t hash = HashOf(name);
  for (std::size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    const Fact fact = slots_[slot];
    if (fact == kNone || (hashes_[fact] == hash && names_[fact] == name)) return fact;
  }
}

Fact FactNames::Intern(std::string_view name) {
  if (2 * names_.size() >= slots_.size()) Grow();
  const std::uint32_t hash = HashOf(name);
  for (std::size_t slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    const Fact fact = slots_[slot];
    if (fact == kNone) {
      slots_[slot] = static_cast<Fact>(names_.size());
      names_.push_back(name);
      hashes_.push_back(hash);
      return slots_[slot];
    }
    if (hashes_[fact] == hash && names_[fact] == name) return fact;
  }
}

void FactNames::Grow() {
  slots_.assign(std::max<std::size_t>(1024, 4 * slots_.size()), kNone);
  for (Fact fact = 0; fact < names_.size(); ++fact) {
    std::size_t slot = hashes_[fact] & (slots_.size() - 1);
    while (slots_[slot] != kNone) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = fact;
  }
}

Result<AttackGraphFile> ReadAttackGraph(std::string_view text, std::string_view name) {
  AttackGraphFile file;
  StepList steps;
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  if (lines >= kNone || text.size() / 2 >= std::size_t{kNone} * 4)
    return Error{Fault::kLimitExceeded, fmt::format("{}: too large for an attack graph", name)};
  steps.Reserve(lines, lines);
  std::vector<Fact> premises;
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    ++number;
    std::string_view line = TakeField(rest, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const auto fail = [&](std::string_view what) {
      return Error{Fault::kInvalidInput, fmt::format("{}:{}: {}", name, number, what)};
    };
    premises.clear();
    for (std::string_view names = TakeField(line, '\t'); !names.empty();) {
      const std::string_view premise = TakeField(names, ',');
      if (premise.empty()) return fail("a premise has no name");
      premises.push_back(file.names.Intern(premise));
    }
    const std::string_view conclusion = TakeField(line, '\t');
    if (conclusion.empty()) return fail("no conclusion; a line is premises, conclusion, probability, parted by tabs");
    const std::optional<double> probability = Number(TakeField(line, '\t'));
    if (!probability || !(*probability >= 0 && *probability <= 1))
      return fail("the probability is no number in [0, 1]");
    const std::optional<double> cost = line.empty() ? 0.0 : Number(TakeField(line, '\t'));
    if (!cost || !(*cost >= 0)) return fail("the cost is no number >= 0");
    if (!line.empty()) return fail("more than four fields");
    steps.Add(premises, file.names.Intern(conclusion), *probability, *cost);
  }
  file.graph = AttackGraph(file.names.size(), std::move(steps));
  return file;
}

}  // namespace ringfort::attack_graph
