#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "application/checkpoint_source.h"
#include "application/small_model_internal.h"
#include "base/digest.h"
#include "base/file.h"
#include "engines/checkpoint/fresh_checkpoint.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/checkpoint/learned_vocabulary.h"
#include "engines/checkpoint/safetensors_checkpoint.h"

namespace ringfort {

Status CheckSmallModel(const std::string& folder, const SmallModelShape& shape) {
  if (folder.empty()) return Error{Fault::kInvalidInput, "no folder to write the model into"};
  if (shape.heads == 0 || shape.width > 65'536 || shape.width % (2 * shape.heads) != 0 || shape.width < 8)
    return Error{Fault::kInvalidInput,
                 fmt::format("a width of {} is no even number for each of {} heads", shape.width, shape.heads)};
  return Done{};
}

Result<engines::Checkpoint> BeginSmallModel(const std::string& from, std::span<const std::string> texts,
                                            const SmallModelShape& shape, std::uint64_t seed) {
  if (!from.empty()) return ReadCheckpointSource(from);
  TRY(vocabulary, engines::LearnVocabulary(texts, shape.vocabulary));
  return engines::FreshCheckpoint({.width = shape.width,
                                   .layers = shape.layers,
                                   .heads = shape.heads,
                                   .key_heads = shape.heads,
                                   .feed_forward = shape.width * 8 / 3 / 8 * 8,
                                   .context = shape.context},
                                  std::move(vocabulary), seed);
}

Result<SmallModelFolder> SmallModelFolder::Write(const std::string& path, const engines::Checkpoint& checkpoint) {
  const std::filesystem::path other = std::filesystem::path(path) / "safetensors";
  std::error_code failure;
  std::filesystem::create_directories(other, failure);
  if (failure) return Error{Fault::kUnavailable, fmt::format("{}: cannot be made: {}", path, failure.message())};
  TRY(gguf, engines::WriteGgufCheckpoint(checkpoint));
  SmallModelFolder folder(path, Sha256Hex(AsBytes(gguf)));
  TRY_STATUS(folder.Add("model.gguf", gguf));
  TRY_STATUS(engines::WriteSafetensorsFolder(checkpoint, other.string()));
  return folder;
}

Status SmallModelFolder::Add(const std::string& name, std::string_view content) const {
  return WriteFileAtomically((std::filesystem::path(path_) / name).string(), content);
}

}  // namespace ringfort
