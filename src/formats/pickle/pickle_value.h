#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "formats/pickle/pickle_machine.h"

// The insides of a PickleValue, and the store of what does not fit into 64 bits.
//
//   none, bool, integer, float   immediate (a float's value is not kept)
//   text, bytes, bytearray       offset and length in a contiguous input, or a pointer to a copy; of a long one
//                                the offset of its opcode, which tells the length
//   global, extension            a number
//   the rest                     a pointer to a node in the store
//
// Pointers are user-space addresses below 2^47. Nodes live until the stream
// ends, except those in the *ring*: once the store is under pressure, copies of
// text, tuples of plain scalars and new lists, dicts and sets go into a ring of
// fixed size, and a handle carries the lap in which it was made, so a forgotten
// one is recognised. What a forgotten container held counts as the worst that
// any of them held.

namespace ringfort::formats {

inline constexpr std::uint64_t kPayloadMask = (std::uint64_t{1} << 59) - 1;
inline constexpr std::uint64_t kPointerMask = (std::uint64_t{1} << 47) - 1;
inline constexpr std::uint64_t kHeldBit = std::uint64_t{1} << 58;
inline constexpr std::uint64_t kBigIntegerBit = std::uint64_t{1} << 58;
inline constexpr unsigned kLapShift = 47;
inline constexpr std::uint64_t kLapMask = 0x7FF;
inline constexpr unsigned kTextLengthShift = 41;
inline constexpr std::uint64_t kTextOffsetMask = (std::uint64_t{1} << kTextLengthShift) - 1;
inline constexpr std::uint64_t kTextTooLong = 0x1FFFF;
inline constexpr std::uint64_t kNowhere =
    kTextOffsetMask;  // the offset of a long text that does not stand in the input

constexpr PickleValue MakeValue(PickleKind kind, std::uint64_t payload = 0) {
  return PickleValue((static_cast<std::uint64_t>(kind) << 59) | payload);
}
constexpr std::uint64_t PayloadOf(PickleValue value) { return value.bits() & kPayloadMask; }
constexpr PickleValue MakeInteger(std::int64_t number) {
  constexpr std::int64_t kBound = std::int64_t{1} << 57;
  if (number >= kBound || number < -kBound) return MakeValue(PickleKind::kInteger, kBigIntegerBit);
  return MakeValue(PickleKind::kInteger, static_cast<std::uint64_t>(number) & (kBigIntegerBit - 1));
}

constexpr PickleValue MakeLongText(PickleKind kind, std::uint64_t opcode_offset = kNowhere) {
  return MakeValue(kind, kTextTooLong << kTextLengthShift | opcode_offset);
}

// What a value adds to the container around it.
struct PickleSummary {
  static constexpr std::uint8_t kGlobal = 1, kObject = 2, kPersistent = 4, kUnknown = 8, kTaint = 15, kIncomplete = 16;
  float weight = 0;  // elements of its printed form
  std::uint8_t flags = 0;
};

struct PickleNode {
  float weight;
  std::uint32_t count : 24;
  std::uint32_t flags : 8;
};
static_assert(sizeof(PickleNode) == 8);
inline constexpr std::uint32_t kMostCount = (1u << 24) - 1;

inline constexpr std::size_t kKeptOfTuple = 16;
inline constexpr std::size_t kLongestWholeTuple = 256;  // kept whole while there is memory

struct PickleTupleNode {
  PickleNode head;
  PickleValue elements[1];  // all of them, or the first kKeptOfTuple if it is not complete

  std::size_t kept() const { return (head.flags & PickleSummary::kIncomplete) != 0 ? kKeptOfTuple : head.count; }
};

struct PickleContainerNode {
  PickleNode head;
  std::uint64_t packed = 0;  // pointer, kept << 47 (8 bits), capacity << 55 (8 bits)

  PickleValue* elements() const { return reinterpret_cast<PickleValue*>(packed & kPointerMask); }
  std::uint32_t kept() const { return (packed >> 47) & 0xFF; }
  std::uint32_t capacity() const { return (packed >> 55) & 0xFF; }
  void Set(PickleValue* elements, std::uint32_t kept, std::uint32_t capacity) {
    packed = reinterpret_cast<std::uint64_t>(elements) | std::uint64_t{kept} << 47 | std::uint64_t{capacity} << 55;
  }
};

struct PickleObjectNode {
  PickleNode head;
  PickleObject object;
};

struct PicklePersistentNode {
  PickleNode head;
  PickleValue id;
};

template <class Node>
Node* NodeOf(PickleValue value) {
  return reinterpret_cast<Node*>(value.bits() & kPointerMask);
}
inline PickleValue MakeNode(PickleKind kind, const void* node, std::uint64_t lap = 0) {
  return MakeValue(kind, reinterpret_cast<std::uint64_t>(node) | lap << kLapShift);
}
inline std::uint64_t LapOf(PickleValue value) { return (value.bits() >> kLapShift) & kLapMask; }

constexpr bool HasNode(PickleKind kind) { return kind >= PickleKind::kTuple && kind <= PickleKind::kPersistent; }
constexpr bool IsScalar(PickleKind kind) { return kind >= PickleKind::kNone && kind <= PickleKind::kByteArray; }

// Nodes and copies of text. Never fails: past its limit it still serves, and
// exhausted() tells the loop to stop.
class PickleStore {
 public:
  explicit PickleStore(std::uint64_t limit) : limit_(limit) {}

  void* Allocate(std::size_t bytes);  // 8-byte aligned, uninitialised
  // Memory that others (stack, memo, globals) take from the same budget.
  void Charge(std::int64_t bytes) {
    bytes_ += static_cast<std::uint64_t>(bytes);
    if (bytes_ > peak_) peak_ = bytes_;
    if (bytes_ > limit_) exhausted_ = true;
  }
  void Exhaust() { exhausted_ = true; }
  void Clear();  // forgets all nodes

  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t peak() const { return peak_; }
  bool exhausted() const { return exhausted_; }
  bool pressed() const { return bytes_ > limit_ / 6; }
  // Elements that a container may keep now.
  std::uint32_t kept_elements() const { return bytes_ < limit_ / 16 ? 64 : pressed() ? 4 : 16; }
  // The longest tuple that is kept whole now.
  std::size_t whole_tuple() const { return bytes_ < limit_ / 16 ? kLongestWholeTuple : kKeptOfTuple; }

  PickleValue Tuple(const PickleValue* elements, std::size_t count);
  PickleValue Container(PickleKind kind);
  // Adds elements (pairs: keys and values in turn) to a container. Returns its
  // node, nullptr if it is forgotten.
  const PickleNode* Add(PickleValue container, const PickleValue* elements, std::size_t count, bool pairs);
  // Under pressure objects of one callable share a node that does not know its
  // arguments, unless `apart`.
  PickleValue Object(const PickleObject& object, bool apart);
  PickleValue Persistent(PickleValue id);
  PickleValue HeldText(PickleKind kind, std::string_view text);
  std::optional<std::string_view> Held(PickleValue value) const;

  // Whether what a handle points to is still there.
  bool Alive(PickleValue value) const { return LapOf(value) == 0 || AliveInRing(value); }

  // Adds `value` to the summary of what holds it.
  void AddTo(PickleSummary& summary, PickleValue value) const {
    const PickleKind kind = value.kind();
    summary.weight += 1;
    if (IsScalar(kind)) return;
    if (kind == PickleKind::kGlobal)
      summary.flags |= PickleSummary::kGlobal;
    else if (!HasNode(kind))
      summary.flags |= PickleSummary::kUnknown;
    else if (LapOf(value) != 0)
      AddFromRing(summary, value);
    else if (PayloadOf(value) != 0)
      AddNode(summary, *NodeOf<PickleNode>(value));
  }
  // Of a container in the store; nullptr if it is forgotten.
  PickleContainerNode* ContainerOf(PickleValue value) const {
    return Alive(value) ? NodeOf<PickleContainerNode>(value) : nullptr;
  }

 private:
  void* AllocateRing(std::size_t bytes, std::uint64_t& lap);
  bool AliveInRing(PickleValue value) const;
  void AddFromRing(PickleSummary& summary, PickleValue value) const;
  static void AddNode(PickleSummary& summary, const PickleNode& node) {
    summary.weight += node.weight - 1;
    summary.flags |= node.flags & PickleSummary::kTaint;
  }

  static constexpr std::size_t kChunk = 32768;
  static constexpr std::size_t kRing = std::size_t{4} << 20;
  static constexpr std::size_t kRingMargin = std::size_t{512} << 10;

  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t node_bytes_ = 0;
  std::uint64_t peak_ = 0;
  std::uint64_t limit_;
  bool exhausted_ = false;

  std::unique_ptr<std::uint64_t[]> ring_;
  std::size_t ring_head_ = 0;
  std::uint64_t ring_lap_ = 1;

  std::uint8_t ring_flags_ = 0;                               // taint of all containers that were ever in the ring
  std::vector<std::pair<PickleValue, PickleValue>> objects_;  // callable -> shared object, under pressure
  std::array<PickleValue, 1024> recent_texts_{};              // direct-mapped, to hold equal short texts once
};

}  // namespace ringfort::formats
