#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"

namespace ringfort {

// SHA-256 (FIPS 180-4) over bytes that come in pieces, by OpenSSL, which uses the
// processor's SHA instructions where it has them. Thread-compatible.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Add(ByteView bytes);
  // Lower-case hexadecimal. Call once, last.
  std::string Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string Sha256Hex(ByteView bytes);

}  // namespace ringfort
