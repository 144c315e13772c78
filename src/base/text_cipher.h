#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Writing a text so that a reader has to work it out: what attackers send past a guard
// that reads plain text, and what a defense marks foreign text with.
//
//   base64      RFC 4648, with padding           `key 7` -> a2V5IDc=
//   rot13       A-Z and a-z turned by 13         `key 7` -> xrl 7
//   reversed    character by character (UTF-8)   `key 7` -> 7 yek
//   leetspeak   a e i o s t as 4 3 1 0 5 7;      `key 7` -> k3y #7
//               a digit gets `#` in front, and so does `#`
//   morse       ITU-R M.1677-1, words by ` / `   `key 7` -> -.- . -.-- / --...
//
// Decipher undoes Encipher exactly; for morse of the text in lower case, white space taken
// together, and characters without a sign dropped. Linear in the text.

namespace ringfort {

enum class TextCipher : std::uint8_t { kBase64, kRot13, kReversed, kLeetspeak, kMorse };
inline constexpr std::array<std::string_view, 5> kTextCipherNames = {"base64", "rot13", "reversed", "leetspeak",
                                                                     "morse"};
constexpr std::string_view Name(TextCipher cipher) { return kTextCipherNames[static_cast<std::size_t>(cipher)]; }

std::string Encipher(TextCipher cipher, std::string_view text);

// Nothing for what is no base64 and no morse; the others read any text.
std::optional<std::string> Decipher(TextCipher cipher, std::string_view text);

}  // namespace ringfort
