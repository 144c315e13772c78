#pragma once

#include <optional>
#include <string>
#include <string_view>

// A pickle that is carried as a text: a metadata value, an attribute, a setting. It is
// inert until somebody decodes and loads it, which is what such values are for.
//
// Known by the signature of protocol 2 to 5 (PEP 307, PEP 3154, PEP 574), raw, in base64
// or in hexadecimal; older protocols have none and read like words. Gives the bytes of
// the pickle, at most as many as the text has.

namespace ringfort::formats {

std::optional<std::string> PickleInText(std::string_view text);

}  // namespace ringfort::formats
