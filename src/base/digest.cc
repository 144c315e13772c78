#include "base/digest.h"

#include <openssl/sha.h>

#include <array>

#include "base/text.h"

// The low-level interface is deprecated in OpenSSL 3 in favor of EVP, which sets
// up providers and configuration at first use. A caged worker should not need
// that.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace ringfort {

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { SHA256_Init(&state_->context); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::Add(ByteView bytes) { SHA256_Update(&state_->context, bytes.data(), bytes.size()); }

std::string Sha256::Finish() {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256_Final(digest.data(), &state_->context);
  return Hex(AsText(digest));
}

std::string Sha256Hex(ByteView bytes) {
  Sha256 digest;
  digest.Add(bytes);
  return digest.Finish();
}

}  // namespace ringfort
