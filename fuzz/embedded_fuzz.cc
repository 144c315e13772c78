// The search for embedded content: the fast way and the plain way find the same, and
// nothing outside the input; the headers that it trusts are read safely.

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "formats/executable/embedded_content.h"
#include "formats/executable/executable.h"
#include "formats/executable/glued_archive.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringfort::formats;
  const ringfort::ByteView bytes{data, size};
  std::vector<std::uint64_t> fast, plain;
  FindEmbedded(bytes, [&](const Embedded& found) { fast.push_back(found.offset); });
  FindEmbeddedPortably(bytes, 0, size, [&](const Embedded& found) { plain.push_back(found.offset); });
  if (fast != plain) std::abort();
  for (const std::uint64_t offset : fast)
    if (offset >= size) std::abort();
  if (const auto facts = ReadExecutable(bytes); facts && facts->image_end > size) std::abort();
  if (const auto archive = FindGluedArchive(bytes); archive && archive->end > size) std::abort();
  return 0;
}
