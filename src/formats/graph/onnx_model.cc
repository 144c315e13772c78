#include "formats/graph/onnx_model.h"

#include <map>
#include <utility>

#include "formats/graph/protobuf_wire.h"

namespace ringfort::formats {
namespace {

constexpr std::uint32_t kDeepest = 64;
constexpr std::size_t kShortestAttribute = 8;

// Bits of one element of an ONNX data type; 0 where it has no fixed size.
std::uint64_t ElementBits(std::uint64_t type) {
  switch (type) {
    case 2:
    case 3:
    case 9:
    case 17:
    case 18:
    case 19:
    case 20:
    case 24: return 8;
    case 4:
    case 5:
    case 10:
    case 16: return 16;
    case 1:
    case 6:
    case 12: return 32;
    case 7:
    case 11:
    case 13:
    case 14: return 64;
    case 15: return 128;
    case 21:
    case 22:
    case 23: return 4;
    default: return 0;
  }
}

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) {}

  OnnxFacts Read() {
    ProtobufFields model(bytes_);
    while (Next(model)) {
      switch (model.number()) {
        case 1: facts_.ir_version = static_cast<std::int64_t>(model.value()); break;
        case 2: facts_.producer_name = model.text(); break;
        case 3: facts_.producer_version = model.text(); break;
        case 4: facts_.domain = model.text(); break;
        case 5: break;
        case 6: facts_.doc_string = model.text(); break;
        case 7: Graph(model.message(), 0); break;
        case 8: Import(model.message()); break;
        case 14: Metadata(model.message(), {}); break;
        case 20: Training(model.message()); break;
        case 25: Function(model.message()); break;
        case 26: break;
        default: Unknown("ModelProto", model);
      }
    }
    return std::move(facts_);
  }

 private:
  bool Next(ProtobufFields& fields) { return formats::Next(fields, facts_.damage); }
  void Unknown(std::string_view message, const ProtobufFields& field) {
    facts_.Keep(facts_.unknown_fields, {message, field.number(), field.bytes(), field.bytes_offset()});
  }

  void Import(ProtobufFields fields) {
    OnnxImport import;
    while (Next(fields)) {
      if (fields.number() == 1)
        import.domain = fields.text();
      else if (fields.number() == 2)
        import.version = static_cast<std::int64_t>(fields.value());
      else
        Unknown("OperatorSetIdProto", fields);
    }
    facts_.Keep(facts_.imports, import);
  }

  std::pair<std::string_view, std::string_view> Entry(ProtobufFields fields) {
    std::pair<std::string_view, std::string_view> entry;
    while (Next(fields)) {
      if (fields.number() == 1)
        entry.first = fields.text();
      else if (fields.number() == 2)
        entry.second = fields.text();
      else
        Unknown("StringStringEntryProto", fields);
    }
    return entry;
  }
  void Metadata(ProtobufFields fields, std::string_view owner) {
    const std::uint64_t offset = fields.bytes_offset();
    const auto [key, value] = Entry(fields);
    facts_.Keep(facts_.metadata, {owner, key, value, offset});
  }

  void Training(ProtobufFields fields) {
    while (Next(fields)) {
      switch (fields.number()) {
        case 1:
        case 2: Graph(fields.message(), 0); break;
        case 3:
        case 4: break;
        default: Unknown("TrainingInfoProto", fields);
      }
    }
  }

  void Function(ProtobufFields fields) {
    while (Next(fields)) {
      switch (fields.number()) {
        case 1:
        case 2:
        case 4:
        case 5:
        case 6:
        case 8:
        case 12:
        case 13: break;
        case 7: Node(fields.message(), 0); break;
        case 9: Import(fields.message()); break;
        case 10: facts_.Keep(facts_.function_domains, fields.text()); break;
        case 11: Attribute(fields.message(), {}, 0); break;
        case 14: Metadata(fields.message(), {}); break;
        default: Unknown("FunctionProto", fields);
      }
    }
  }

  void Graph(ProtobufFields fields, std::uint32_t depth) {
    if (depth > kDeepest) {
      facts_.damage = Error{Fault::kLimitExceeded, "graphs nested deeper than 64", fields.offset()};
      return;
    }
    ++facts_.graphs;
    if (depth > facts_.deepest) facts_.deepest = depth;
    while (Next(fields)) {
      switch (fields.number()) {
        case 1: Node(fields.message(), depth); break;
        case 2:
          if (depth == 0) facts_.graph_name = fields.text();
          break;
        case 5: Tensor(fields.message(), true); break;
        case 10:
        case 11:
        case 12:
        case 13:
        case 14: break;
        case 15: Sparse(fields.message(), true); break;
        case 16: Metadata(fields.message(), {}); break;
        default: Unknown("GraphProto", fields);
      }
    }
  }

  void Node(ProtobufFields fields, std::uint32_t depth) {
    const std::uint64_t offset = fields.bytes_offset();
    ++facts_.nodes;
    std::string_view type, domain;
    // The type may stand behind the attributes that it owns.
    for (ProtobufFields names = fields; names.Next();) {
      if (names.number() == 4) type = names.text();
      if (names.number() == 7) domain = names.text();
    }
    while (Next(fields)) {
      switch (fields.number()) {
        case 1:
        case 2:
        case 3:
        case 4:
        case 6:
        case 7:
        case 8:
        case 10: break;
        case 5: Attribute(fields.message(), type, depth); break;
        case 9: Metadata(fields.message(), type); break;
        default: Unknown("NodeProto", fields);
      }
    }
    const auto [known, fresh] = operators_.try_emplace({domain, type}, facts_.operators.size());
    if (fresh && facts_.operators.size() >= GraphFacts::kLongest) {
      operators_.erase(known);
      facts_.cut = true;
      return;
    }
    if (fresh) facts_.operators.push_back({domain, type, 0, offset});
    ++facts_.operators[known->second].count;
  }

  void Attribute(ProtobufFields fields, std::string_view owner, std::uint32_t depth) {
    std::string_view name;
    for (ProtobufFields names = fields; names.Next();)
      if (names.number() == 1) name = names.text();
    while (Next(fields)) {
      switch (fields.number()) {
        case 4:
        case 9:
          if (fields.text().size() >= kShortestAttribute || owner.substr(0, 2) == "Py")
            facts_.Keep(facts_.attributes, {owner, name, fields.text(), fields.bytes_offset()});
          break;
        case 5:
        case 10: Tensor(fields.message(), false); break;
        case 6:
        case 11: Graph(fields.message(), depth + 1); break;
        case 22:
        case 23: Sparse(fields.message(), false); break;
        case 1:
        case 2:
        case 3:
        case 7:
        case 8:
        case 13:
        case 14:
        case 15:
        case 20:
        case 21: break;
        default: Unknown("AttributeProto", fields);
      }
    }
  }

  void Sparse(ProtobufFields fields, bool initializer) {
    while (Next(fields)) {
      switch (fields.number()) {
        case 1: Tensor(fields.message(), initializer); break;
        case 2: Tensor(fields.message(), false); break;
        case 3: break;
        default: Unknown("SparseTensorProto", fields);
      }
    }
  }

  void Tensor(ProtobufFields fields, bool initializer) {
    ++facts_.tensors;
    OnnxExternalData external;
    external.offset = fields.bytes_offset();
    std::uint64_t elements = 1, type = 0, location = 0, raw_offset = 0;
    bool overflow = false, refers = false;
    ByteView raw;
    const auto dimension = [&](std::uint64_t size) {
      // Sizes are signed; a negative one overflows here too.
      overflow = overflow || size >> 63 != 0 || __builtin_mul_overflow(elements, size, &elements);
    };
    while (Next(fields)) {
      switch (fields.number()) {
        case 1:
          if (fields.type() == WireType::kBytes) {
            for (std::uint64_t size : Packed(fields.bytes())) dimension(size);
          } else {
            dimension(fields.value());
          }
          break;
        case 2: type = fields.value(); break;
        case 8: external.tensor = fields.text(); break;
        case 9:
          raw = fields.bytes();
          raw_offset = fields.bytes_offset();
          break;
        case 13: {
          const auto [key, value] = Entry(fields.message());
          refers = true;
          if (key == "location") external.location = value;
          if (key == "offset") external.offset_text = value;
          if (key == "length") external.length_text = value;
          break;
        }
        case 14: location = fields.value(); break;
        case 16: Metadata(fields.message(), {}); break;
        case 3:
        case 4:
        case 5:
        case 6:
        case 7:
        case 10:
        case 11:
        case 12: break;
        default: Unknown("TensorProto", fields);
      }
    }
    if (refers || location == 1) facts_.Keep(facts_.external_data, external);
    if (overflow) facts_.Keep(facts_.missized, {external.tensor, ~std::uint64_t{0}, raw.size(), raw_offset});
    if (overflow) return;
    if (initializer && facts_.parameters + elements >= facts_.parameters) facts_.parameters += elements;
    const std::uint64_t bits = ElementBits(type);
    if (bits == 0 || raw.empty() || elements > (std::uint64_t{1} << 56)) return;
    const std::uint64_t expected = (elements * bits + 7) / 8;
    if (raw.size() != expected) facts_.Keep(facts_.missized, {external.tensor, expected, raw.size(), raw_offset});
  }

  // At most the eight dimensions that any tensor has; more would not matter.
  static std::vector<std::uint64_t> Packed(ByteView bytes) {
    std::vector<std::uint64_t> values;
    std::uint64_t value = 0;
    int shift = 0;
    for (const std::uint8_t byte : bytes) {
      if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      shift += 7;
      if (byte >= 0x80) continue;
      values.push_back(value);
      if (values.size() == 64) break;
      value = 0;
      shift = 0;
    }
    return values;
  }

  ByteView bytes_;
  OnnxFacts facts_;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> operators_;
};

}  // namespace

OnnxFacts ReadOnnx(ByteView bytes) { return Reader(bytes).Read(); }

}  // namespace ringfort::formats
