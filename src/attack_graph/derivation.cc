#include "attack_graph/derivation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace ringfort::attack_graph {
namespace {

using Symbol = std::uint32_t;
constexpr Symbol kWildcard = 0;

// Texts as numbers: a join compares numbers only.
class Symbols {
 public:
  Symbols() { Of("_"); }
  Symbol Of(const std::string& text) {
    const auto [place, fresh] = numbers_.try_emplace(text, static_cast<Symbol>(texts_.size()));
    if (fresh) texts_.push_back(text);
    return place->second;
  }
  const std::string& TextOf(Symbol symbol) const { return texts_[symbol]; }

 private:
  std::unordered_map<std::string, Symbol> numbers_{};
  std::vector<std::string> texts_{};
};

struct GroundAtom {
  Symbol predicate = 0;
  std::vector<Symbol> terms{};
  friend auto operator<=>(const GroundAtom&, const GroundAtom&) = default;
};

// In a fact, below kOpen a symbol; at and above it the number of an unknown that stands
// in more than one of the fact's places. In what a rule's variables are bound to, kOpen
// and a number say: the same as that other variable, whatever it is.
constexpr std::uint32_t kOpen = 0x8000'0000;
constexpr bool IsOpen(std::uint32_t value) { return value >= kOpen; }

// A term of a rule: a constant, or the number of a variable within the rule.
struct Slot {
  bool variable = false;
  std::uint32_t value = 0;
};
struct Pattern {
  Symbol predicate = 0;
  std::vector<Slot> terms{};
};
struct CompiledRule {
  Pattern head{};
  std::vector<Pattern> body{};
  std::size_t variables = 0;
};

constexpr Symbol kUnbound = kNone;

class Engine {
 public:
  Engine(std::span<const Rule> rules, const DerivationLimits& limits) : rules_(rules), limits_(limits) {}

  Result<Derivation> Run() {
    std::vector<std::size_t> derived;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      compiled_.push_back(Compile(rules_[i]));
      if (!rules_[i].body.empty()) {
        derived.push_back(i);
        continue;
      }
      TRY_STATUS(Conclude(i, std::vector<Symbol>(compiled_[i].variables, kUnbound), {}));
    }
    const std::size_t given = facts_.size();
    std::size_t rounds = 0;
    for (Fact fresh = 0; fresh < facts_.size(); ++rounds) {
      // What this round joins with at least once lies in [fresh, end).
      const Fact end = static_cast<Fact>(facts_.size());
      for (const std::size_t rule : derived) {
        for (std::size_t with_fresh = 0; with_fresh < compiled_[rule].body.size(); ++with_fresh) {
          join_ = {rule, with_fresh, fresh, end};
          std::vector<Symbol> bindings(compiled_[rule].variables, kUnbound);
          std::vector<Fact> premises(compiled_[rule].body.size(), kNone);
          TRY_STATUS(Join(premises.size(), bindings, premises));
        }
      }
      fresh = end;
    }
    Derivation derivation;
    derivation.given = given;
    derivation.rounds = rounds;
    for (const GroundAtom& fact : facts_) {
      Atom atom{symbols_.TextOf(name_of_.at(fact.predicate)), {}};
      for (const Symbol symbol : fact.terms) {
        if (IsOpen(symbol))
          atom.terms.push_back({fmt::format("X{}", symbol - kOpen + 1), true});
        else
          atom.terms.push_back({symbols_.TextOf(symbol), false});
      }
      derivation.facts.push_back(std::move(atom));
    }
    derivation.rule_of_step = std::move(rule_of_step_);
    derivation.graph = AttackGraph(facts_.size(), std::move(steps_));
    return derivation;
  }

 private:
  struct Binding {
    std::uint32_t variable = 0;
    Symbol symbol = kUnbound;
  };

  // Of premise `with_fresh` only facts in [fresh, end) are tried, of those before it
  // only older ones, of those behind it all below end: each combination once.
  struct JoinRange {
    std::size_t rule = 0;
    std::size_t with_fresh = 0;
    Fact fresh = 0;
    Fact end = 0;
  };

  CompiledRule Compile(const Rule& rule) {
    CompiledRule compiled;
    std::unordered_map<std::string, std::uint32_t> variables;
    const auto pattern = [&](const Atom& atom) {
      Pattern result{symbols_.Of(fmt::format("{}/{}", atom.predicate, atom.terms.size())), {}};
      for (const Term& term : atom.terms) {
        if (term.variable)
          result.terms.push_back(
              {true, variables.try_emplace(term.text, static_cast<std::uint32_t>(variables.size())).first->second});
        else
          result.terms.push_back({false, symbols_.Of(term.text)});
      }
      name_of_[result.predicate] = symbols_.Of(atom.predicate);
      if (first_column_.try_emplace(result.predicate, columns_).second)
        columns_ += static_cast<std::uint32_t>(atom.terms.size());
      return result;
    };
    for (const Atom& atom : rule.body) compiled.body.push_back(pattern(atom));
    compiled.head = pattern(rule.head);
    compiled.variables = variables.size();
    return compiled;
  }

  // The facts that can meet a pattern by one of its terms: those that say the same
  // there, and those that say anything.
  struct Candidates {
    const std::vector<Fact>* same = nullptr;
    const std::vector<Fact>* any = nullptr;
    std::size_t size() const { return same->size() + any->size(); }
  };

  static std::uint64_t Cell(std::uint32_t column, Symbol symbol) { return std::uint64_t{column} << 32 | symbol; }
  const std::vector<Fact>& At(std::uint32_t column, Symbol symbol) const {
    static const std::vector<Fact> kNobody;
    const auto facts = by_cell_.find(Cell(column, symbol));
    return facts == by_cell_.end() ? kNobody : facts->second;
  }

  // By the term that leaves the fewest.
  Candidates CandidatesFor(const Pattern& pattern, const std::vector<Symbol>& bindings) const {
    static const std::vector<Fact> kNobody;
    const auto known = by_predicate_.find(pattern.predicate);
    Candidates fewest{known == by_predicate_.end() ? &kNobody : &known->second, &kNobody};
    const std::uint32_t first = first_column_.at(pattern.predicate);
    for (std::uint32_t i = 0; i < pattern.terms.size(); ++i) {
      const Slot& slot = pattern.terms[i];
      const Symbol symbol = slot.variable ? bindings[RootOf(slot.value, bindings)] : slot.value;
      if (symbol == kUnbound || symbol == kWildcard) continue;
      const Candidates by_term{&At(first + i, symbol), &At(first + i, kWildcard)};
      if (by_term.size() < fewest.size()) fewest = by_term;
    }
    return fewest;
  }

  // Joins the premises that stand open (kNone): first the fresh one, of which there are
  // few, then always the one that what is bound leaves the fewest facts for.
  Status Join(std::size_t open, std::vector<Symbol>& bindings, std::vector<Fact>& premises) {
    const CompiledRule& rule = compiled_[join_.rule];
    if (open == 0) return Conclude(join_.rule, bindings, premises);
    std::size_t premise = join_.with_fresh;
    Candidates candidates;
    if (premises[premise] == kNone) {
      candidates = CandidatesFor(rule.body[premise], bindings);
    } else {
      for (std::size_t other = 0; other < premises.size(); ++other) {
        if (premises[other] != kNone) continue;
        const Candidates those = CandidatesFor(rule.body[other], bindings);
        if (candidates.same != nullptr && those.size() >= candidates.size()) continue;
        premise = other;
        candidates = those;
      }
    }
    const Fact low = premise == join_.with_fresh ? join_.fresh : 0;
    const Fact high = premise < join_.with_fresh ? join_.fresh : join_.end;
    for (const std::vector<Fact>* facts : {candidates.same, candidates.any}) {
      // By position: a conclusion of this very round may add to the list.
      auto at = static_cast<std::size_t>(std::lower_bound(facts->begin(), facts->end(), low) - facts->begin());
      for (; at < facts->size() && (*facts)[at] < high; ++at) {
        const Fact fact = (*facts)[at];
        if (++tries_ > limits_.tries)
          return Error{Fault::kLimitExceeded, fmt::format("no end after {} tries to meet premises", limits_.tries)};
        std::vector<Binding> before;
        if (Meets(rule.body[premise], fact, bindings, before)) {
          premises[premise] = fact;
          TRY_STATUS(Join(open - 1, bindings, premises));
          premises[premise] = kNone;
        }
        for (auto binding = before.rbegin(); binding != before.rend(); ++binding)
          bindings[binding->variable] = binding->symbol;
      }
    }
    return Done{};
  }

  // The variable that speaks for those that must be the same as `variable`.
  static std::uint32_t RootOf(std::uint32_t variable, const std::vector<Symbol>& bindings) {
    while (bindings[variable] != kUnbound && IsOpen(bindings[variable])) variable = bindings[variable] - kOpen;
    return variable;
  }

  // Makes two slots say the same, if they can.
  static bool Unify(Slot one, Slot other, std::vector<Symbol>& bindings, std::vector<Binding>& before) {
    for (Slot* slot : {&one, &other}) {
      if (!slot->variable) continue;
      slot->value = RootOf(slot->value, bindings);
      if (bindings[slot->value] != kUnbound) *slot = {false, bindings[slot->value]};
    }
    if (!one.variable && !other.variable) return one.value == other.value;
    if (!one.variable) std::swap(one, other);
    if (other.variable && one.value == other.value) return true;
    before.push_back({one.value, kUnbound});
    bindings[one.value] = other.variable ? kOpen + other.value : other.value;
    return true;
  }

  // Binds what the fact says of the pattern's variables; `before` gets what to restore.
  // What the fact leaves open binds nothing, and is narrowed by what is met later; an
  // unknown in two of its places ties what stands at these two.
  bool Meets(const Pattern& pattern, Fact fact, std::vector<Symbol>& bindings, std::vector<Binding>& before) const {
    const std::vector<Symbol>& terms = facts_[fact].terms;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const Symbol symbol = terms[i];
      const Slot& slot = pattern.terms[i];
      if (symbol == kWildcard || (!slot.variable && slot.value == kWildcard)) continue;
      if (!IsOpen(symbol)) {
        if (!Unify(slot, {false, symbol}, bindings, before)) return false;
        continue;
      }
      for (std::size_t j = 0; j < i; ++j) {
        const Slot& tied = pattern.terms[j];
        if (terms[j] != symbol || (!tied.variable && tied.value == kWildcard)) continue;
        if (!Unify(slot, tied, bindings, before)) return false;
        break;
      }
    }
    return true;
  }

  // What a rule's head says under the bindings: an unknown that stands there once is a
  // wildcard; one in several places keeps them the same, numbered as they come, so that
  // two facts that say the same are the same.
  GroundAtom Instance(const Pattern& head, const std::vector<Symbol>& bindings) const {
    GroundAtom atom{head.predicate, {}};
    std::vector<std::uint32_t> unknown;  // by term: its variable, or kNone
    for (const Slot& slot : head.terms) {
      const std::uint32_t root = slot.variable ? RootOf(slot.value, bindings) : kNone;
      const Symbol symbol = slot.variable ? bindings[root] : slot.value;
      unknown.push_back(symbol == kUnbound ? root : kNone);
      atom.terms.push_back(symbol == kUnbound ? kWildcard : symbol);
    }
    Symbol next = kOpen;
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      if (unknown[i] == kNone || IsOpen(atom.terms[i])) continue;
      bool again = false;
      for (std::size_t j = i + 1; j < unknown.size(); ++j) {
        if (unknown[j] != unknown[i]) continue;
        again = true;
        atom.terms[j] = next;
      }
      if (again) atom.terms[i] = next++;
    }
    return atom;
  }

  Status Conclude(std::size_t rule, const std::vector<Symbol>& bindings, const std::vector<Fact>& premises) {
    GroundAtom atom = Instance(compiled_[rule].head, bindings);
    const auto [place, fresh] = number_of_.try_emplace(atom, static_cast<Fact>(facts_.size()));
    const Fact fact = place->second;
    if (fresh) {
      if (facts_.size() >= limits_.facts)
        return Error{Fault::kLimitExceeded, fmt::format("more than {} facts follow", limits_.facts)};
      by_predicate_[atom.predicate].push_back(fact);
      const std::uint32_t first = first_column_.at(atom.predicate);
      for (std::uint32_t i = 0; i < atom.terms.size(); ++i)
        by_cell_[Cell(first + i, IsOpen(atom.terms[i]) ? kWildcard : atom.terms[i])].push_back(fact);
      facts_.push_back(std::move(atom));
    }
    // A fact that is its own premise proves nothing.
    if (std::find(premises.begin(), premises.end(), fact) != premises.end()) return Done{};
    if (!known_steps_.insert({rule, fact, premises}).second) return Done{};
    if (steps_.size() >= limits_.steps)
      return Error{Fault::kLimitExceeded, fmt::format("more than {} steps follow", limits_.steps)};
    steps_.Add(premises, fact, rules_[rule].probability, rules_[rule].cost);
    rule_of_step_.push_back(rule);
    return Done{};
  }

  std::span<const Rule> rules_;
  DerivationLimits limits_;
  std::vector<CompiledRule> compiled_{};
  Symbols symbols_{};
  std::unordered_map<Symbol, Symbol> name_of_{};  // of a predicate with its arity
  std::vector<GroundAtom> facts_{};
  std::map<GroundAtom, Fact> number_of_{};
  std::unordered_map<Symbol, std::vector<Fact>> by_predicate_{};
  std::unordered_map<Symbol, std::uint32_t> first_column_{};  // of a predicate's terms
  std::uint32_t columns_ = 0;
  std::unordered_map<std::uint64_t, std::vector<Fact>> by_cell_{};  // see Cell
  std::set<std::tuple<std::size_t, Fact, std::vector<Fact>>> known_steps_{};
  StepList steps_{};
  std::vector<std::size_t> rule_of_step_{};
  JoinRange join_{};
  std::size_t tries_ = 0;
};

}  // namespace

Fact Derivation::Find(std::string_view text) const {
  for (Fact fact = 0; fact < facts.size(); ++fact)
    if (Text(facts[fact]) == text) return fact;
  return kNone;
}

Result<Derivation> Derive(std::span<const Rule> rules, const DerivationLimits& limits) {
  return Engine(rules, limits).Run();
}

}  // namespace ringfort::attack_graph
