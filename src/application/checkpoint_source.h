#pragma once

#include <string>

#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"

namespace ringfort {

// The checkpoint that a path names: a GGUF file, or a folder as Hugging Face keeps one. Errors of
// ReadGgufCheckpoint and ReadSafetensorsFolder, with the path.
Result<engines::Checkpoint> ReadCheckpointSource(const std::string& path);

}  // namespace ringfort
