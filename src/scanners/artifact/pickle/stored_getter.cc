#include "scanners/artifact/pickle/stored_getter.h"

#include <algorithm>
#include <array>

#include "scanners/artifact/pickle/callable_vocabulary.h"

namespace ringfort::scanners {
namespace {

// Dotted names of ASCII letters: nothing that merely looks like another name.
bool IsPlainPath(std::string_view path) {
  return !path.empty() && std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

bool NamesEvaluation(std::string_view path) {
  constexpr std::array<std::string_view, 7> names = {"eval", "query", "compile", "open", "load", "loads", "unlink"};
  const std::string_view last = path.substr(path.rfind('.') + 1);
  return std::find(names.begin(), names.end(), last) != names.end();
}

}  // namespace

bool IsGetterClass(const formats::PickleGlobal* global) {
  return global != nullptr && (global->module == "operator" || global->module == "_operator") &&
         (global->name == "attrgetter" || global->name == "methodcaller");
}

GetterWeight WeighGetter(const formats::PickleCall& call, const formats::PickleMachine& machine) {
  const formats::PickleGlobal* maker = machine.GlobalOf(call.callable);
  const bool calls = maker != nullptr && maker->name == "methodcaller";
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.empty() || !machine.Complete(call.arguments) || machine.Taint(call.arguments).any())
    return GetterWeight::kGrave;
  GetterWeight weight = GetterWeight::kPlain;
  // attrgetter takes names only; methodcaller one name, and what the method is given.
  for (const formats::PickleValue argument : arguments.first(calls ? 1 : arguments.size())) {
    const auto path = machine.Text(argument);
    if (!path || !IsPlainPath(*path) || path->find("__") != std::string_view::npos || IsTellingName(*path) ||
        Judge("", *path).standing == Standing::kDangerous)
      return GetterWeight::kGrave;
    if (NamesEvaluation(*path)) weight = GetterWeight::kDoubtful;
  }
  return weight;
}

}  // namespace ringfort::scanners
