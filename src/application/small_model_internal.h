#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engines/checkpoint/checkpoint.h"

// What the trainings of small models have in common: a model to begin with, and the folder that
// is written in the end.

namespace ringfort {

struct SmallModelShape {
  std::uint32_t vocabulary = 768;  // tokens, learned from the texts
  std::uint32_t width = 96;
  std::uint32_t layers = 4;
  std::uint32_t heads = 4;
  std::uint32_t context = 192;
};

// kInvalidInput without a folder, or for a width that the heads cannot share.
Status CheckSmallModel(const std::string& folder, const SmallModelShape& shape);

// The model in `from` (application/checkpoint_source.h); if that is empty a LLaMA with random
// weights and a vocabulary of these texts.
Result<engines::Checkpoint> BeginSmallModel(const std::string& from, std::span<const std::string> texts,
                                            const SmallModelShape& shape, std::uint64_t seed);

// A folder with the model as `model.gguf` and, below `safetensors`, as Hugging Face keeps it.
class SmallModelFolder {
 public:
  static Result<SmallModelFolder> Write(const std::string& path, const engines::Checkpoint& checkpoint);

  const std::string& digest() const { return digest_; }  // SHA-256 of model.gguf in hex
  Status Add(const std::string& name, std::string_view content) const;

 private:
  SmallModelFolder(std::string path, std::string digest) : path_(std::move(path)), digest_(std::move(digest)) {}

  std::string path_;
  std::string digest_;
};

}  // namespace ringfort
