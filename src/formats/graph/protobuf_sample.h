#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Writes protobuf messages for tests: Number(1, 8) + Bytes(2, "x") + ...

namespace ringfort::formats::sample {

inline std::string Varint(std::uint64_t value) {
  std::string out;
  for (; value > 0x7F; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  return out + static_cast<char>(value);
}
inline std::string Number(std::uint32_t field, std::uint64_t value) {
  return Varint(std::uint64_t{field} << 3) + Varint(value);
}
inline std::string Bytes(std::uint32_t field, std::string_view content) {
  return Varint(std::uint64_t{field} << 3 | 2) + Varint(content.size()) + std::string(content);
}

// An ONNX node of that type and domain.
inline std::string OnnxNode(std::string_view type, std::string_view domain = "", std::string_view attributes = "") {
  return Bytes(1, "x") + Bytes(2, "y") + Bytes(4, type) + std::string(attributes) +
         (domain.empty() ? std::string() : Bytes(7, domain));
}
// A string attribute of a node.
inline std::string OnnxAttribute(std::string_view name, std::string_view text) {
  return Bytes(5, Bytes(1, name) + Bytes(4, text) + Number(20, 3));
}
inline std::string OnnxExternal(std::string_view location) {
  return Number(1, 4) + Number(2, 1) + Bytes(8, "weight") + Bytes(13, Bytes(1, "location") + Bytes(2, location)) +
         Number(14, 1);
}
inline std::string OnnxImport(std::string_view domain) { return Bytes(8, Bytes(1, domain) + Number(2, 17)); }
inline std::string OnnxModel(std::string_view node, std::string_view tensor = "", std::string_view extra = "") {
  return Number(1, 8) + Bytes(2, "ringfort") +
         Bytes(7, Bytes(1, node) + Bytes(2, "main") + (tensor.empty() ? "" : Bytes(5, tensor))) + OnnxImport("") +
         std::string(extra);
}

// A TensorFlow node with its inputs and attributes already encoded.
inline std::string TensorFlowNode(std::string_view name, std::string_view type, std::string_view rest = "") {
  return Bytes(1, name) + Bytes(2, type) + std::string(rest);
}
inline std::string TensorFlowString(std::string_view name, std::string_view text) {
  return TensorFlowNode(name, "Const",
                        Bytes(5, Bytes(1, "value") + Bytes(2, Bytes(8, Number(1, 7) + Bytes(2, "") + Bytes(8, text)))));
}
// A SavedModel around the fields of a GraphDef, with more fields of its MetaGraphDef.
inline std::string SavedModel(std::string_view graph, std::string_view meta = "") {
  return Number(1, 1) +
         Bytes(2, Bytes(1, Bytes(4, "serve") + Bytes(5, "2.15.0")) + Bytes(2, graph) + std::string(meta));
}

}  // namespace ringfort::formats::sample
