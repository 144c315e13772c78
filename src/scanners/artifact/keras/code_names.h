#pragma once

#include <string_view>

// Names that code reaches the system by, as they stand in the bytecode of a Lambda
// layer and in the layers that wrap a function of TensorFlow.

namespace ringfort::scanners {

// True for a name in bytecode (a global, an attribute, a module) that runs
// commands or code, opens files or uses the network.
bool IsDangerousCodeName(std::string_view name);

// True for a TensorFlow API name (`io.write_file`, `raw_ops.PyFunc`) that reaches
// files, libraries or Python.
bool IsDangerousTensorFlowFunction(std::string_view name);

constexpr bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace ringfort::scanners
