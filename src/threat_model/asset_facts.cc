#include "threat_model/asset_facts.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace ringfort {
namespace {

constexpr double kBitsPerByte = 8;

// A count as scanners write it; 0 if there is none or it is none.
double CountOf(const ArtifactReport& artifact, const std::string& key) {
  const auto fact = artifact.facts.find(key);
  if (fact == artifact.facts.end()) return 0;
  const std::string& text = fact->second;
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() ? static_cast<double>(count) : 0;
}

}  // namespace

std::vector<AssetFacts> ReadAssetFacts(std::span<const Asset> assets, std::span<const ArtifactReport> artifacts) {
  std::vector<AssetFacts> all;
  for (const Asset& asset : assets) {
    if (asset.artifacts.empty()) continue;
    AssetFacts facts{asset.id, 0, 0};
    std::map<std::string, double> weights;  // bits by format
    for (const std::size_t index : asset.artifacts) {
      if (index >= artifacts.size()) continue;
      const ArtifactReport& artifact = artifacts[index];
      const double bits = static_cast<double>(artifact.size) * kBitsPerByte;
      if (asset.kind == AssetKind::kDataset) facts.bits += bits;
      if (asset.kind == AssetKind::kModel && CountOf(artifact, "parameters") > 0) weights[artifact.format] += bits;
      facts.vocabulary = std::max(facts.vocabulary, CountOf(artifact, "vocabulary"));
    }
    const auto smallest = std::min_element(weights.begin(), weights.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
    if (smallest != weights.end()) facts.bits = smallest->second;
    all.push_back(facts);
  }
  return all;
}

}  // namespace ringfort
