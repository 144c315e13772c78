#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace ringfort {

// The SPDX id that `license` names whatever its case, or "" if it is none of those
// that models and datasets are commonly published under (the model licences that are
// not in SPDX's list, such as Llama's or Gemma's, have no id to give).
inline std::string_view SpdxId(std::string_view license) {
  constexpr std::array<std::string_view, 40> kIds = {"0BSD",
                                                     "AFL-3.0",
                                                     "AGPL-3.0-only",
                                                     "AGPL-3.0-or-later",
                                                     "Apache-2.0",
                                                     "Artistic-2.0",
                                                     "BSD-2-Clause",
                                                     "BSD-3-Clause",
                                                     "BSL-1.0",
                                                     "CC-BY-2.0",
                                                     "CC-BY-3.0",
                                                     "CC-BY-4.0",
                                                     "CC-BY-NC-2.0",
                                                     "CC-BY-NC-3.0",
                                                     "CC-BY-NC-4.0",
                                                     "CC-BY-NC-ND-4.0",
                                                     "CC-BY-NC-SA-3.0",
                                                     "CC-BY-NC-SA-4.0",
                                                     "CC-BY-ND-4.0",
                                                     "CC-BY-SA-3.0",
                                                     "CC-BY-SA-4.0",
                                                     "CC0-1.0",
                                                     "CDLA-Permissive-1.0",
                                                     "CDLA-Permissive-2.0",
                                                     "CDLA-Sharing-1.0",
                                                     "ECL-2.0",
                                                     "EPL-2.0",
                                                     "EUPL-1.1",
                                                     "EUPL-1.2",
                                                     "GPL-2.0-only",
                                                     "GPL-3.0-only",
                                                     "GPL-3.0-or-later",
                                                     "ISC",
                                                     "LGPL-3.0-only",
                                                     "MIT",
                                                     "MPL-2.0",
                                                     "ODbL-1.0",
                                                     "PDDL-1.0",
                                                     "Unlicense",
                                                     "Zlib"};
  const std::string wanted = LowerCase(license);
  const auto at = std::find_if(kIds.begin(), kIds.end(), [&](std::string_view id) { return LowerCase(id) == wanted; });
  return at == kIds.end() ? std::string_view() : *at;
}

}  // namespace ringfort
