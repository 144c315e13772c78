#pragma once

#include <cstdint>
#include <string_view>

// What the names in a Keras configuration stand for: which modules and functions
// belong to a model, and which only to an attack. Lists with their reasons stand
// in the .cc; all functions are pure.

namespace ringfort::scanners {

enum class KerasName : std::uint8_t {
  kBuiltin,       // Keras' or TensorFlow's own, or no module given
  kCustom,        // the loading program's own, or of a package of layers that many models use
  kUnknown,       // somebody's module, which the loader imports by the name that the file gives
  kForeign,       // a module of Python or Keras that no model needs
  kDangerous,     // runs code or reaches the system when imported or called
  kFetch,         // downloads or unpacks files
  kUnsafeSwitch,  // switches Keras' safe mode off
};

// What the loader gets for `name` of `module`. `function`: it is called, not
// instantiated.
KerasName ClassifyKerasName(std::string_view module, std::string_view name, bool function);

// True for the package part of a registered name (`keras>Dense`) that Keras or a
// sister project uses itself.
bool IsKerasPackage(std::string_view package);

}  // namespace ringfort::scanners
