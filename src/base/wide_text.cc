#include "base/wide_text.h"

#include <cstdint>

#include "base/text.h"

namespace ringfort {
namespace {

struct Encoding {
  std::size_t unit = 0;  // bytes
  bool big_endian = false;
  std::size_t mark = 0;  // bytes of the byte order mark
};

std::optional<Encoding> EncodingOf(std::string_view bytes) {
  using namespace std::string_view_literals;
  // UTF-32 first: its little-endian mark begins with that of UTF-16.
  if (bytes.starts_with("\xFF\xFE\0\0"sv)) return Encoding{4, false, 4};
  if (bytes.starts_with("\0\0\xFE\xFF"sv)) return Encoding{4, true, 4};
  if (bytes.starts_with("\xFF\xFE"sv)) return Encoding{2, false, 2};
  if (bytes.starts_with("\xFE\xFF"sv)) return Encoding{2, true, 2};
  if (bytes.size() < 4) return {};
  const auto zero = [bytes](std::size_t at) { return bytes[at] == '\0'; };
  if (zero(0) && zero(1) && zero(2) && !zero(3)) return Encoding{4, true, 0};
  if (!zero(0) && zero(1) && zero(2) && zero(3)) return Encoding{4, false, 0};
  if (zero(0) && !zero(1) && zero(2)) return Encoding{2, true, 0};
  if (!zero(0) && zero(1) && zero(3)) return Encoding{2, false, 0};
  return {};
}

bool IsSurrogate(std::uint32_t unit, std::uint32_t first) { return unit >= first && unit < first + 0x400; }

}  // namespace

std::optional<std::string> DecodeWideText(std::string_view bytes) {
  const auto encoding = EncodingOf(bytes);
  if (!encoding) return {};
  bytes.remove_prefix(encoding->mark);
  const std::size_t size = encoding->unit;
  const auto unit = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<std::uint8_t>(bytes[at + (encoding->big_endian ? i : size - 1 - i)]);
    return value;
  };
  std::string text;
  for (std::size_t at = 0; at + size <= bytes.size(); at += size) {
    std::uint32_t code = unit(at);
    if (IsSurrogate(code, 0xD800) && size == 2 && at + 2 * size <= bytes.size() &&
        IsSurrogate(unit(at + size), 0xDC00)) {
      at += size;
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(at) - 0xDC00);
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;
    }
    AppendUtf8(text, code);
  }
  return text;
}

}  // namespace ringfort
