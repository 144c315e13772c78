#include "scanners/artifact/pickle/scipy_distribution.h"

#include <algorithm>

#include "scanners/artifact/pickle/value_search.h"

namespace ringfort::scanners {

using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

// scipy's distributions run the text under this key of their state when they are restored.
constexpr std::string_view kTemplateKey = "_parse_arg_template";

// What scipy itself writes there: three functions that hand their arguments on. A definition
// with one bracket and plain defaults calls nothing, and its body runs only when the distribution is used.
bool IsHonestTemplate(std::string_view code) {
  while (!code.empty()) {
    const std::size_t end = std::min(code.find('\n'), code.size());
    const std::string_view line = code.substr(0, end);
    code.remove_prefix(std::min(end + 1, code.size()));
    if (line.empty()) continue;
    constexpr std::string_view definition = "def _parse_args";
    constexpr std::string_view passing = "    return self._argcheck_rvs(";
    constexpr std::string_view packing = "    return (";
    std::string_view rest = line;
    if (line.starts_with(definition))
      rest.remove_prefix(std::min(line.find('('), line.size() - 1) + 1);
    else if (line.starts_with(passing))
      rest.remove_prefix(passing.size());
    else if (line.starts_with(packing))
      rest.remove_prefix(packing.size());
    else
      return false;
    for (const char c : rest) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                         c == ',' || c == ' ' || c == '=' || c == ')' || c == ':' || c == '.' || c == '\'' ||
                         c == '-' || c == '+';
      if (!plain) return false;
    }
  }
  return true;
}

// An object of a class of scipy.stats, however it was made.
bool IsDistribution(PickleValue value, const PickleMachine& machine) {
  const formats::PickleObject* object = machine.Object(value);
  if (object == nullptr) return false;
  const auto arguments = machine.Elements(object->arguments);
  const PickleGlobal* maker = machine.GlobalOf(object->callable);
  const PickleGlobal* made = arguments.empty() ? nullptr : machine.GlobalOf(arguments[0]);
  return (maker != nullptr && maker->module.starts_with("scipy.stats")) ||
         (made != nullptr && made->module.starts_with("scipy.stats"));
}

bool HoldsForeignTemplate(PickleValue value, const PickleMachine& machine, int depth, int& budget) {
  if (depth > kSearchDepth || --budget < 0) return false;
  if (const formats::PickleObject* object = machine.Object(value); object != nullptr)
    return HoldsForeignTemplate(object->arguments, machine, depth + 1, budget);
  const auto is_key = [&](PickleValue part) {
    const auto text = machine.Text(part);
    return text && *text == kTemplateKey;
  };
  switch (value.kind()) {
    case PickleKind::kDict: {
      const auto pairs = machine.Elements(value);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (!is_key(pairs[i])) {
          if (HoldsForeignTemplate(pairs[i + 1], machine, depth + 1, budget)) return true;
          continue;
        }
        const auto code = machine.Text(pairs[i + 1]);
        if (!code || !IsHonestTemplate(*code)) return true;
      }
      return false;
    }
    case PickleKind::kTuple:
    case PickleKind::kList: {
      // Pairs update a dictionary as well.
      const auto parts = machine.Elements(value);
      return std::any_of(parts.begin(), parts.end(), [&](PickleValue part) {
        return is_key(part) || HoldsForeignTemplate(part, machine, depth + 1, budget);
      });
    }
    default: return false;
  }
}

}  // namespace

bool CarriesForeignTemplate(const formats::PickleCall& call, const PickleMachine& machine) {
  const bool unseen = call.arguments.kind() == PickleKind::kDict && !machine.Complete(call.arguments) &&
                      IsDistribution(call.receiver, machine);
  int budget = kSearchBudget;
  return unseen || HoldsForeignTemplate(call.arguments, machine, 0, budget);
}

}  // namespace ringfort::scanners
