#pragma once

#include <memory>

#include "base/result.h"
#include "engines/torch/network.h"

namespace ringfort::engines {

// Loads the module that holds libtorch, once a process (docs/decisions/0007), and makes a
// network of the checkpoint, whose weights are copied. The module is looked for in the library
// folder beside the running program. It asks OpenMP and OpenBLAS, by their environment
// variables, to wait asleep, unless those are set already.
//
// Errors: kUnsupported where the module is not there or was built from another version, with
// a word on what to do; CheckCheckpoint's. Any thread, one at a time.
Result<std::unique_ptr<Network>> LoadTorchNetwork(const Checkpoint& checkpoint, const NetworkOptions& options = {});

// "" where the module cannot be loaded; else libtorch's version.
std::string TorchVersion();

}  // namespace ringfort::engines
