#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engines/checkpoint/hugging_face_tokenizer.h"
#include "engines/checkpoint/safetensors_checkpoint.h"

// A folder as Hugging Face keeps one, in one input: config.json, tokenizer.json, the index and the
// weights, with the byte 0x1E between them. No crash; a model that is taken is whole, and comes
// back if it can be written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort;           // NOLINT
  using namespace ringfort::engines;  // NOLINT
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next = [&rest] {
    const std::size_t end = rest.find('\x1E');
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return part;
  };
  const std::string_view config = next(), tokenizer = next(), index = next();
  if (const auto vocabulary = ReadTokenizerJson(tokenizer); vocabulary.ok()) {
    (void)vocabulary.value().Tokenize(config.substr(0, 200));
    (void)WriteTokenizerJson(vocabulary.value());
  }
  FolderFiles files = {{"config.json", AsBytes(config)}, {"tokenizer.json", AsBytes(tokenizer)}};
  if (index.empty()) {
    files["model.safetensors"] = AsBytes(rest);
  } else {
    files["model.safetensors.index.json"] = AsBytes(index);
    if (const auto shards = ShardsOfIndex(index); shards.ok())
      for (const std::string& shard : shards.value()) {
        if (shard.find('/') != std::string::npos) std::abort();
        files[shard] = AsBytes(rest);
      }
  }
  const auto read = ReadSafetensorsCheckpoint(files);
  if (!read.ok()) return 0;
  if (!CheckCheckpoint(read.value()).ok()) std::abort();
  const auto written = WriteSafetensorsCheckpoint(read.value());
  if (!written.ok()) return 0;
  FolderFiles again;
  for (const auto& [name, content] : written.value()) again.emplace(name, AsBytes(content));
  const auto back = ReadSafetensorsCheckpoint(again);
  if (!back.ok() || back.value().tensors != read.value().tensors) std::abort();
  return 0;
}
