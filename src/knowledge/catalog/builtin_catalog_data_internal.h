#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

// What compile_catalog writes: the catalog's bytes in pieces that every compiler takes.

namespace ringfort::knowledge {

extern const std::size_t kBuiltinCatalogBytes;
const std::vector<std::string_view>& BuiltinCatalogChunks();

}  // namespace ringfort::knowledge
