#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "formats/graph/graph_facts.h"

// A TensorFlow Lite (LiteRT) model: a FlatBuffer with the identifier `TFL3`. Read
// are the operators, the buffers and where they lie, and the metadata; shapes,
// quantization and the options of built-in operators are passed over.
//
// Newer files keep large buffers behind the FlatBuffer, by absolute offset and
// size; a metadata tool may append a zip archive of label files.
//
// Source: tensorflow/lite/schema/schema.fbs (version 3).

namespace ringfort::formats {

struct TfliteOperator {
  std::string_view custom_name;  // of a custom operator, else empty
  std::int32_t builtin = 0;      // BuiltinOperator number; 32 is CUSTOM
  std::uint64_t uses = 0;        // nodes of all subgraphs that call it
};

struct TfliteOptions {
  std::uint32_t op = 0;  // index of its operator
  ByteView bytes;        // custom options (a FlexBuffer, or what the operator likes)
  std::uint64_t offset = 0;
};

struct TfliteBufferOutside {
  std::uint32_t index = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct TfliteMetadata {
  std::string_view name;
  ByteView bytes;
  std::uint64_t offset = 0;
};

// Views point into the bytes that were read. Lists are cut at 100,000 entries.
struct TfliteFacts : GraphFacts {
  std::uint32_t version = 0;
  std::string_view description;
  std::vector<TfliteOperator> operators;
  std::vector<TfliteOptions> custom_options;
  std::vector<TfliteMetadata> metadata;
  std::vector<TfliteBufferOutside> outside;  // buffers that pass the end of the file
  std::uint32_t buffers = 0;
  std::uint32_t subgraphs = 0;
  std::uint64_t tensors = 0;
  std::uint64_t nodes = 0;
  std::uint64_t offset_buffers = 0;  // buffers that lie by absolute offset
  std::uint64_t extent = 0;          // end of the last part that the model refers to
};

TfliteFacts ReadTflite(ByteView bytes);

}  // namespace ringfort::formats
