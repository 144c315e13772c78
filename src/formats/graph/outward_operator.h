#pragma once

#include <cstdint>
#include <string_view>

// The operators of TensorFlow that touch something else than tensors: files,
// processes, networks, Python. TFLite calls the same ones through its Flex delegate.
//
// Source: tensorflow/core/ops/*.cc.

namespace ringfort::formats {

enum class OutwardKind : std::uint8_t {
  kNone,        // works on tensors alone, or is not known
  kPython,      // calls a Python function
  kCommand,     // loads a library, or is called like running a command
  kWriter,      // writes files
  kReader,      // reads files into tensors
  kCheckpoint,  // saves and restores variables, as every SavedModel does
  kRemote,      // calls another machine
  kPipeline,    // reads training data
  kTable,       // fills a table from an asset
  kPrint,       // prints, to a file if told so
  kDebug        // sends tensors to a debugger
};

OutwardKind KindOfOperator(std::string_view type);

}  // namespace ringfort::formats
