#include "application/file_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ringfort {
namespace {

void Walk(const std::string& path, std::vector<FoundFile>& found) {
  DIR* folder = opendir(path.c_str());
  if (folder == nullptr) {
    found.push_back({path, 0, fmt::format("cannot open the folder: {}", std::strerror(errno))});
    return;
  }
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || name == ".git" || name == ".hg" || name == ".svn") continue;
    names.emplace_back(name);
  }
  const int descriptor = dirfd(folder);
  std::sort(names.begin(), names.end());
  std::vector<std::string> folders;
  for (const std::string& name : names) {
    const std::string full = path.ends_with('/') ? path + name : path + "/" + name;
    struct stat status {};
    if (fstatat(descriptor, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      found.push_back({full, 0, std::strerror(errno)});
      continue;
    }
    const bool link = S_ISLNK(status.st_mode);
    if (link && fstatat(descriptor, name.c_str(), &status, 0) != 0) {
      found.push_back({full, 0, "a symbolic link that leads nowhere"});
    } else if (S_ISREG(status.st_mode)) {
      found.push_back({full, static_cast<std::uint64_t>(status.st_size), {}});
    } else if (S_ISDIR(status.st_mode)) {
      if (!link) folders.push_back(full);
    } else {
      found.push_back({full, 0, "neither a file nor a folder"});
    }
  }
  closedir(folder);
  for (const std::string& next : folders) Walk(next, found);
}

}  // namespace

Result<std::vector<FoundFile>> WalkFiles(const std::vector<std::string>& paths) {
  std::vector<FoundFile> found;
  for (const std::string& path : paths) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0)
      return Error{Fault::kUnavailable, fmt::format("cannot read {}: {}", path, std::strerror(errno))};
    if (S_ISDIR(status.st_mode))
      Walk(path, found);
    else if (S_ISREG(status.st_mode))
      found.push_back({path, static_cast<std::uint64_t>(status.st_size), {}});
    else
      found.push_back({path, 0, "neither a file nor a folder"});
  }
  return found;
}

}  // namespace ringfort
