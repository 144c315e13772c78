#pragma once

#include <optional>
#include <string>
#include <string_view>

// What Python's json module reads beyond the standard, and most files for machine
// learning are read by it: UTF-16 and UTF-32, NaN and Infinity, halves of surrogate
// pairs, numbers of any size.

namespace ringfort {

// `text` in standard JSON: `NaN` and the infinities become null, a lone half of a
// surrogate pair U+FFFD, a number that no double holds 0. Nullopt when there was
// nothing to change. Linear; what is no JSON at all stays so.
std::optional<std::string> FromPythonJson(std::string_view text);

}  // namespace ringfort
