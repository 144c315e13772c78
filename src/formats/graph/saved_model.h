#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "formats/graph/graph_facts.h"

// A TensorFlow SavedModel (saved_model.pb), a bare GraphDef (frozen graph), or the
// keras_metadata.pb beside a SavedModel: which operators the graphs and the
// functions of the library call, with what constant strings, and what Keras wrote
// about its layers.
//
//   SavedModel > MetaGraphDef > GraphDef > NodeDef
//                                        > FunctionDefLibrary > FunctionDef > NodeDef
//                             > SavedObjectGraph > SavedUserObject (Keras metadata)
//                             > AssetFileDef
//
// Source: tensorflow/core/protobuf/{saved_model,meta_graph,saved_object_graph}.proto,
// tensorflow/core/framework/{graph,node_def,function,attr_value,tensor}.proto,
// keras/protobuf/saved_metadata.proto.

namespace ringfort::formats {

// Nodes of one type count as one operator.
struct TensorFlowOperator {
  std::string_view type;
  std::uint64_t count = 0;
  std::uint64_t offset = 0;  // of the first such node
  std::string_view node;     // name of the first such node
};

// A string that a node works with: an attribute, or a constant that is directly
// one of its inputs.
struct TensorFlowText {
  std::string_view type;  // of the node
  std::string_view node;
  std::string_view key;  // name of the attribute; "input" for a constant
  std::string_view value;
  std::uint64_t offset = 0;  // of the node
};

struct KerasMetadata {
  std::string_view identifier;  // `_tf_keras_layer`, `_tf_keras_model`, ...
  std::string_view json;
  std::uint64_t offset = 0;
};

// Views point into the bytes that were read. Lists are cut at 100,000 entries.
struct SavedModelFacts : GraphFacts {
  std::int64_t schema_version = 0;
  std::string_view tensorflow_version;
  std::vector<TensorFlowOperator> operators;
  std::vector<TensorFlowText> texts;  // of the operators that are outward (outward_operator.h)
  std::vector<KerasMetadata> keras;
  std::vector<std::string_view> assets;
  std::uint64_t nodes = 0;
  std::uint64_t functions = 0;
  bool versioned = false;  // a graph says which version wrote it
  std::uint64_t unknown_fields = 0;
  std::uint64_t first_unknown = kNoOffset;
};

SavedModelFacts ReadSavedModel(ByteView bytes);
SavedModelFacts ReadGraphDef(ByteView bytes);
SavedModelFacts ReadKerasMetadata(ByteView bytes);

}  // namespace ringfort::formats
