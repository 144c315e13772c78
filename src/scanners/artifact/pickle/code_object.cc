#include "scanners/artifact/pickle/code_object.h"

#include <algorithm>
#include <array>
#include <vector>

#include "formats/pickle/bytecode_names.h"
#include "scanners/artifact/pickle/callable_vocabulary.h"
#include "scanners/artifact/pickle/value_search.h"

namespace ringfort::scanners {

using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

constexpr std::size_t kCounts = 4;      // at least: arguments, locals, stack size, flags
constexpr std::size_t kWideParts = 18;  // from 3.11 on

// Of what the code takes from its globals: what starts programs or runs text as code. What else a function
// may do (files, other machines) honest ones do as well.
bool DoesHarm(std::string_view loaded) {
  constexpr std::array<std::string_view, 6> modules = {"os", "posix", "nt", "subprocess", "pty", "builtins"};
  const std::size_t dot = loaded.find('.');
  if (dot == std::string_view::npos) return loaded == "eval" || loaded == "execfile";
  const std::string_view module = loaded.substr(0, dot);
  if (std::find(modules.begin(), modules.end(), module) == modules.end()) return false;
  const Danger danger = Judge(module, loaded.substr(dot + 1)).danger;
  return danger == Danger::kCommand || danger == Danger::kCode || danger == Danger::kImport;
}

}  // namespace

bool MakesCode(const PickleGlobal* global) {
  return global != nullptr && ((global->module == "types" && global->name == "CodeType") ||
                               (global->module == "dill._dill" && global->name == "_create_code"));
}

bool MakesFunctions(const PickleGlobal* global) {
  constexpr std::array<std::string_view, 5> makers = {"FunctionType", "LambdaType", "_create_function",
                                                      "_make_function", "_make_skel_func"};
  return global != nullptr && std::find(makers.begin(), makers.end(), global->name) != makers.end();
}

CodeObject ReadCodeObject(const formats::PickleCall& call, const PickleMachine& machine) {
  CodeObject code;
  auto parts = machine.Elements(call.arguments);
  // dill puts the line table of older versions first.
  if (!parts.empty() && parts[0].kind() != PickleKind::kInteger) parts = parts.subspan(1);
  const auto counts =
      std::find_if(parts.begin(), parts.end(), [](PickleValue part) { return part.kind() != PickleKind::kInteger; });
  const auto at = static_cast<std::size_t>(counts - parts.begin());
  code.well_formed = at >= kCounts && at + 2 < parts.size() && parts[at + 1].kind() == PickleKind::kTuple &&
                     parts[at + 2].kind() == PickleKind::kTuple;
  if (!code.well_formed) return code;
  const PickleValue constants = parts[at + 1];
  const PickleValue named = parts[at + 2];
  code.complete = machine.Complete(named) && machine.Complete(constants);

  std::vector<std::string_view> names;
  for (const PickleValue name : machine.Elements(named)) names.push_back(machine.Text(name).value_or(""));
  if (const auto telling = std::find_if(names.begin(), names.end(), IsTellingName); telling != names.end()) {
    code.harm = *telling;
  } else if (HoldsTellingName(constants, machine)) {
    code.harm = "a constant";
  } else if (const auto bytes = machine.Text(parts[at])) {
    for (std::string& loaded : formats::LoadedNames(AsBytes(*bytes), names, parts.size() >= kWideParts)) {
      if (!DoesHarm(loaded)) continue;
      code.harm = std::move(loaded);
      break;
    }
  }
  return code;
}

}  // namespace ringfort::scanners
