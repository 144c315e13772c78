#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "formats/graph/graph_facts.h"

// An ONNX model (a ModelProto): what it says about itself, which operators its
// graphs call, and where its tensors lie. Graphs inside attributes (If, Loop,
// Scan), model-local functions and training graphs are read like the main graph.
//
// Read: header fields, opset imports, metadata, functions, nodes and their string
// attributes, tensors with their external-data references, sparse tensors. Passed
// over: shapes and types of values, quantization annotations.
//
// Source: onnx/onnx.proto, IR version 3 to 13; "Open Neural Network Exchange
// Intermediate Representation", "External Tensor Data".

namespace ringfort::formats {

// Nodes of the same domain and type count as one operator.
struct OnnxOperator {
  std::string_view domain;  // "" is the standard's own
  std::string_view type;
  std::uint64_t count = 0;
  std::uint64_t offset = 0;  // of the first such node
};

struct OnnxText {
  std::string_view owner;  // type of the node, or empty
  std::string_view key;
  std::string_view value;
  std::uint64_t offset = 0;
};

struct OnnxExternalData {
  std::string_view tensor;
  std::string_view location;
  std::string_view offset_text;  // decimal, as the file writes it
  std::string_view length_text;
  std::uint64_t offset = 0;
};

// A tensor whose raw bytes are not as many as its shape and type account for.
struct OnnxMissizedTensor {
  std::string_view name;
  std::uint64_t expected = 0;  // all bits set where the shape overflows
  std::uint64_t actual = 0;
  std::uint64_t data_offset = 0;  // of its raw data
};

// A field that the standard does not have.
struct OnnxUnknownField {
  std::string_view message;
  std::uint32_t number = 0;
  ByteView bytes;
  std::uint64_t offset = 0;
};

struct OnnxImport {
  std::string_view domain;
  std::int64_t version = 0;
};

// Views point into the bytes that were read. Lists that the file could make long
// without bound are cut at 100,000 entries (`cut` is set then).
struct OnnxFacts : GraphFacts {
  std::int64_t ir_version = 0;
  std::string_view producer_name;
  std::string_view producer_version;
  std::string_view domain;
  std::string_view doc_string;
  std::string_view graph_name;
  std::vector<OnnxImport> imports;
  std::vector<OnnxText> metadata;    // metadata_props of model, graphs and nodes
  std::vector<OnnxText> attributes;  // string attributes of nodes, from 8 bytes on
  std::vector<std::string_view> function_domains;
  std::vector<OnnxOperator> operators;
  std::vector<OnnxExternalData> external_data;
  std::vector<OnnxMissizedTensor> missized;
  std::vector<OnnxUnknownField> unknown_fields;
  std::uint64_t nodes = 0;
  std::uint64_t tensors = 0;
  std::uint64_t parameters = 0;  // elements of all initializers
  std::uint64_t graphs = 0;
  std::uint32_t deepest = 0;  // graphs inside graphs
};

// Linear in the size of `bytes`; never fails: damage becomes part of the facts,
// and what stood before it is kept.
OnnxFacts ReadOnnx(ByteView bytes);

}  // namespace ringfort::formats
