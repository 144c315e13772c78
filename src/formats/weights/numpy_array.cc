#include "formats/weights/numpy_array.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "formats/weights/python_literal.h"

namespace ringfort::formats {
namespace {

constexpr std::uint64_t kLongestHeader = std::uint64_t{1} << 20;

// A name with a parenthesis right behind it: what a header damaged by chance rarely has.
bool HasCall(std::string_view text) {
  for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    if (at == 0) continue;
    const char before = text[at - 1];
    if ((before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') || before == '_') return true;
  }
  return false;
}

// What a descr says of an item.
struct Item {
  bool objects = false;
  bool known = true;       // the size is right
  std::uint64_t size = 0;  // bytes
};

void Add(Item& record, const Item& field, std::uint64_t times) {
  std::uint64_t size = 0;
  record.objects |= field.objects;
  record.known &= field.known && !__builtin_mul_overflow(field.size, times, &size) &&
                  !__builtin_add_overflow(record.size, size, &record.size);
}

// `<f8`, `|O`, `<U16`, `<M8[ns]`: order, letter, size. NumPy also takes names of types
// (`object`, `float64`) and lists of types (`i4,O`); of these only objects matter here.
Item ItemOfText(std::string_view descr) {
  Item item;
  if (LowerCase(descr).find("object") != std::string::npos) return {true, false, 0};
  if (descr.find(',') != std::string_view::npos || descr.find('(') != std::string_view::npos)
    return {descr.find('O') != std::string_view::npos, false, 0};
  std::string_view rest = descr;
  if (!rest.empty() && std::string_view("<>|=!").find(rest[0]) != std::string_view::npos) rest.remove_prefix(1);
  if (rest.empty()) return {false, false, 0};
  const char letter = rest[0];
  rest.remove_prefix(1);
  if (letter == 'O') return {true, true, 8};
  std::uint64_t number = 0;
  std::size_t digits = 0;
  for (; digits < rest.size() && digits < 18 && rest[digits] >= '0' && rest[digits] <= '9'; ++digits)
    number = number * 10 + static_cast<std::uint64_t>(rest[digits] - '0');
  rest.remove_prefix(digits);
  const bool unit = !rest.empty() && rest.front() == '[' && rest.back() == ']' && (letter == 'M' || letter == 'm');
  if ((!rest.empty() && !unit) || std::string_view("biufcmMSaUV?").find(letter) == std::string_view::npos)
    return {false, false, 0};
  if (letter == '?' && digits == 0) return {false, true, 1};
  if (digits == 0) return {false, false, 0};
  item.size = letter == 'U' ? number * 4 : number;
  return item;
}

// A record is a list of (name, descr) or (name, descr, shape); a descr may also be a
// tuple (descr, shape), which NumPy calls a subarray.
Item ItemOf(const PythonLiteral& descr) {
  using Kind = PythonLiteral::Kind;
  if (descr.kind == Kind::kString) return ItemOfText(descr.text);
  const auto count = [](const PythonLiteral& shape, bool& known) {
    std::uint64_t times = 1;
    if (shape.kind == Kind::kInteger) return shape.integer;
    known &= shape.IsSequence();
    for (const PythonLiteral& side : shape.items)
      known &= side.kind == Kind::kInteger && !__builtin_mul_overflow(times, side.integer, &times);
    return times;
  };
  Item item;
  if (descr.kind == Kind::kTuple && descr.items.size() == 2) {
    const std::uint64_t times = count(descr.items[1], item.known);
    Add(item, ItemOf(descr.items[0]), times);
    return item;
  }
  if (descr.kind == Kind::kList) {
    for (const PythonLiteral& field : descr.items) {
      if (field.kind != Kind::kTuple || field.items.size() < 2) return {item.objects, false, 0};
      std::uint64_t times = 1;
      if (field.items.size() > 2) times = count(field.items[2], item.known);
      Add(item, ItemOf(field.items[1]), times);
    }
    return item;
  }
  return {false, false, 0};
}

class Reader {
 public:
  Reader(ByteView bytes, NumpyFacts& facts) : bytes_(bytes), facts_(facts) {}

  void Read() {
    Cursor cursor(bytes_);
    if (cursor.Text(6) != "\x93NUMPY") return Damage(Fault::kInvalidInput, "no NumPy magic", 0);
    facts_.major = cursor.U8();
    facts_.minor = cursor.U8();
    if (!cursor.ok()) return Damage(Fault::kTruncated, "ends inside the header", 6);
    if (facts_.major < 1 || facts_.major > 3 || facts_.minor != 0)
      return Damage(Fault::kUnsupported, fmt::format("version {}.{} is not known", facts_.major, facts_.minor), 6);
    const std::uint64_t length = facts_.major == 1 ? cursor.U16() : cursor.U32();
    const std::uint64_t header_begin = cursor.offset();
    if (cursor.ok() && length > kLongestHeader && length <= cursor.left())
      return Damage(Fault::kLimitExceeded, fmt::format("a header of {} bytes", length), 8);
    const std::string_view header = cursor.Text(length);
    if (!cursor.ok())
      return Damage(Fault::kTruncated, fmt::format("the header of {} bytes leaves the file", length), 8);
    facts_.data_begin = cursor.offset();
    facts_.data_end = bytes_.size();

    const auto parsed = ParsePythonLiteral(header);
    if (!parsed.ok()) {
      const Error& error = parsed.error();
      const std::uint64_t place = header_begin + (error.offset == kNoOffset ? 0 : error.offset);
      if (error.fault == Fault::kUnsupported && HasCall(header))
        Report(NumpyFaultKind::kCodeInHeader, std::string(header.substr(0, 400)), place);
      return Damage(error.fault == Fault::kUnsupported ? Fault::kInvalidInput : error.fault,
                    "the header: " + error.what, place);
    }
    ReadDictionary(parsed.value(), header_begin);
  }

 private:
  void Damage(Fault fault, std::string what, std::uint64_t offset) {
    facts_.damage = Error{fault, std::move(what), offset};
  }
  void Report(NumpyFaultKind kind, std::string what, std::uint64_t offset) {
    facts_.faults.push_back({kind, std::move(what), offset});
  }

  void ReadDictionary(const PythonLiteral& header, std::uint64_t at) {
    using Kind = PythonLiteral::Kind;
    const PythonLiteral *descr = header.Find("descr"), *order = header.Find("fortran_order"),
                        *shape = header.Find("shape");
    // Whatever else is wrong: where objects are announced, a reader may unpickle.
    Item item{false, false, 0};
    if (descr != nullptr) {
      item = ItemOf(*descr);
      facts_.type = descr->kind == Kind::kString ? Printable(descr->text, 200) : "record";
      facts_.holds_objects = item.objects;
    }
    if (header.kind != Kind::kDictionary || descr == nullptr || order == nullptr || shape == nullptr ||
        order->kind != Kind::kBoolean || shape->kind != Kind::kTuple ||
        !std::all_of(shape->items.begin(), shape->items.end(),
                     [](const PythonLiteral& side) { return side.kind == Kind::kInteger && !side.negative; })) {
      Report(NumpyFaultKind::kBadHeader, "the header lacks descr, fortran_order or shape, or has them in a wrong type",
             at);
      return Damage(Fault::kInvalidInput, "the header does not describe an array", at);
    }
    if (header.keys.size() != 3)
      Report(NumpyFaultKind::kBadHeader, "the header has keys that the format does not know, or one of them twice", at);
    facts_.fortran_order = order->boolean;
    std::uint64_t size = 1;
    bool overflow = false;
    for (const PythonLiteral& side : shape->items) {
      facts_.shape.push_back(side.integer);
      overflow |= __builtin_mul_overflow(size, side.integer, &size);
    }
    if (facts_.holds_objects) return;
    if (!item.known)
      return Damage(Fault::kUnsupported, fmt::format("the size of type `{}` is not known", facts_.type), at);
    facts_.item_size = item.size;
    overflow |= __builtin_mul_overflow(size, item.size, &size);
    const std::uint64_t left = bytes_.size() - facts_.data_begin;
    if (overflow) return Report(NumpyFaultKind::kSizeOverflow, "the size of the array overflows 64 bits", at);
    if (size > left)
      return Report(NumpyFaultKind::kTooShort, fmt::format("the array needs {} bytes, {} are there", size, left),
                    facts_.data_begin);
    facts_.data_end = facts_.data_begin + size;
    if (size < left)
      Report(NumpyFaultKind::kTrailingBytes, fmt::format("{} bytes behind the array", left - size), facts_.data_end);
  }

  ByteView bytes_;
  NumpyFacts& facts_;
};

}  // namespace

NumpyFacts ReadNumpy(ByteView bytes) {
  NumpyFacts facts;
  Reader(bytes, facts).Read();
  return facts;
}

}  // namespace ringfort::formats
