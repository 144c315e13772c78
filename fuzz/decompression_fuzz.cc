#include <cstdlib>

#include "formats/archive/decompression.h"

// The first byte chooses the codec. A decompressor never takes more than there is,
// and at its end has either finished or an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ringfort::ByteView bytes(data + 1, size - 1);
  const auto plain = data[0] % 9 == 8
                         ? ringfort::formats::DecompressZipLzma(bytes, 1000, (data[0] & 0x80) != 0)
                         : ringfort::formats::Decompress(static_cast<ringfort::formats::Codec>(data[0] % 9), bytes);
  constexpr std::uint64_t kEnough = std::uint64_t{4} << 20;
  const std::uint64_t passed = plain->Skip(kEnough);
  if (plain->consumed() > bytes.size() + 9) std::abort();
  if (passed < kEnough && !plain->finished() && plain->error() == nullptr) std::abort();
  return 0;
}
