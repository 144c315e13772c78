#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace ringfort {

struct FoundFile {
  std::string path{};
  std::uint64_t size = 0;
  std::string problem{};  // why it cannot be read, if we know already
};

// The regular files below each path, in a stable order (by name, folder by
// folder). A path that is a file stands for itself. Symbolic links to files are
// followed (model caches are made of them); links to folders are not, so that no
// walk runs in circles. Fails if a path given does not exist. What is neither
// file nor folder (a pipe, a device) and folders that cannot be opened become
// entries with a `problem`. Version-control folders (.git, .hg, .svn) are left
// out.
Result<std::vector<FoundFile>> WalkFiles(const std::vector<std::string>& paths);

}  // namespace ringfort
