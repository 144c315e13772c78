#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "engines/checkpoint/safetensors_checkpoint.h"

// The files on the disk behind safetensors_checkpoint.h.

namespace ringfort::engines {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIndex = "model.safetensors.index.json";

bool IsThere(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// What a folder's model is read from, mapped, by name.
Result<std::map<std::string, MappedFile>> MapFolder(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return Error{Fault::kUnavailable, fmt::format("{} is no folder", Printable(folder, 500))};
  std::map<std::string, MappedFile> files;
  const auto map = [&](const std::string& name) -> Status {
    const fs::path path = fs::path(folder) / name;
    if (std::error_code unknown; fs::exists(path, unknown) && !IsThere(path))  // a pipe would be waited for
      return Error{Fault::kInvalidInput, fmt::format("{} is not a regular file", Printable(path.string(), 500))};
    auto file = MappedFile::Open(path);
    if (!file.ok()) return file.error();
    files.emplace(name, std::move(file).value());
    return Done{};
  };
  for (const char* name : {"config.json", "tokenizer.json"}) TRY_STATUS(map(name));
  for (const char* name : {"tokenizer_config.json", "chat_template.jinja", "1_Pooling/config.json"})
    if (IsThere(fs::path(folder) / name)) TRY_STATUS(map(name));
  if (IsThere(fs::path(folder) / "model.safetensors") || !IsThere(fs::path(folder) / kIndex)) {
    TRY_STATUS(map("model.safetensors"));
    return files;
  }
  TRY_STATUS(map(kIndex));
  const auto shards = ShardsOfIndex(AsText(files.at(kIndex).bytes()));
  if (!shards.ok())
    return Error{shards.error().fault, fmt::format("{}: {}", Printable(folder, 500), shards.error().what)};
  for (const std::string& shard : shards.value()) TRY_STATUS(map(shard));
  return files;
}

}  // namespace

Result<Checkpoint> ReadSafetensorsFolder(const std::string& folder) {
  TRY(mapped, MapFolder(folder));
  FolderFiles files;
  for (const auto& [name, file] : mapped) files.emplace(name, file.bytes());
  auto checkpoint = ReadSafetensorsCheckpoint(files);
  if (!checkpoint.ok())
    return Error{checkpoint.error().fault, fmt::format("{}: {}", Printable(folder, 500), checkpoint.error().what),
                 checkpoint.error().offset};
  if (checkpoint.value().name.empty()) {
    const fs::path path = fs::path(folder).lexically_normal();
    checkpoint.value().name = Printable((path.has_filename() ? path : path.parent_path()).filename().string(), 200);
  }
  return checkpoint;
}

Status WriteSafetensorsFolder(const Checkpoint& checkpoint, const std::string& folder) {
  TRY(files, WriteSafetensorsCheckpoint(checkpoint));
  for (const auto& [name, content] : files) {
    const fs::path path = fs::path(folder) / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error)
      return Error{Fault::kUnavailable, fmt::format("cannot make {}: {}", Printable(folder, 500), error.message())};
    TRY_STATUS(WriteFileAtomically(path.string(), content));
  }
  return Done{};
}

bool IsSafetensorsFolder(const std::string& folder) {
  return IsThere(fs::path(folder) / "config.json") &&
         (IsThere(fs::path(folder) / "model.safetensors") || IsThere(fs::path(folder) / kIndex));
}

Result<std::string> DigestOfSafetensorsFolder(const std::string& folder) {
  TRY(files, MapFolder(folder));
  Sha256 all;
  for (const auto& [name, file] : files) {
    const std::string line = fmt::format("{}  {}\n", Sha256Hex(file.bytes()), name);
    all.Add(AsBytes(line));
  }
  return all.Finish();
}

}  // namespace ringfort::engines
