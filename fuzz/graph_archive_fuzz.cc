#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "application/graph_archive.h"
#include "knowledge/exchange/export.h"

// A zip of threat records. What it yields can be written and comes back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ringfort::GraphArchiveLimits limits;
  limits.member_bytes = 1 << 20;
  limits.all_bytes = 4 << 20;
  limits.warnings = 10;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto read = ringfort::ImportGraphArchive(bytes, "x.zip", limits);
  if (!read.ok()) return 0;
  if (read.value().warnings.size() > limits.warnings + 1) std::abort();
  const std::string ours = ExportGraph(read.value().graph);
  const auto again = ringfort::knowledge::ImportGraph(ours, "ours");
  if (!again.ok() || ExportGraph(again.value().graph) != ours) std::abort();
  return 0;
}
