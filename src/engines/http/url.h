#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

// Where an endpoint is.

namespace ringfort::engines {

struct Url {
  bool secure = false;  // https
  std::string host{};   // lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path{};  // "" or begins with / and does not end with it

  // "http://host:port", with the port only where it is not the usual one.
  std::string Origin() const;
  // What stands in the Host header.
  std::string Authority() const;
  // A key may travel there in the clear.
  bool IsLoopback() const;
};

// "http://127.0.0.1:8080", "https://[::1]:443/v1/". Refuses other schemes, control
// characters, a user or a password (a key does not belong into what is shown), a query
// and a fragment. At most 2,000 bytes. RFC 3986, the part of it that endpoints use.
Result<Url> ParseUrl(std::string_view text);

}  // namespace ringfort::engines
