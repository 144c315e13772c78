#pragma once

#include <string>
#include <string_view>

namespace ringfort {

// A path as a URI reference (RFC 3986): every byte that is not unreserved or `/`
// is percent-encoded, so a name with spaces, `#`, `%`, colons or broken UTF-8 stays
// one path. A relative path stays relative (without a leading `./`), an absolute
// one becomes `file:///...`.
inline std::string PathToUri(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  while (path.starts_with("./")) path.remove_prefix(2);
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || c == '/';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += kDigits[static_cast<unsigned char>(c) >> 4];
      uri += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return uri;
}

}  // namespace ringfort
