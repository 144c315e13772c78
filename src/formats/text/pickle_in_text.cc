#include "formats/text/pickle_in_text.h"

#include <utility>

#include "formats/text/text_codecs.h"

namespace ringfort::formats {
namespace {

// The shortest pickle that calls something has a name and a call.
constexpr std::size_t kShortest = 12;

bool IsPickle(std::string_view bytes) {
  return bytes.size() >= kShortest && bytes[0] == '\x80' && bytes[1] >= 2 && bytes[1] <= 5;
}

}  // namespace

std::optional<std::string> PickleInText(std::string_view text) {
  if (IsPickle(text)) return std::string(text);
  const auto held = [](std::optional<std::string> decoded) {
    return decoded && IsPickle(*decoded) ? std::move(decoded) : std::nullopt;
  };
  if (text.starts_with("gA")) return held(DecodeBase64(text));  // 80 0x in base64
  if (text.starts_with("800")) return held(DecodeHex(text));
  return std::nullopt;
}

}  // namespace ringfort::formats
