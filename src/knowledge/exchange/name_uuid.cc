#include <openssl/sha.h>

#include <array>
#include <cstdint>

#include "base/text.h"
#include "knowledge/exchange/name_uuid_internal.h"

// The low-level interface, for the reason that base/digest.cc gives.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace ringfort::knowledge {
namespace {

constexpr std::array<std::uint8_t, 16> kNamespace = {0x35, 0xa3, 0x34, 0x93, 0x36, 0xd0, 0x5a, 0x5e,
                                                     0xa5, 0x65, 0xbb, 0xcc, 0x31, 0xee, 0xe0, 0x94};

}  // namespace

std::string NameUuid(std::string_view name) {
  std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest;
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, kNamespace.data(), kNamespace.size());
  SHA1_Update(&context, name.data(), name.size());
  SHA1_Final(digest.data(), &context);
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
  std::string text = Hex({reinterpret_cast<const char*>(digest.data()), 16});
  for (const std::size_t place : {8, 13, 18, 23}) text.insert(place, 1, '-');
  return text;
}

}  // namespace ringfort::knowledge
