#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"

namespace ringfort {

// File names may hold any bytes; what is not UTF-8 becomes U+FFFD, so that the
// text is always valid JSON.
inline std::string JsonText(const Json& document) {
  return document.dump(2, ' ', false, nlohmann::detail::error_handler_t::replace) + "\n";
}

inline Json OffsetOrNull(std::uint64_t offset) { return offset == kNoOffset ? Json(nullptr) : Json(offset); }

}  // namespace ringfort
