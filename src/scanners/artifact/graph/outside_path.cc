#include "scanners/artifact/graph/outside_path.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace ringfort::scanners {

PathKind ClassifyPath(std::string_view path) {
  if (path.empty()) return PathKind::kInside;
  if (std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return PathKind::kControl;
  std::string text = LowerCase(path.substr(0, 8192));
  for (std::size_t at = 0; (at = text.find("%2", at)) != text.npos; ++at) {
    if (text.substr(at, 3) == "%2e")
      text.replace(at, 3, ".");
    else if (text.substr(at, 3) == "%2f")
      text.replace(at, 3, "/");
  }
  std::replace(text.begin(), text.end(), '\\', '/');
  if (text.find("://") != text.npos || text.substr(0, 5) == "file:" || text.substr(0, 2) == "//")
    return PathKind::kAddress;
  if (text[0] == '/' || text[0] == '~') return PathKind::kAbsolute;
  if (text.size() >= 2 && text[1] == ':' && text[0] >= 'a' && text[0] <= 'z') return PathKind::kAbsolute;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    if (text.substr(at, end - at) == "..") return PathKind::kTraversal;
    at = end + 1;
  }
  return PathKind::kInside;
}

std::string_view Name(PathKind kind) {
  switch (kind) {
    case PathKind::kInside: return "inside";
    case PathKind::kAbsolute: return "absolute";
    case PathKind::kTraversal: return "traversal";
    case PathKind::kAddress: return "address";
    case PathKind::kControl: return "control characters";
  }
  return "";
}

bool IsSensitivePath(std::string_view path) {
  std::string text = LowerCase(path.substr(0, 8192));
  std::replace(text.begin(), text.end(), '\\', '/');
  for (const std::string_view place :
       {"/etc/",           "/proc/",        "/root/",        "/dev/",     "/sys/",
        "/boot/",          "/.ssh",         "/.aws",         "/.bash",    "/.profile",
        "/.zsh",           "/.config",      "/.kube",        "/.docker",  "/.netrc",
        "/.git/",          "/cron",         "/systemd/",     "/init.d/",  "id_rsa",
        "authorized_keys", "site-packages", "dist-packages", "/startup/", "windows/system32",
        "/.env",           "/usr/",         "/bin/",         "/var/"})
    if (text.find(place) != text.npos) return true;
  return false;
}

}  // namespace ringfort::scanners
