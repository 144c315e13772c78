#include "formats/graph/graph_kind.h"

#include <algorithm>
#include <string_view>

namespace ringfort::formats {
namespace {

// One field of a message whose end may lie past the head.
struct Field {
  std::uint64_t number = 0;
  int type = 0;
  std::uint64_t value = 0;
  ByteView bytes;             // what of the payload lies in the head
  std::uint64_t claimed = 0;  // size of the payload
};

class HeadWalk {
 public:
  // `size` is how long the message is; at least head.size().
  HeadWalk(ByteView head, std::uint64_t size) : head_(head), size_(std::max<std::uint64_t>(size, head.size())) {}

  bool Next(Field& field) {
    if (!valid_ || at_ >= head_.size()) return false;
    std::uint64_t tag = 0;
    if (!Varint(tag)) return false;
    field = {};
    field.number = tag >> 3;
    field.type = static_cast<int>(tag & 7);
    if (field.number == 0 || field.number > 536870911) return Invalid();
    switch (field.type) {
      case 0: return Varint(field.value);
      case 1: at_ += 8; break;
      case 5: at_ += 4; break;
      case 2:
        if (!Varint(field.claimed)) return false;
        if (field.claimed > size_ - at_) return Invalid();
        field.bytes = Slice(head_, at_, field.claimed);
        at_ += field.claimed;
        break;
      default: return Invalid();
    }
    if (at_ > size_) return Invalid();
    return true;
  }
  // False once something stood there that no message has.
  bool valid() const { return valid_; }

 private:
  bool Invalid() {
    valid_ = false;
    return false;
  }
  // A number cut by the end of the head is no damage unless the message ends there.
  bool Varint(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at_ >= head_.size()) {
        if (head_.size() == size_) valid_ = false;
        return false;
      }
      const std::uint8_t byte = head_[at_++];
      if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return Invalid();
  }

  ByteView head_;
  std::uint64_t size_;
  std::uint64_t at_ = 0;
  bool valid_ = true;
};

constexpr int kBytes = 2;

bool IsNameStart(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }

// A name of an operator or node: what protobuf-shaped noise rarely spells.
bool IsName(ByteView bytes, std::string_view extra) {
  const std::string_view text = AsText(bytes);
  if (text.empty() || text.size() > 1024) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return IsNameStart(c) || (c >= '0' && c <= '9') || extra.find(c) != extra.npos; });
}

// GraphProto: its first fields are nodes, a name, tensors or values.
bool LooksLikeOnnxGraph(ByteView head, std::uint64_t size) {
  HeadWalk graph(head, size);
  Field field;
  int fields = 0;
  while (fields < 64 && graph.Next(field)) {
    const bool known =
        field.number == 1 || field.number == 2 || field.number == 5 || (field.number >= 10 && field.number <= 16);
    if (known && field.type != kBytes) return false;
    if (known) ++fields;
    if (field.number != 1) continue;
    HeadWalk node(field.bytes, field.claimed);
    Field part;
    while (node.Next(part)) {
      if (part.number <= 9 && part.type != kBytes) return false;
      if (part.number == 4 && part.bytes.size() == part.claimed) return IsName(part.bytes, "_.:");
    }
    if (!node.valid()) return false;
  }
  return graph.valid() && fields > 0;
}

bool LooksLikeOpset(ByteView head, std::uint64_t size) {
  HeadWalk import(head, size);
  Field field;
  bool version = false;
  while (import.Next(field)) {
    if (field.number == 1 && (field.type != kBytes || (!field.bytes.empty() && !IsName(field.bytes, ".-:/"))))
      return false;
    if (field.number == 2 && (field.type != 0 || field.value > 10'000)) return false;
    version = version || field.number == 2;
  }
  return import.valid() && version;
}

bool LooksLikeNodeDef(ByteView head, std::uint64_t size) {
  HeadWalk node(head, size);
  Field field;
  bool name = false, op = false;
  while (node.Next(field)) {
    if (field.number > 7 || field.type != kBytes) return false;
    if (field.number == 1) {
      if (!IsName(field.bytes, "./-\\>")) return false;
      name = true;
    }
    if (field.number == 2) {
      if (!IsName(field.bytes, ">") || !IsNameStart(static_cast<char>(field.bytes[0]))) return false;
      op = true;
    }
  }
  return node.valid() && name && op;
}

bool LooksLikeMetaGraph(ByteView head, std::uint64_t size) {
  HeadWalk graph(head, size);
  Field field;
  int known = 0;
  while (known < 8 && graph.Next(field)) {
    if (field.number >= 1 && field.number <= 7) {
      if (field.type != kBytes) return false;
      ++known;
    }
    if (field.number != 2) continue;
    HeadWalk inner(field.bytes, field.claimed);
    Field part;
    if (!inner.Next(part)) return inner.valid();
    if (part.number == 1) return part.type == kBytes && LooksLikeNodeDef(part.bytes, part.claimed);
    return part.number <= 5 && (part.type == kBytes || part.number == 3);
  }
  return graph.valid() && known > 0;
}

}  // namespace

bool LooksLikeOnnx(ByteView head, std::uint64_t size) {
  HeadWalk model(head, size);
  Field field;
  bool version = false, graph = false, opset = false;
  while (model.Next(field)) {
    switch (field.number) {
      case 1:
        if (field.type != 0 || field.value == 0 || field.value > 100) return false;
        version = true;
        break;
      case 5:
        if (field.type != 0) return false;
        break;
      case 2:
      case 3:
      case 4:
      case 6:
      case 14:
      case 20:
      case 25:
        if (field.type != kBytes) return false;
        break;
      case 7:
        if (field.type != kBytes || !LooksLikeOnnxGraph(field.bytes, field.claimed)) return false;
        graph = true;
        break;
      case 8:
        if (field.type != kBytes || !LooksLikeOpset(field.bytes, field.claimed)) return false;
        opset = true;
        break;
      default: break;
    }
  }
  if (!model.valid() && !(graph && opset)) return false;
  return graph ? version || opset : version && opset;
}

bool LooksLikeGraphDef(ByteView head, std::uint64_t size) {
  HeadWalk graph(head, size);
  Field field;
  while (graph.Next(field)) {
    if (field.number <= 5 && field.number != 3 && field.type != kBytes) return false;
    if (field.number == 1) return LooksLikeNodeDef(field.bytes, field.claimed);
  }
  // A graph of functions alone, with its versions: too little to go by.
  return false;
}

bool LooksLikeSavedModel(ByteView head, std::uint64_t size) {
  HeadWalk model(head, size);
  Field field;
  bool schema = false, graph = false;
  while (model.Next(field)) {
    if (field.number == 1) {
      if (field.type != 0 || field.value > 100) break;
      schema = true;
    } else if (field.number == 2) {
      if (field.type != kBytes || !LooksLikeMetaGraph(field.bytes, field.claimed)) break;
      graph = true;
    }
    if (schema && graph) return true;
  }
  return LooksLikeGraphDef(head, size);
}

bool LooksLikeKerasMetadata(ByteView head, std::uint64_t size) {
  HeadWalk metadata(head, size);
  Field field;
  while (metadata.Next(field)) {
    if (field.number != 1 || field.type != kBytes) return false;
    HeadWalk object(field.bytes, field.claimed);
    Field part;
    while (object.Next(part))
      if (part.number == 4 && part.type == kBytes && AsText(part.bytes).find("_tf_keras_") != std::string_view::npos)
        return true;
    if (!object.valid()) return false;
  }
  return false;
}

bool LooksLikeFingerprint(ByteView head, std::uint64_t size) {
  if (size > head.size() || size > 512) return false;
  HeadWalk fingerprint(head, size);
  Field field;
  std::uint64_t last = 0;
  while (fingerprint.Next(field)) {
    const bool sum = field.number <= 5;
    if (field.number > 7 || (field.type == 0) != sum || (!sum && field.type != kBytes)) return false;
    // Checksums that happen to be zero are not written, but not many are.
    if (sum && field.number <= last) return false;
    if (field.number == 7 && !IsName(field.bytes, "-")) return false;
    if (sum) last = field.number;
  }
  return fingerprint.valid() && last >= 3 && size >= 24;
}

bool LooksLikeTflite(ByteView head, std::uint64_t size) {
  if (head.size() < 8 || AsText(head).substr(4, 4) != "TFL3") return false;
  const auto root = LoadLittle<std::uint32_t>(head.data());
  return root >= 8 && root + std::uint64_t{4} <= size;
}

}  // namespace ringfort::formats
