#pragma once

#include <optional>
#include <string>
#include <string_view>

// How Python 2 called what Python 3 calls otherwise (and dill before 0.2.8 its own module). Python 3 writes the old
// names into streams of protocols 0 to 2 and turns them back when it reads such a stream, so that
// `commands.CompletedProcess` is subprocess.CompletedProcess and `__builtin__.xrange` is range.
// Source: the tables of CPython's Lib/_compat_pickle.py.
//
//   ModernName("ConfigParser", "RawConfigParser") -> configparser, RawConfigParser
//   ModernName("__builtin__", "unicode.lower")    -> builtins, str.lower
//   ModernName("collections", "OrderedDict")      -> nothing: it is called so in both

namespace ringfort::scanners {

struct PythonName {
  std::string_view module;
  std::string name;
};

// `name` may be dotted; only its first step is renamed. Pure.
std::optional<PythonName> ModernName(std::string_view module, std::string_view name);

}  // namespace ringfort::scanners
