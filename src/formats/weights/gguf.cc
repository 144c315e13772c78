#include "formats/weights/gguf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"

namespace ringfort::formats {
namespace {

constexpr std::array kTypes = {
    GgmlType{0, "F32", 1, 4},           GgmlType{1, "F16", 1, 2},           GgmlType{2, "Q4_0", 32, 18},
    GgmlType{3, "Q4_1", 32, 20},        GgmlType{6, "Q5_0", 32, 22},        GgmlType{7, "Q5_1", 32, 24},
    GgmlType{8, "Q8_0", 32, 34},        GgmlType{9, "Q8_1", 32, 36},        GgmlType{10, "Q2_K", 256, 84},
    GgmlType{11, "Q3_K", 256, 110},     GgmlType{12, "Q4_K", 256, 144},     GgmlType{13, "Q5_K", 256, 176},
    GgmlType{14, "Q6_K", 256, 210},     GgmlType{15, "Q8_K", 256, 292},     GgmlType{16, "IQ2_XXS", 256, 66},
    GgmlType{17, "IQ2_XS", 256, 74},    GgmlType{18, "IQ3_XXS", 256, 98},   GgmlType{19, "IQ1_S", 256, 50},
    GgmlType{20, "IQ4_NL", 32, 18},     GgmlType{21, "IQ3_S", 256, 110},    GgmlType{22, "IQ2_S", 256, 82},
    GgmlType{23, "IQ4_XS", 256, 136},   GgmlType{24, "I8", 1, 1},           GgmlType{25, "I16", 1, 2},
    GgmlType{26, "I32", 1, 4},          GgmlType{27, "I64", 1, 8},          GgmlType{28, "F64", 1, 8},
    GgmlType{29, "IQ1_M", 256, 56},     GgmlType{30, "BF16", 1, 2},         GgmlType{31, "Q4_0_4_4", 32, 18},
    GgmlType{32, "Q4_0_4_8", 32, 18},   GgmlType{33, "Q4_0_8_8", 32, 18},   GgmlType{34, "TQ1_0", 256, 54},
    GgmlType{35, "TQ2_0", 256, 66},     GgmlType{36, "IQ4_NL_4_4", 32, 18}, GgmlType{37, "IQ4_NL_4_8", 32, 18},
    GgmlType{38, "IQ4_NL_8_8", 32, 18}, GgmlType{39, "MXFP4", 32, 17},      GgmlType{40, "NVFP4", 64, 36},
    GgmlType{41, "Q1_0", 128, 18},
};

constexpr std::uint64_t kMostDimensions = 4;
constexpr int kDeepestArray = 8;
constexpr std::uint64_t kLongestKey = 65535;
// Past this a count is not a damaged file's, but an attack on somebody's arithmetic.
constexpr std::uint64_t kAbsurd = std::uint64_t{1} << 40;

// Bytes of a scalar; 0 for strings and arrays.
constexpr std::array<std::uint8_t, 13> kScalarSizes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

class Reader {
 public:
  Reader(ByteView bytes, GgufFacts& facts) : cursor_(bytes), size_(bytes.size()), facts_(facts) {}

  void Read() {
    if (cursor_.Text(4) != "GGUF") return Damage(Fault::kInvalidInput, "no GGUF magic", 0);
    facts_.version = cursor_.U32();
    if (!cursor_.ok()) return Damage(Fault::kTruncated, "ends inside the header", 4);
    if ((facts_.version & 0xffff) == 0 && facts_.version != 0)
      return Damage(Fault::kUnsupported, "a big-endian GGUF file is not read", 4);
    if (facts_.version < 1 || facts_.version > 3)
      return Damage(Fault::kUnsupported, fmt::format("GGUF version {} is not known", facts_.version), 4);
    facts_.claimed_tensors = Count();
    facts_.claimed_values = Count();
    if (!cursor_.ok()) return Damage(Fault::kTruncated, "ends inside the header", 8);
    NoteAbsurd(std::max(facts_.claimed_values, facts_.claimed_tensors), "a count", 8);
    // An entry of the table takes 17 bytes or more, one of the metadata 10.
    if (facts_.claimed_values > cursor_.left() / 10 || facts_.claimed_tensors > cursor_.left() / 17)
      return Damage(Fault::kInvalidInput,
                    fmt::format("{} metadata values and {} tensors are claimed, more than {} bytes can hold",
                                facts_.claimed_values, facts_.claimed_tensors, cursor_.left()),
                    8);
    for (std::uint64_t i = 0; i < facts_.claimed_values; ++i)
      if (!ReadValue()) return;
    CheckKeys();
    if (!ReadAlignment()) return;
    for (std::uint64_t i = 0; i < facts_.claimed_tensors; ++i)
      if (!ReadTensor()) return;
    CheckTensors();
  }

 private:
  void Damage(Fault fault, std::string what, std::uint64_t offset) {
    if (!facts_.damage) facts_.damage = Error{fault, std::move(what), offset};
  }
  void Report(GgufFaultKind kind, std::string what, std::uint64_t offset) {
    if (facts_.faults.size() < kMostGgufFaults) facts_.faults.push_back({kind, std::move(what), offset});
  }
  void NoteAbsurd(std::uint64_t number, std::string_view what, std::uint64_t at) {
    if (number >= kAbsurd) Report(GgufFaultKind::kAbsurdLength, fmt::format("{} is {}", what, number), at);
  }
  // A count or a length: 32 bits wide in version 1, 64 since.
  std::uint64_t Count() { return facts_.version == 1 ? cursor_.U32() : cursor_.U64(); }

  bool Text(std::string_view& text, std::uint64_t limit, std::string_view what) {
    const std::uint64_t at = cursor_.offset(), length = Count();
    if (cursor_.ok() && length > limit && length <= cursor_.left()) {
      Damage(Fault::kLimitExceeded, fmt::format("{} of {} bytes", what, length), at);
      return false;
    }
    NoteAbsurd(length, what, at);
    text = cursor_.Text(length);
    if (cursor_.ok()) return true;
    Damage(Fault::kTruncated, fmt::format("{} of {} bytes leaves the file", what, length), at);
    return false;
  }

  bool ReadValue() {
    GgufValue value;
    if (!Text(value.key, kLongestKey, "a metadata key")) return false;
    const std::uint64_t at = cursor_.offset();
    const std::uint32_t type = cursor_.U32();
    if (!cursor_.ok()) return Damage(Fault::kTruncated, "ends inside the metadata", at), false;
    if (type >= kScalarSizes.size())
      return Damage(Fault::kInvalidInput,
                    fmt::format("metadata `{}` has the unknown type {}", Printable(value.key, 80), type), at),
             false;
    value.type = static_cast<GgufType>(type);
    value.offset = cursor_.offset();
    if (value.type == GgufType::kString) {
      if (!Text(value.text, ~std::uint64_t{0}, "a metadata text")) return false;
    } else if (value.type == GgufType::kArray) {
      if (!PassArray(0, &value)) return false;
    } else {
      value.number = Scalar(value.type);
      if (!cursor_.ok()) return Damage(Fault::kTruncated, "ends inside the metadata", value.offset), false;
    }
    facts_.values.push_back(value);
    return true;
  }

  std::uint64_t Scalar(GgufType type) {
    switch (type) {
      case GgufType::kU8:
      case GgufType::kBool: return cursor_.U8();
      case GgufType::kI8: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int8_t>(cursor_.U8())});
      case GgufType::kU16: return cursor_.U16();
      case GgufType::kI16: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int16_t>(cursor_.U16())});
      case GgufType::kI32: return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(cursor_.U32())});
      case GgufType::kU32:
      case GgufType::kF32: return cursor_.U32();
      default: return cursor_.U64();
    }
  }

  // Passes over an array's elements without keeping them.
  bool PassArray(int depth, GgufValue* outermost) {
    const std::uint64_t at = cursor_.offset();
    const std::uint32_t type = cursor_.U32();
    const std::uint64_t length = Count();
    if (!cursor_.ok()) return Damage(Fault::kTruncated, "ends inside an array", at), false;
    if (type >= kScalarSizes.size())
      return Damage(Fault::kInvalidInput, fmt::format("an array has the unknown type {}", type), at), false;
    if (depth >= kDeepestArray)
      return Damage(Fault::kLimitExceeded, fmt::format("arrays nested deeper than {}", kDeepestArray), at), false;
    if (outermost != nullptr) {
      outermost->element = static_cast<GgufType>(type);
      outermost->number = length;
    }
    const std::uint64_t element = kScalarSizes[type];
    const std::uint64_t least = element != 0 ? element : facts_.version == 1 ? 4 : 8;
    NoteAbsurd(length, "the length of an array", at);
    if (length > cursor_.left() / least)
      return Damage(Fault::kTruncated, fmt::format("an array of {} elements leaves the file", length), at), false;
    if (element != 0) {
      cursor_.Skip(length * element);
      return true;
    }
    for (std::uint64_t i = 0; i < length; ++i) {
      std::string_view text;
      if (type == static_cast<std::uint32_t>(GgufType::kString) ? !Text(text, ~std::uint64_t{0}, "a text in an array")
                                                                : !PassArray(depth + 1, nullptr))
        return false;
    }
    return true;
  }

  void CheckKeys() {
    std::vector<std::string_view> keys;
    keys.reserve(facts_.values.size());
    for (const GgufValue& value : facts_.values) keys.push_back(value.key);
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice == keys.end()) return;
    // The second one is the place to look at.
    const auto last = std::find_if(facts_.values.rbegin(), facts_.values.rend(),
                                   [&](const GgufValue& value) { return value.key == *twice; });
    Report(GgufFaultKind::kDuplicateKey, fmt::format("metadata `{}` stands twice", Printable(*twice, 80)),
           last->offset);
  }

  bool ReadAlignment() {
    const GgufValue* value = facts_.Find("general.alignment");
    if (value == nullptr) return true;
    const bool power_of_two = value->number != 0 && (value->number & (value->number - 1)) == 0;
    if (value->type == GgufType::kU32 && power_of_two) {
      facts_.alignment = value->number;
      return true;
    }
    Report(GgufFaultKind::kBadAlignment, fmt::format("the alignment {} is no power of two of 32 bits", value->number),
           value->offset);
    Damage(Fault::kInvalidInput, "without an alignment the tensors have no place", value->offset);
    return false;
  }

  bool ReadTensor() {
    const std::uint64_t at = cursor_.offset();
    GgufTensor tensor;
    if (!Text(tensor.name, kLongestKey, "a tensor name")) return false;
    const std::uint32_t count = cursor_.U32();
    if (cursor_.ok() && count > kMostDimensions)
      return Damage(Fault::kInvalidInput,
                    fmt::format("tensor `{}` has {} dimensions", Printable(tensor.name, 80), count), at),
             false;
    for (std::uint32_t i = 0; i < count && cursor_.ok(); ++i) tensor.dimensions.push_back(Count());
    tensor.type = cursor_.U32();
    tensor.begin = cursor_.U64();
    if (!cursor_.ok()) return Damage(Fault::kTruncated, "ends inside the tensor table", at), false;
    Measure(tensor, at);
    facts_.tensors.push_back(std::move(tensor));
    return true;
  }

  void Measure(GgufTensor& tensor, std::uint64_t at) {
    const std::string shown = Printable(tensor.name, 80);
    std::uint64_t elements = 1;
    bool overflow = false;
    for (const std::uint64_t side : tensor.dimensions) {
      overflow |= __builtin_mul_overflow(elements, side, &elements);
      // ggml counts in signed 64 bits.
      overflow |= side > static_cast<std::uint64_t>(INT64_MAX) || elements > static_cast<std::uint64_t>(INT64_MAX);
    }
    if (overflow)
      return Report(GgufFaultKind::kSizeOverflow, fmt::format("the dimensions of tensor `{}` overflow", shown), at);
    if (__builtin_add_overflow(facts_.parameters, elements, &facts_.parameters)) facts_.parameters = ~std::uint64_t{0};
    const GgmlType* type = FindGgmlType(tensor.type);
    if (type == nullptr)
      return Report(GgufFaultKind::kUnknownType, fmt::format("tensor `{}` has the unknown type {}", shown, tensor.type),
                    at);
    const std::uint64_t row = tensor.dimensions.empty() ? 1 : tensor.dimensions[0];
    if (row % type->block != 0)
      return Report(GgufFaultKind::kBadShape,
                    fmt::format("rows of {} elements in tensor `{}` do not fill blocks of {}", row, shown, type->block),
                    at);
    if (__builtin_mul_overflow(elements / type->block, std::uint64_t{type->bytes}, &tensor.size)) {
      tensor.size = 0;
      Report(GgufFaultKind::kSizeOverflow, fmt::format("the size of tensor `{}` overflows", shown), at);
    }
  }

  void CheckTensors() {
    using Kind = GgufFaultKind;
    const auto& tensors = facts_.tensors;
    const std::uint64_t mask = facts_.alignment - 1;
    const std::uint64_t table_end = cursor_.offset();
    facts_.data_begin = (table_end + mask) & ~mask;
    facts_.data_end = std::min<std::uint64_t>(facts_.data_begin, size_);
    if (facts_.data_begin > size_) {
      // A file without tensors may end at its table.
      const bool empty = std::all_of(tensors.begin(), tensors.end(), [](const GgufTensor& t) { return t.size == 0; });
      if (!empty) Damage(Fault::kTruncated, "ends before the tensors", size_);
      facts_.data_begin = size_;
      return;
    }
    const std::uint64_t data = size_ - facts_.data_begin;

    std::vector<std::uint32_t> order(tensors.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return tensors[a].name < tensors[b].name; });
    for (std::size_t i = 1; i < order.size(); ++i)
      if (tensors[order[i]].name == tensors[order[i - 1]].name) {
        Report(Kind::kDuplicateTensor, fmt::format("tensor `{}` stands twice", Printable(tensors[order[i]].name, 80)),
               table_end);
        break;
      }

    std::sort(order.begin(), order.end(), [&](auto a, auto b) {
      return std::pair(tensors[a].begin, tensors[a].size) < std::pair(tensors[b].begin, tensors[b].size);
    });
    std::uint64_t covered = 0, expected = 0;
    for (const std::uint32_t index : order) {
      const GgufTensor& tensor = tensors[index];
      const std::string shown = Printable(tensor.name, 80);
      // Where tensors lie one after the other and the file ends, it was cut off.
      const bool in_sequence = tensor.begin == ((expected + mask) & ~mask);
      expected = std::max(expected, tensor.begin + tensor.size);
      if (tensor.begin > data || tensor.size > data - tensor.begin) {
        if (in_sequence) {
          Damage(Fault::kTruncated, fmt::format("ends inside or before tensor `{}`", shown), size_);
          continue;
        }
        const std::uint64_t place = tensor.begin > data ? kNoOffset : facts_.data_begin + tensor.begin;
        Report(Kind::kOutOfBounds,
               fmt::format("tensor `{}` claims {} bytes at {} of {}", shown, tensor.size, tensor.begin, data), place);
        continue;
      }
      const std::uint64_t place = facts_.data_begin + tensor.begin;
      if ((tensor.begin & mask) != 0)
        Report(Kind::kMisaligned, fmt::format("tensor `{}` begins at {}", shown, tensor.begin), place);
      if (tensor.begin < covered && tensor.size != 0)
        Report(Kind::kOverlap, fmt::format("tensor `{}` shares bytes with the one before it", shown), place);
      if (tensor.begin > covered && tensor.begin - covered > mask)
        Report(Kind::kHole,
               fmt::format("{} bytes before tensor `{}` belong to no tensor", tensor.begin - covered, shown),
               facts_.data_begin + covered);
      covered = std::max(covered, tensor.begin + tensor.size);
    }
    facts_.data_end = facts_.data_begin + covered;
    if (facts_.damage) return;  // the rest is the beginning of a tensor
    // The last tensor is padded, too.
    const std::uint64_t padded = std::min(data, (covered + mask) & ~mask);
    if (padded < data)
      Report(Kind::kTrailingBytes, fmt::format("{} bytes behind the last tensor", data - padded),
             facts_.data_begin + padded);
  }

  Cursor cursor_;
  std::uint64_t size_;
  GgufFacts& facts_;
};

}  // namespace

const GgufValue* GgufFacts::Find(std::string_view key) const {
  const auto at = std::find_if(values.begin(), values.end(), [&](const GgufValue& value) { return value.key == key; });
  return at == values.end() ? nullptr : &*at;
}

std::string_view GgufFacts::Text(std::string_view key) const {
  const GgufValue* value = Find(key);
  return value != nullptr && value->type == GgufType::kString ? value->text : std::string_view();
}

const GgmlType* FindGgmlType(std::uint32_t number) {
  const auto at =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const GgmlType& type) { return type.number == number; });
  return at == kTypes.end() ? nullptr : &*at;
}

GgufFacts ReadGguf(ByteView bytes) {
  GgufFacts facts;
  Reader(bytes, facts).Read();
  return facts;
}

}  // namespace ringfort::formats
