#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/text/python_value.h"

// What the names of a Python file stand for, scope by scope.
//
// A function, lambda or comprehension opens a scope of its own; names of a class
// body are not seen by its methods, but are attributes of the class. An assignment
// in a block that may not run (`if`, `try`, ...) does not take away what a name
// stood for before, and neither does None: which branch runs is not known here.
// Attributes of instances and classes are kept by name only, whichever class they
// belong to. At most 64 scopes are told apart.

namespace ringfort::formats {

class PythonNames {
 public:
  enum class Scope : std::uint8_t { kModule, kFunction, kClass };

  PythonNames();

  // `indent` is that of the line that opens it.
  void Open(Scope kind, std::uint32_t indent, std::size_t function = PythonValue::kNoFunction);
  void Close();
  // Closes what a line with this indent ends.
  void CloseTo(std::uint32_t indent);
  // The function whose body we are in, or kNoFunction.
  std::size_t function() const;

  const PythonValue* Find(const std::string& name) const;
  const PythonValue* FindGlobal(const std::string& name) const;
  const PythonValue* FindAttribute(const std::string& name) const;

  void Bind(const std::string& name, PythonValue value, std::uint32_t indent = 0);
  void BindImport(const std::string& name, const std::string& path);
  // A parameter or loop variable without known value hides a builtin, but not a
  // module: the module may be what is passed.
  void BindUnknown(const std::string& name, std::uint32_t origin = 0);
  void BindAttribute(const std::string& name, PythonValue value);
  void DeclareGlobal(const std::string& name);

  // Whether it may be more than a value of the file's own making.
  bool Matters(const PythonValue& value) const;

 private:
  struct Binding {
    PythonValue value;
    std::uint32_t indent = 0;
  };
  struct Level {
    Scope kind = Scope::kModule;
    std::uint32_t indent = 0;
    std::size_t function = PythonValue::kNoFunction;
    std::map<std::string, Binding> names;
    std::set<std::string> globals;
  };

  std::vector<Level> levels_;
  std::size_t deeper_ = 0;  // scopes beyond the limit, which share the last
  std::map<std::string, PythonValue> attributes_;
  std::set<std::string, std::less<>> imported_;  // roots of imported modules
};

bool IsPythonBuiltin(std::string_view name);

}  // namespace ringfort::formats
