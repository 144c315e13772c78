#include "application/target_artifacts.h"

#include <algorithm>
#include <filesystem>

#include "application/target_file.h"

namespace ringfort {
namespace {

// `path` as seen from `folder`: `model/a.pt` for `x/model/a.pt` in `x`.
std::string_view Below(std::string_view folder, std::string_view path) {
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (folder.empty() || folder == ".") return path.starts_with("./") ? path.substr(2) : path;
  if (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/')
    return path.substr(folder.size() + 1);
  return path;
}

}  // namespace

std::string ScanPathOf(const Target& target, const std::string& given) {
  std::error_code ignored;
  const bool one_file =
      std::filesystem::is_regular_file(given, ignored) && std::filesystem::path(given).filename() != kTargetFileName;
  return one_file || target.folder.empty() ? given : target.folder;
}

void AttachArtifacts(std::string_view folder, std::span<const ArtifactReport> artifacts, std::vector<Asset>& assets) {
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    const auto owner = AssetOf(assets, Below(folder, artifacts[i].path));
    if (!owner) continue;
    Asset& asset = assets[*owner];
    asset.artifacts.push_back(i);
    asset.verdict = std::max(asset.verdict, artifacts[i].verdict());
  }
}

}  // namespace ringfort
