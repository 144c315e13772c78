#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"

namespace ringfort::engines {

// Reads a GGUF file of versions 2 and 3, little-endian: llama, gpt2 and bert, any stored type
// that dequantize.h knows. What it yields has passed CheckCheckpoint. Memory: four bytes a
// parameter beside the input.
//
// Errors: kInvalidInput or kTruncated for a file that is damaged, or whose bookkeeping
// would mislead another reader; kUnsupported for another architecture, type, vocabulary
// or scaling of the rotation; kLimitExceeded above kMostCheckpointParameters.
Result<Checkpoint> ReadGgufCheckpoint(ByteView bytes);

// The file, version 3, all weights as F32: what llama.cpp loads. kInvalidInput if
// CheckCheckpoint fails or there is no vocabulary.
Result<std::string> WriteGgufCheckpoint(const Checkpoint& checkpoint);

// A LoRA adapter of such a model, as llama.cpp lays it over the weights: for each tensor
// name a pair of factors `NAME.lora_a` (rank x in) and `NAME.lora_b` (out x rank); the change
// of the weight is (alpha / rank) * lora_b * lora_a.
struct AdapterCheckpoint {
  std::string architecture = "llama";
  double alpha = 1;
  std::map<std::string, WeightTensor> tensors{};
};
std::string WriteGgufAdapter(const AdapterCheckpoint& adapter);
Result<AdapterCheckpoint> ReadGgufAdapter(ByteView bytes);

}  // namespace ringfort::engines
