#include "formats/pickle/pickle_value.h"

#include <algorithm>
#include <functional>

namespace ringfort::formats {
namespace {

std::size_t Rounded(std::size_t bytes) { return (bytes + 7) & ~std::size_t{7}; }

}  // namespace

void* PickleStore::Allocate(std::size_t bytes) {
  bytes = Rounded(bytes);
  if (bytes > left_) {
    const std::size_t size = std::max(bytes, kChunk);
    // An own chunk for a big text, so that the current one is not thrown away.
    chunks_.push_back(std::unique_ptr<std::uint64_t[]>(new std::uint64_t[size / 8]));
    node_bytes_ += size;
    Charge(static_cast<std::int64_t>(size));
    char* at = reinterpret_cast<char*>(chunks_.back().get());
    if (size > kChunk) return at;
    next_ = at;
    left_ = size;
  }
  void* at = next_;
  next_ += bytes;
  left_ -= bytes;
  return at;
}

void PickleStore::Clear() {
  chunks_.clear();
  next_ = nullptr;
  left_ = 0;
  bytes_ -= node_bytes_;
  node_bytes_ = 0;
  ring_flags_ = 0;
  objects_.clear();
  recent_texts_.fill({});
}

// A ring allocation never wraps: what does not fit at the end starts a new lap.
void* PickleStore::AllocateRing(std::size_t bytes, std::uint64_t& lap) {
  bytes = Rounded(bytes);
  if (!ring_) {
    ring_.reset(new std::uint64_t[kRing / 8]);
    Charge(static_cast<std::int64_t>(kRing));
  }
  if (ring_head_ + bytes > kRing) {
    ring_head_ = 0;
    ++ring_lap_;
    // A lap number that came round again could not be told from a stale one.
    if (ring_lap_ >= kLapMask) {
      exhausted_ = true;
      ring_lap_ = kLapMask;
    }
  }
  void* at = reinterpret_cast<char*>(ring_.get()) + ring_head_;
  ring_head_ += bytes;
  lap = ring_lap_;
  return at;
}

bool PickleStore::AliveInRing(PickleValue value) const {
  const std::uint64_t lap = LapOf(value);
  if (exhausted_ && ring_lap_ == kLapMask) return false;
  const std::size_t at =
      static_cast<std::size_t>((value.bits() & kPointerMask) - reinterpret_cast<std::uint64_t>(ring_.get()));
  // Alive only while it is far from being written over, so that what was alive
  // when an opcode began stays so until it is done.
  if (lap == ring_lap_) return at < ring_head_ && at + (kRing - ring_head_) >= kRingMargin;
  return lap + 1 == ring_lap_ && at >= ring_head_ + kRingMargin;
}

PickleValue PickleStore::Tuple(const PickleValue* elements, std::size_t count) {
  if (count == 0) return MakeValue(PickleKind::kTuple, 0);
  PickleSummary summary{1, 0};
  bool plain = true;
  for (std::size_t i = 0; i < count; ++i) {
    AddTo(summary, elements[i]);
    plain = plain && IsScalar(elements[i].kind());
  }
  const std::size_t kept = count <= whole_tuple() ? count : kKeptOfTuple;
  const std::size_t bytes = sizeof(PickleNode) + kept * sizeof(PickleValue);
  std::uint64_t lap = 0;
  void* memory = plain && pressed() ? AllocateRing(bytes, lap) : Allocate(bytes);
  auto* node = static_cast<PickleTupleNode*>(memory);
  node->head.weight = summary.weight;
  node->head.count = static_cast<std::uint32_t>(std::min<std::size_t>(count, kMostCount));
  node->head.flags = static_cast<std::uint8_t>(summary.flags | (kept < count ? PickleSummary::kIncomplete : 0));
  std::memcpy(static_cast<void*>(node->elements), elements, kept * sizeof(PickleValue));
  return MakeNode(PickleKind::kTuple, node, lap);
}

void PickleStore::AddFromRing(PickleSummary& summary, PickleValue value) const {
  if (AliveInRing(value))
    AddNode(summary, *NodeOf<PickleNode>(value));
  else if (value.kind() != PickleKind::kTuple)
    summary.flags |= ring_flags_;
}

PickleValue PickleStore::Container(PickleKind kind) {
  std::uint64_t lap = 0;
  constexpr std::size_t kBytes = sizeof(PickleContainerNode);
  auto* node = static_cast<PickleContainerNode*>(pressed() ? AllocateRing(kBytes, lap) : Allocate(kBytes));
  node->head.weight = 1;
  node->head.count = 0;
  node->head.flags = 0;
  node->packed = 0;
  return MakeNode(kind, node, lap);
}

const PickleNode* PickleStore::Add(PickleValue container, const PickleValue* elements, std::size_t count, bool pairs) {
  PickleSummary summary;
  for (std::size_t i = 0; i < count; ++i) AddTo(summary, elements[i]);
  const bool in_ring = LapOf(container) != 0;
  if (in_ring) ring_flags_ |= summary.flags;
  PickleContainerNode* there = ContainerOf(container);
  if (there == nullptr) return nullptr;
  PickleContainerNode& node = *there;
  if (count == 0) return &node.head;
  node.head.weight += summary.weight;
  node.head.flags = static_cast<std::uint8_t>(node.head.flags | summary.flags);
  const std::size_t total = node.head.count + (pairs ? count / 2 : count);
  node.head.count = static_cast<std::uint32_t>(std::min<std::size_t>(total, kMostCount));

  const std::uint32_t most = (in_ring ? 64 : kept_elements()) * (pairs ? 2 : 1);
  const std::uint32_t kept = node.kept();
  if ((node.head.flags & PickleSummary::kIncomplete) != 0 || kept >= most) {
    node.head.flags = static_cast<std::uint8_t>(node.head.flags | PickleSummary::kIncomplete);
    return &node.head;
  }
  const std::uint32_t wanted = static_cast<std::uint32_t>(std::min<std::size_t>(kept + count, most));
  PickleValue* held = node.elements();
  std::uint32_t capacity = node.capacity();
  if (wanted > capacity) {
    // Exact the first time (most containers are filled by one opcode), then by
    // doubling; what is outgrown stays behind in the store, at most as much again.
    capacity = capacity == 0 && count > 2 ? wanted : std::min<std::uint32_t>(std::max(wanted, capacity * 2), 128);
    // In the ring the elements come after their node, so they outlive it there.
    std::uint64_t lap = 0;
    const std::size_t bytes = capacity * sizeof(PickleValue);
    auto* grown = static_cast<PickleValue*>(in_ring ? AllocateRing(bytes, lap) : Allocate(bytes));
    if (kept != 0) std::memcpy(static_cast<void*>(grown), held, kept * sizeof(PickleValue));
    held = grown;
  }
  std::memcpy(static_cast<void*>(held + kept), elements, (wanted - kept) * sizeof(PickleValue));
  node.Set(held, wanted, capacity);
  if (wanted - kept < count) node.head.flags = static_cast<std::uint8_t>(node.head.flags | PickleSummary::kIncomplete);
  return &node.head;
}

PickleValue PickleStore::Object(const PickleObject& object, bool apart) {
  const bool share = pressed() && !apart && object.callable.kind() == PickleKind::kGlobal;
  if (share) {
    for (const auto& [callable, value] : objects_) {
      if (callable != object.callable) continue;
      PickleSummary summary;
      AddTo(summary, object.arguments);
      auto* node = NodeOf<PickleNode>(value);
      node->flags = static_cast<std::uint8_t>(node->flags | (summary.flags & PickleSummary::kTaint));
      return value;
    }
  }
  auto* node = static_cast<PickleObjectNode*>(Allocate(sizeof(PickleObjectNode)));
  PickleSummary summary{1, PickleSummary::kObject};
  AddTo(summary, object.callable);
  AddTo(summary, object.arguments);
  if (object.keywords != PickleValue()) AddTo(summary, object.keywords);
  node->head.weight = summary.weight;
  node->head.count = 0;
  node->head.flags = summary.flags;
  node->object = object;
  const PickleValue value = MakeNode(PickleKind::kObject, node);
  if (share && objects_.size() < 256) {
    node->object.arguments = PickleValue();
    node->object.keywords = PickleValue();
    objects_.emplace_back(object.callable, value);
  }
  return value;
}

PickleValue PickleStore::Persistent(PickleValue id) {
  auto* node = static_cast<PicklePersistentNode*>(Allocate(sizeof(PicklePersistentNode)));
  PickleSummary summary{1, PickleSummary::kPersistent};
  AddTo(summary, id);
  node->head.weight = summary.weight;
  node->head.count = 0;
  node->head.flags = summary.flags;
  node->id = id;
  return MakeNode(PickleKind::kPersistent, node);
}

PickleValue PickleStore::HeldText(PickleKind kind, std::string_view text) {
  if (text.size() > PickleMachine::kLongestText) return MakeLongText(kind);
  PickleValue* recent = nullptr;
  if (text.size() <= 128) {
    recent = &recent_texts_[std::hash<std::string_view>{}(text) % recent_texts_.size()];
    if (*recent != PickleValue() && Alive(*recent) && Held(*recent) == text) {
      return MakeValue(kind, PayloadOf(*recent));
    }
  }
  const std::size_t bytes = sizeof(std::uint64_t) + text.size();
  std::uint64_t lap = 0;
  void* memory = pressed() ? AllocateRing(bytes, lap) : Allocate(bytes);
  const std::uint64_t size = text.size();
  std::memcpy(memory, &size, sizeof(size));
  if (size != 0) std::memcpy(static_cast<char*>(memory) + sizeof(size), text.data(), size);
  const PickleValue value = MakeValue(kind, kHeldBit | lap << kLapShift | reinterpret_cast<std::uint64_t>(memory));
  if (recent != nullptr) *recent = value;
  return value;
}

std::optional<std::string_view> PickleStore::Held(PickleValue value) const {
  if (!Alive(value)) return std::nullopt;
  const char* memory = NodeOf<char>(value);
  std::uint64_t size;
  std::memcpy(&size, memory, sizeof(size));
  return std::string_view(memory + sizeof(size), static_cast<std::size_t>(size));
}

}  // namespace ringfort::formats
