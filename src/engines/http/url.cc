#include "engines/http/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace ringfort::engines {
namespace {

constexpr std::size_t kLongest = 2000;

std::uint16_t UsualPort(bool secure) { return secure ? 443 : 80; }

Error Wrong(std::string_view why) {
  // The text itself is not repeated: it may hold a password.
  return {Fault::kInvalidInput, fmt::format("the address of the endpoint {}", why)};
}

bool IsHostCharacter(char c, bool bracketed) {
  const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  return plain || (bracketed && c == ':');
}

}  // namespace

std::string Url::Authority() const {
  const std::string shown = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == UsualPort(secure) ? shown : fmt::format("{}:{}", shown, port);
}

std::string Url::Origin() const { return fmt::format("{}://{}", secure ? "https" : "http", Authority()); }

bool Url::IsLoopback() const {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") &&
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

Result<Url> ParseUrl(std::string_view text) {
  if (text.size() > kLongest) return Wrong("is too long");
  Url url;
  const std::string scheme = LowerCase(text.substr(0, std::min<std::size_t>(8, text.size())));
  if (scheme == "https://") {
    url.secure = true;
    text.remove_prefix(8);
  } else if (scheme.starts_with("http://")) {
    text.remove_prefix(7);
  } else {
    return Wrong("must begin with http:// or https://");
  }
  if (std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; })) {
    return Wrong("holds a character that no address has");
  }
  if (text.find_first_of("?#") != std::string_view::npos) return Wrong("must have no query and no fragment");
  const std::size_t slash = std::min(text.find('/'), text.size());
  std::string_view authority = text.substr(0, slash);
  url.path = text.substr(slash);
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  if (authority.find('@') != std::string_view::npos) {
    return Wrong("must hold no user and no key; name the variable that holds the key instead");
  }
  const bool bracketed = authority.starts_with('[');
  std::size_t end = 0;
  if (bracketed) {
    end = authority.find(']');
    if (end == std::string_view::npos) return Wrong("has a [ without its ]");
    url.host = LowerCase(authority.substr(1, end - 1));
    ++end;
  } else {
    end = std::min(authority.find(':'), authority.size());
    url.host = LowerCase(authority.substr(0, end));
  }
  if (url.host.empty()) return Wrong("names no host");
  if (!std::all_of(url.host.begin(), url.host.end(), [&](char c) { return IsHostCharacter(c, bracketed); })) {
    return Wrong("holds a character that no host has");
  }
  url.port = UsualPort(url.secure);
  if (end < authority.size()) {
    const std::string_view digits = authority.substr(end + 1);
    const auto [rest, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (authority[end] != ':' || failed != std::errc() || rest != digits.data() + digits.size() || url.port == 0) {
      return Wrong("has a port that is no number from 1 to 65535");
    }
  }
  return url;
}

}  // namespace ringfort::engines
