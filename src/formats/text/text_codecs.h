#pragma once

#include <optional>
#include <string>
#include <string_view>

// The decodings that scripts hide their strings under, on constants. Each gives
// nothing where the text is not of that kind.

namespace ringfort::formats {

std::optional<std::string> DecodeBase64(std::string_view text);  // standard and URL alphabet, padding optional
std::optional<std::string> DecodeHex(std::string_view text);     // spaces allowed
std::string DecodeRot13(std::string_view text);

}  // namespace ringfort::formats
