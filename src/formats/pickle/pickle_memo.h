#pragma once

#include <cstdint>
#include <cstdlib>
#include <new>
#include <unordered_map>
#include <utility>

#include "formats/pickle/pickle_value.h"

// The machine's stack and memo: both only grow at their end, so both are plain
// arrays that grow in place where the allocator can (mremap), without the spike
// of a copy.

namespace ringfort::formats {

class PickleValueArray {
 public:
  PickleValueArray() = default;
  ~PickleValueArray() { std::free(data_); }
  PickleValueArray(PickleValueArray&& other) noexcept { Swap(other); }
  PickleValueArray& operator=(PickleValueArray&& other) noexcept {
    Swap(other);
    return *this;
  }

  PickleValue* data() { return data_; }
  std::size_t capacity() const { return capacity_; }

  void Release(PickleStore& store) {
    store.Charge(-static_cast<std::int64_t>(capacity_ * sizeof(PickleValue)));
    std::free(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

  // Makes room for at least `wanted` values; what is new is uninitialised.
  void Grow(std::size_t wanted, PickleStore& store) {
    std::size_t capacity = capacity_ < 256 ? 256 : capacity_ + capacity_ / (capacity_ < 131072 ? 1 : 4);
    if (capacity < wanted) capacity = wanted;
    void* grown = std::realloc(static_cast<void*>(data_), capacity * sizeof(PickleValue));
    if (grown == nullptr) throw std::bad_alloc();
    data_ = static_cast<PickleValue*>(grown);
    store.Charge(static_cast<std::int64_t>((capacity - capacity_) * sizeof(PickleValue)));
    capacity_ = capacity;
  }

 private:
  void Swap(PickleValueArray& other) {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
  }

  PickleValue* data_ = nullptr;
  std::size_t capacity_ = 0;
};

// Index -> value. Indices near those in use lie in an array; a far one (which
// no pickler writes) goes into a map, so that it costs no more than any other.
class PickleMemo {
 public:
  static constexpr PickleValue kAbsent{~std::uint64_t{0}};
  static constexpr std::uint64_t kNear = 65536;

  PickleValue Get(std::uint64_t index) const {
    if (index < size_) return data_[index];
    if (far_.empty()) return kAbsent;
    const auto found = far_.find(index);
    return found == far_.end() ? kAbsent : found->second;
  }

  // Returns what was there before, kAbsent if nothing.
  PickleValue Put(std::uint64_t index, PickleValue value, PickleStore& store) {
    if (index == size_ && index < array_.capacity() && far_.empty()) {
      data_[size_++] = value;
      ++count_;
      return kAbsent;
    }
    return PutSlowly(index, value, store);
  }

  std::uint64_t count() const { return count_; }
  bool IsFar(std::uint64_t index) const { return index >= size_ + kNear + count_; }

  void Clear(PickleStore& store) {
    store.Charge(-static_cast<std::int64_t>(far_.size() * kFarCost));
    far_.clear();
    size_ = 0;
    count_ = 0;
  }

  void Release(PickleStore& store) {
    Clear(store);
    array_.Release(store);
    data_ = nullptr;
  }

 private:
  static constexpr std::size_t kFarCost = 64;

  PickleValue PutSlowly(std::uint64_t index, PickleValue value, PickleStore& store) {
    if (index >= size_ && !IsFar(index)) {
      if (index >= array_.capacity()) array_.Grow(static_cast<std::size_t>(index) + 1, store);
      data_ = array_.data();
      const std::uint64_t before = size_;
      for (; size_ <= index; ++size_) data_[size_] = kAbsent;
      for (auto far = far_.begin(); far != far_.end();) {
        if (far->first < size_ && far->first >= before) {
          data_[far->first] = far->second;
          far = far_.erase(far);
          store.Charge(-static_cast<std::int64_t>(kFarCost));
        } else {
          ++far;
        }
      }
    }
    PickleValue* slot;
    if (index < size_) {
      slot = &data_[index];
    } else {
      const auto [place, fresh] = far_.try_emplace(index, kAbsent);
      if (fresh) store.Charge(static_cast<std::int64_t>(kFarCost));
      slot = &place->second;
    }
    const PickleValue before = *slot;
    if (before == kAbsent) ++count_;
    *slot = value;
    return before;
  }

  PickleValueArray array_;
  PickleValue* data_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t count_ = 0;
  std::unordered_map<std::uint64_t, PickleValue> far_;
};

}  // namespace ringfort::formats
