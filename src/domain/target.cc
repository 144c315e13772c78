#include "domain/target.h"

namespace ringfort {

bool Owns(const Asset& asset, std::string_view path) {
  if (asset.location.find("://") != std::string::npos) return false;
  if (asset.location == ".") return true;
  return path.starts_with(asset.location) &&
         (path.size() == asset.location.size() || path[asset.location.size()] == '/');
}

std::optional<std::size_t> AssetOf(const std::vector<Asset>& assets, std::string_view path) {
  std::optional<std::size_t> closest;
  const auto closeness = [&](std::size_t i) {
    return assets[i].location == "." ? std::size_t{0} : assets[i].location.size();
  };
  for (std::size_t i = 0; i < assets.size(); ++i)
    if (Owns(assets[i], path) && (!closest || closeness(i) > closeness(*closest))) closest = i;
  return closest;
}

}  // namespace ringfort
