#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "knowledge/exchange/export.h"
#include "knowledge/exchange/import.h"

namespace {

using ringfort::Result;
using ringfort::knowledge::Import;

// What was read once can be written and comes back the same.
void Check(const Result<Import>& read) {
  if (!read.ok()) return;
  const std::string ours = ExportGraph(read.value().graph);
  const std::string stix = ExportStix(read.value().graph);
  for (const auto& [text, import] : {std::pair(ours, ringfort::knowledge::ImportGraph(ours, "ours")),
                                     std::pair(stix, ringfort::knowledge::ImportStix(stix, "stix"))})
    if (!import.ok() || !import.value().warnings.empty() || ExportGraph(import.value().graph) != ours) std::abort();
}

}  // namespace

// The first byte says which importer gets the rest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 6) {
    case 0: Check(ringfort::knowledge::ImportAtlas(text, "x")); break;
    case 1: Check(ringfort::knowledge::ImportStix(text, "x")); break;
    case 2: Check(ringfort::knowledge::ImportAvid(text, "x")); break;
    case 3: Check(ringfort::knowledge::ImportCosai(text, "x")); break;
    case 4: Check(ringfort::knowledge::ImportGraph(text, "x")); break;
    default: Check(ringfort::knowledge::ImportAny(text, "x")); break;
  }
  return 0;
}
