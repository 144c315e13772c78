#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/text/python_folding.h"
#include "formats/text/python_names.h"
#include "formats/text/python_record.h"
#include "formats/text/python_value.h"

// What attributes and calls of Python values yield, as far as it is known: the
// ways to reach a module or a function by its name, the decodings, the methods of
// strings, and the functions that the file itself defines. Every call is recorded.

namespace ringfort::formats {

struct PythonArgument {
  std::string keyword;
  PythonValue value;
};

class PythonCalls {
 public:
  PythonCalls(PythonRecord& record, PythonNames& names, PythonFolding& folding)
      : record_(record), names_(names), folding_(folding) {}

  // `base.name`, or `base['name']` if `subscript`.
  PythonValue Member(const PythonValue& base, const std::string& name, bool subscript);
  PythonValue Attribute(const PythonValue& base, const std::string& name, std::uint64_t offset);
  PythonValue Called(const PythonValue& callee, const std::vector<PythonArgument>& arguments, std::uint64_t offset);
  // `base.name(arguments)`
  PythonValue MethodCalled(const PythonValue& base, const std::string& name,
                           const std::vector<PythonArgument>& arguments, std::uint64_t offset);
  // `return callable, (arguments)` of a `__reduce__`.
  void Reduced(const PythonValue& returned, std::uint64_t offset);

  std::size_t DefineFunction();
  void Returns(std::size_t function, const PythonValue& value);

 private:
  void Note(const PythonValue& callee, const std::vector<PythonArgument>& arguments, std::uint64_t offset,
            bool reduced = false);
  bool TextMethod(PythonValue& value, const std::string& name, const std::vector<PythonArgument>& arguments);
  bool Reached(const PythonValue& callee, const std::vector<PythonArgument>& arguments, std::uint64_t offset,
               PythonValue& result);
  bool Built(const std::string& path, const std::vector<PythonArgument>& arguments, PythonValue& result);
  void Decode(const std::string& path, const std::vector<PythonArgument>& arguments, PythonValue& result);
  void SetDecoded(PythonValue& result, std::optional<std::string> text);

  PythonRecord& record_;
  PythonNames& names_;
  PythonFolding& folding_;
  std::vector<PythonValue> returned_;  // of the functions that the file defines
};

}  // namespace ringfort::formats
