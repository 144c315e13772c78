#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// A key that is used and never shown.

namespace ringfort::engines {

class Secret {
 public:
  Secret() = default;
  // From the environment. An empty name gives no key; a variable that is not set, or a
  // value that could not stand in a header, is kInvalidInput.
  static Result<Secret> FromEnvironment(const std::string& variable);
  explicit Secret(std::string key) : key_(std::move(key)) {}

  bool empty() const { return key_.empty(); }
  // Only for the header that carries it.
  const std::string& Reveal() const { return key_; }

  // `text` with the key, and each piece of it of at least 8 bytes, as "[key]": servers
  // like to say which key was wrong.
  std::string Redact(std::string_view text) const;
  // Only the whole key, if it has at least 8 bytes; for long answers.
  void RedactWhole(std::string& text) const;

 private:
  std::string key_;
};

}  // namespace ringfort::engines
