#include "formats/pickle/torch_storages.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <string_view>
#include <utility>

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostKeys = 65536;
constexpr std::uint64_t kCount = 8;  // bytes of the count before the elements
constexpr std::uint64_t kMostBytes = std::numeric_limits<std::uint64_t>::max();

constexpr std::array kElementSizes = std::to_array<std::pair<std::string_view, std::uint64_t>>({
    {"HalfStorage", 2},
    {"BFloat16Storage", 2},
    {"ShortStorage", 2},
    {"FloatStorage", 4},
    {"IntStorage", 4},
    {"QInt32Storage", 4},
    {"DoubleStorage", 8},
    {"LongStorage", 8},
    {"ComplexFloatStorage", 8},
    {"ComplexDoubleStorage", 16},
});

std::uint64_t ElementSize(std::string_view storage_class) {
  const auto* found = std::find_if(kElementSizes.begin(), kElementSizes.end(),
                                   [&](const auto& entry) { return entry.first == storage_class; });
  return found == kElementSizes.end() ? 1 : found->second;
}

}  // namespace

void TorchStorages::Add(PickleValue id, const PickleMachine& machine) {
  const auto parts = machine.Elements(id);
  if (id.kind() != PickleKind::kTuple || parts.size() < 5 || machine.Text(parts[0]) != "storage") return;
  const PickleGlobal* storage = machine.GlobalOf(parts[1]);
  const auto key = machine.Text(parts[2]);
  const auto elements = machine.Integer(parts[4]);
  if (storage == nullptr || !key || !elements || *elements < 0 || keys_.size() >= kMostKeys) return;
  if (!keys_.insert(std::hash<std::string_view>{}(*key)).second) return;
  const auto count = static_cast<std::uint64_t>(*elements);
  const std::uint64_t size = ElementSize(storage->name);
  const std::uint64_t room = kMostBytes - bytes_;
  bytes_ = room < kCount || count > (room - kCount) / size ? kMostBytes : bytes_ + kCount + count * size;
}

}  // namespace ringfort::formats
