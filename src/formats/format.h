#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace ringfort::formats {

// What bytes are, by their content. Names of files play no part.
enum class Format : std::uint8_t {
  kUnknown,
  kEmpty,
  kPickle,  // any protocol; joblib, dill and legacy torch files are pickles
  kZip,     // also torch, TorchScript, pt2, npz, keras, wheels
  kTar,
  kSevenZip,
  kGzip,
  kBzip2,
  kXz,
  kLzma,
  kZstd,
  kLz4,  // frame format
  kZlib,
  kNumpy,  // .npy
  kSafetensors,
  kGguf,
  kOnnx,
  kHdf5,
  kSavedModel,     // TensorFlow SavedModel protobuf (saved_model.pb), also a bare GraphDef
  kKerasMetadata,  // keras_metadata.pb
  kTflite,
  kJson,
  kXml,
  kPython,
  kJinja,
  kText,  // readable text of no kind that we judge
  kElf,
  kPe,
  kMachO,
  kScript,  // a text that starts with #!
  kMedia,   // images, sound, PDF, Parquet, Arrow, SQLite: data that runs nothing
};

// The name that reports print: `pickle`, `zip`, `gguf`, ...
std::string_view Name(Format format);

// What `bytes` (all of something `size` bytes long, or as much of its beginning as
// is at hand, ideally 64 KiB) look like. Judges by the first 64 KiB, and goes on
// only where these may be the beginning of a pickle. Pure and allocation-free; a
// guess from structure, not a validation: the format's own parser has the last
// word.
Format Sniff(ByteView bytes, std::uint64_t size);

}  // namespace ringfort::formats
