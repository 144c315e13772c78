#include "formats/weights/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "base/json.h"
#include "base/text.h"

namespace ringfort::formats {
namespace {

struct Type {
  std::string_view name;
  unsigned bits;
};
constexpr std::array kTypes = {
    Type{"BOOL", 8},        Type{"F4", 4},          Type{"F6_E2M3", 6}, Type{"F6_E3M2", 6}, Type{"U8", 8},
    Type{"I8", 8},          Type{"F8_E5M2", 8},     Type{"F8_E4M3", 8}, Type{"F8_E8M0", 8}, Type{"F8_E4M3FN", 8},
    Type{"F8_E4M3FNUZ", 8}, Type{"F8_E5M2FNUZ", 8}, Type{"I16", 16},    Type{"U16", 16},    Type{"F16", 16},
    Type{"BF16", 16},       Type{"I32", 32},        Type{"U32", 32},    Type{"F32", 32},    Type{"C64", 64},
    Type{"F64", 64},        Type{"I64", 64},        Type{"U64", 64},    Type{"C128", 128},
};

// Everything that is checked while the facts are gathered.
class Reader {
 public:
  Reader(ByteView bytes, SafetensorsFacts& facts) : bytes_(bytes), facts_(facts) {}

  void Read() {
    if (bytes_.size() < 8) return Damage(Fault::kTruncated, "shorter than a header", 0);
    const auto size = LoadLittle<std::uint64_t>(bytes_.data());
    if (size > kLargestSafetensorsHeader)
      return Damage(Fault::kLimitExceeded,
                    fmt::format("the header claims {} bytes, more than the {} that the format allows", size,
                                kLargestSafetensorsHeader),
                    0);
    if (size > bytes_.size() - 8)
      return Damage(Fault::kTruncated, fmt::format("the header claims {} bytes, {} are there", size, bytes_.size() - 8),
                    0);
    const std::string_view header = AsText(Slice(bytes_, 8, size));
    if (header.empty() || header[0] != '{')
      return Damage(Fault::kInvalidInput, "the header does not begin with an opening brace", 8);
    JsonLimits limits;
    limits.depth = 8;  // the format needs three
    limits.bytes = kLargestSafetensorsHeader;
    bool duplicates = false;
    auto parsed = ParseJson(header, limits, &duplicates);
    if (!parsed.ok()) {
      const Error& error = parsed.error();
      return Damage(error.fault, "the header: " + error.what, error.offset == kNoOffset ? 8 : 8 + error.offset);
    }
    if (!parsed.value().is_object()) return Damage(Fault::kInvalidInput, "the header is not a JSON object", 8);
    facts_.header_size = size;
    facts_.data_begin = 8 + size;
    facts_.data_end = facts_.data_begin;
    for (auto& [name, value] : parsed.value().items()) ReadEntry(name, value);
    CheckNames(duplicates);
    CheckPadding(header);
    CheckCover();
  }

 private:
  void Damage(Fault fault, std::string what, std::uint64_t offset) {
    facts_.damage = Error{fault, std::move(what), offset};
  }
  void Report(SafetensorsFaultKind kind, std::string what, std::uint64_t offset) {
    if (facts_.faults.size() < kMostSafetensorsFaults) facts_.faults.push_back({kind, std::move(what), offset});
  }

  void ReadEntry(const std::string& name, const Json& value) {
    using Kind = SafetensorsFaultKind;
    if (name == "__metadata__") {
      if (!value.is_object()) return Report(Kind::kBadEntry, "the metadata are not an object", 8);
      for (const auto& [key, text] : value.items()) {
        if (text.is_string())
          facts_.metadata.emplace_back(key, text.get_ref<const std::string&>());
        else
          Report(Kind::kBadEntry, fmt::format("metadata `{}` is not a string", Printable(key, 80)), 8);
      }
      return;
    }
    const std::string shown = Printable(name, 120);
    const auto member = [&](const char* key) {
      const auto at = value.is_object() ? value.find(key) : value.end();
      return value.is_object() && at != value.end() ? &*at : nullptr;
    };
    const Json *type = member("dtype"), *shape = member("shape"), *offsets = member("data_offsets");
    const auto is_count = [](const Json& number) { return number.is_number_unsigned(); };
    if (type == nullptr || !type->is_string() || shape == nullptr || !shape->is_array() || offsets == nullptr ||
        !offsets->is_array() || offsets->size() != 2 || !std::all_of(shape->begin(), shape->end(), is_count) ||
        !std::all_of(offsets->begin(), offsets->end(), is_count))
      return Report(Kind::kBadEntry, fmt::format("entry `{}` does not describe a tensor", shown), 8);
    if (value.size() != 3)
      Report(Kind::kBadEntry, fmt::format("entry `{}` has members that the format does not know", shown), 8);

    SafetensorsTensor tensor{name, type->get<std::string>(), {}, 0, 0};
    tensor.shape.reserve(shape->size());
    for (const Json& side : *shape) tensor.shape.push_back(side.get<std::uint64_t>());
    tensor.begin = (*offsets)[0].get<std::uint64_t>();
    tensor.end = (*offsets)[1].get<std::uint64_t>();
    CheckSize(tensor, shown);
    facts_.tensors.push_back(std::move(tensor));
  }

  void CheckSize(const SafetensorsTensor& tensor, const std::string& shown) {
    using Kind = SafetensorsFaultKind;
    const std::uint64_t place = facts_.data_begin + std::min<std::uint64_t>(tensor.begin, bytes_.size());
    if (tensor.end < tensor.begin)
      return Report(Kind::kOutOfBounds, fmt::format("tensor `{}` ends before it begins", shown), place);
    const unsigned bits = BitsOfSafetensorsType(tensor.dtype);
    std::uint64_t elements = 1;
    bool overflow = false;
    for (const std::uint64_t side : tensor.shape) overflow |= __builtin_mul_overflow(elements, side, &elements);
    std::uint64_t size = 0;
    if (bits != 0) overflow |= __builtin_mul_overflow(elements, std::uint64_t{bits}, &size);
    if (overflow)
      return Report(Kind::kSizeMismatch, fmt::format("the shape of tensor `{}` overflows 64 bits", shown), place);
    if (__builtin_add_overflow(facts_.parameters, elements, &facts_.parameters)) facts_.parameters = ~std::uint64_t{0};
    if (bits == 0)
      return Report(Kind::kUnknownType,
                    fmt::format("tensor `{}` has the unknown type `{}`", shown, Printable(tensor.dtype, 40)), place);
    if (size % 8 != 0 || size / 8 != tensor.end - tensor.begin)
      Report(Kind::kSizeMismatch,
             fmt::format("tensor `{}` needs {} bits and spans {} bytes", shown, size, tensor.end - tensor.begin),
             place);
  }

  void CheckNames(bool duplicates) {
    std::vector<std::string_view> names;
    names.reserve(facts_.tensors.size());
    for (const SafetensorsTensor& tensor : facts_.tensors) names.push_back(tensor.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end())
      Report(SafetensorsFaultKind::kDuplicateKey,
             fmt::format("tensor `{}` stands twice in the header", Printable(*twice, 120)), 8);
    else if (duplicates)
      Report(SafetensorsFaultKind::kDuplicateKey, "a key stands twice in the header", 8);
  }

  // The header may be padded with spaces; the parser has passed over other white
  // space, too, which the reference reader also accepts.
  void CheckPadding(std::string_view header) {
    const std::size_t end = header.find_last_not_of(" \n\r\t");
    if (header.substr(end + 1).find_first_not_of(' ') != std::string_view::npos)
      Report(SafetensorsFaultKind::kPadding, "the header is padded with line breaks or tabs", 8 + end + 1);
  }

  void CheckCover() {
    using Kind = SafetensorsFaultKind;
    std::vector<std::uint32_t> order(facts_.tensors.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto& tensors = facts_.tensors;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::pair(tensors[a].begin, tensors[a].end) < std::pair(tensors[b].begin, tensors[b].end);
    });
    const std::uint64_t data = bytes_.size() - facts_.data_begin;
    std::uint64_t covered = 0, expected = 0;
    for (const std::uint32_t index : order) {
      const SafetensorsTensor& tensor = tensors[index];
      if (tensor.end < tensor.begin) continue;  // reported already
      const std::string shown = Printable(tensor.name, 120);
      const bool in_sequence = tensor.begin == expected;
      expected = std::max(expected, tensor.end);
      if (tensor.end > data) {
        // Where tensors lie one after the other and the file ends, it was cut off.
        if (in_sequence)
          facts_.cut_off =
              Error{Fault::kTruncated, fmt::format("ends inside or before tensor `{}`", shown), bytes_.size()};
        else
          Report(Kind::kOutOfBounds,
                 fmt::format("tensor `{}` claims bytes {} to {} of {}", shown, tensor.begin, tensor.end, data),
                 kNoOffset);
        continue;
      }
      const std::uint64_t place = facts_.data_begin + tensor.begin;
      if (tensor.begin < covered && tensor.end > tensor.begin)
        Report(Kind::kOverlap, fmt::format("tensor `{}` shares bytes with the one before it", shown), place);
      if (tensor.begin > covered)
        Report(Kind::kHole,
               fmt::format("{} bytes before tensor `{}` belong to no tensor", tensor.begin - covered, shown),
               facts_.data_begin + covered);
      covered = std::max(covered, tensor.end);
    }
    facts_.data_end = facts_.data_begin + covered;
    if (facts_.cut_off) return;  // the rest is the beginning of a tensor
    if (covered < data)
      Report(Kind::kTrailingBytes, fmt::format("{} bytes behind the last tensor", data - covered), facts_.data_end);
  }

  ByteView bytes_;
  SafetensorsFacts& facts_;
};

}  // namespace

unsigned BitsOfSafetensorsType(std::string_view dtype) {
  const auto at = std::find_if(kTypes.begin(), kTypes.end(), [&](const Type& type) { return type.name == dtype; });
  return at == kTypes.end() ? 0 : at->bits;
}

SafetensorsFacts ReadSafetensors(ByteView bytes) {
  SafetensorsFacts facts;
  Reader(bytes, facts).Read();
  return facts;
}

}  // namespace ringfort::formats
