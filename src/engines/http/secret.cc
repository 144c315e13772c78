#include "engines/http/secret.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace ringfort::engines {
namespace {

constexpr std::size_t kShortestPiece = 8;
constexpr std::string_view kShown = "[key]";

}  // namespace

Result<Secret> Secret::FromEnvironment(const std::string& variable) {
  if (variable.empty()) return Secret();
  const char* const value = std::getenv(variable.c_str());
  if (value == nullptr || *value == '\0') {
    return Error{Fault::kInvalidInput, fmt::format("the variable {}, which should hold the key, is not set", variable)};
  }
  const std::string_view key = value;
  if (key.size() > 4096 || std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; })) {
    return Error{Fault::kInvalidInput, fmt::format("the variable {} holds no key: it has spaces, line ends or "
                                                   "other characters that no key has",
                                                   variable)};
  }
  return Secret(std::string(key));
}

std::string Secret::Redact(std::string_view text) const {
  if (key_.empty()) return std::string(text);
  const std::size_t shortest = std::min(kShortestPiece, key_.size());
  std::string shown;
  std::size_t at = 0;
  while (at < text.size()) {
    // The longest piece of the key that begins here.
    std::size_t length = 0;
    while (at + std::max(length + 1, shortest) <= text.size()) {
      const std::size_t longer = std::max(length + 1, shortest);
      if (key_.find(text.substr(at, longer)) == std::string::npos) break;
      length = longer;
    }
    if (length == 0) {
      shown += text[at++];
    } else {
      shown += kShown;
      at += length;
    }
  }
  return shown;
}

void Secret::RedactWhole(std::string& text) const {
  if (key_.size() < kShortestPiece) return;  // so short a word may stand in any text
  for (std::size_t at = text.find(key_); at != std::string::npos; at = text.find(key_, at + kShown.size())) {
    text.replace(at, key_.size(), kShown);
  }
}

}  // namespace ringfort::engines
