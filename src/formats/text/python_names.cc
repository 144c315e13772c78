#include "formats/text/python_names.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostLevels = 64;

}  // namespace

bool IsPythonBuiltin(std::string_view name) {
  constexpr std::string_view kBuiltins[] = {
      "eval",   "exec", "compile", "open",     "getattr",    "setattr",  "map",   "vars",      "globals",
      "locals", "chr",  "bytes",   "execfile", "__import__", "reversed", "input", "bytearray", "__builtins__"};
  return std::find(std::begin(kBuiltins), std::end(kBuiltins), name) != std::end(kBuiltins);
}

PythonNames::PythonNames() : levels_(1) {}

void PythonNames::Open(Scope kind, std::uint32_t indent, std::size_t function) {
  if (levels_.size() >= kMostLevels) {
    ++deeper_;
    return;
  }
  Level level;
  level.kind = kind;
  level.indent = indent;
  level.function = function;
  levels_.push_back(std::move(level));
}

void PythonNames::Close() {
  if (deeper_ > 0)
    --deeper_;
  else if (levels_.size() > 1)
    levels_.pop_back();
}

void PythonNames::CloseTo(std::uint32_t indent) {
  while (levels_.size() > 1 && indent <= levels_.back().indent) {
    deeper_ = 0;
    levels_.pop_back();
  }
}

std::size_t PythonNames::function() const {
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level)
    if (level->function != PythonValue::kNoFunction) return level->function;
  return PythonValue::kNoFunction;
}

const PythonValue* PythonNames::Find(const std::string& name) const {
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
    if (level->kind == Scope::kClass && level != levels_.rbegin()) continue;
    if (const auto found = level->names.find(name); found != level->names.end()) return &found->second.value;
  }
  return nullptr;
}

const PythonValue* PythonNames::FindGlobal(const std::string& name) const {
  const auto found = levels_.front().names.find(name);
  return found == levels_.front().names.end() ? nullptr : &found->second.value;
}

const PythonValue* PythonNames::FindAttribute(const std::string& name) const {
  const auto found = attributes_.find(name);
  return found == attributes_.end() ? nullptr : &found->second;
}

bool PythonNames::Matters(const PythonValue& value) const {
  if (value.text || value.items || value.pairs || value.origin != 0 || value.indirect ||
      value.function != PythonValue::kNoFunction)
    return true;
  const std::string_view path = value.path;
  const std::string_view root = path.substr(0, path.find_first_of(".(["));
  return IsPythonBuiltin(root) || imported_.contains(root);
}

void PythonNames::Bind(const std::string& name, PythonValue value, std::uint32_t indent) {
  Level& level = levels_.back().globals.contains(name) ? levels_.front() : levels_.back();
  if (level.kind == Scope::kClass) BindAttribute(name, value);
  Binding& binding = level.names[name];
  const bool had = !binding.value.IsNothing() && binding.value.path != name;
  const bool imported = !binding.value.IsNothing() && imported_.contains(binding.value.path);
  const bool maybe = indent > binding.indent || (value.IsNothing() && !Matters(value));
  if ((had || imported) && maybe && binding.value.function == PythonValue::kNoFunction && Matters(binding.value) &&
      !Matters(value))
    return;
  binding.value = std::move(value);
  binding.indent = indent;
}

void PythonNames::BindImport(const std::string& name, const std::string& path) {
  imported_.emplace(path.substr(0, path.find('.')));
  PythonValue value;
  value.path = path;
  Bind(name, std::move(value));
}

void PythonNames::BindUnknown(const std::string& name, std::uint32_t origin) {
  const PythonValue* const outer = Find(name);
  PythonValue value;
  if (outer != nullptr && imported_.contains(outer->path))
    value = *outer;
  else
    value.path = IsPythonBuiltin(name) || name == "os" || name == "subprocess" ? "<" + name + ">" : name;
  value.origin |= origin;
  Bind(name, std::move(value));
}

void PythonNames::BindAttribute(const std::string& name, PythonValue value) {
  if (Matters(value)) attributes_[name] = std::move(value);
}

void PythonNames::DeclareGlobal(const std::string& name) { levels_.back().globals.insert(name); }

}  // namespace ringfort::formats
