#include "application/checkpoint_source.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/checkpoint/safetensors_checkpoint.h"

namespace ringfort {

Result<engines::Checkpoint> ReadCheckpointSource(const std::string& path) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure)) return engines::ReadSafetensorsFolder(path);
  TRY(file, MappedFile::Open(path));
  auto checkpoint = engines::ReadGgufCheckpoint(file.bytes());
  if (!checkpoint.ok())
    return Error{checkpoint.error().fault, fmt::format("{}: {}", Printable(path, 500), checkpoint.error().what)};
  return checkpoint;
}

}  // namespace ringfort
