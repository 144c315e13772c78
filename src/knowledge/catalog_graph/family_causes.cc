#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "knowledge/catalog_graph/family_causes_internal.h"

namespace ringfort::knowledge {
namespace {

std::string StateOf(const StepRule& rule, const StepRule::Atom& atom) {
  for (const StepRule::Variable& variable : rule.variables)
    if (variable.name == atom.variable) return std::string(Name(variable.kind)) + "." + atom.capability;
  return {};
}

}  // namespace

std::vector<FamilyCause> CausesBetweenFamilies(const Catalog& catalog) {
  std::map<std::string, std::set<std::string_view>> gained_by;  // families, by state
  for (const StepRule& rule : catalog.step_rules)
    if (!rule.family.empty()) gained_by[StateOf(rule, rule.gains)].insert(rule.family);
  std::map<std::pair<std::string_view, std::string_view>, std::set<std::string>> states;
  for (const StepRule& rule : catalog.step_rules) {
    if (rule.family.empty()) continue;
    for (const StepRule::Atom& need : rule.needs) {
      const std::string state = StateOf(rule, need);
      for (const std::string_view family : gained_by[state])
        if (family != rule.family) states[{family, rule.family}].insert(state);
    }
  }
  std::vector<FamilyCause> causes;
  for (const auto& [ends, of] : states)
    causes.push_back({std::string(ends.first), std::string(ends.second), {of.begin(), of.end()}});
  return causes;
}

}  // namespace ringfort::knowledge
