#pragma once

#include <string>
#include <string_view>

// A Python identifier as the compiler sees it: Python normalizes identifiers to
// NFKC, so that mathematical, fullwidth and circled letters are plain letters to it.
// Only those that become ASCII are folded, for only they can name what is known.
// `disguised` is set when there was one. Source: PEP 3131.

namespace ringfort::formats {

std::string PythonIdentifier(std::string_view raw, bool& disguised);

}  // namespace ringfort::formats
