#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/finding.h"
#include "domain/target.h"

namespace ringfort {

// What the files of an asset say of its size, as far as a bound on leakage needs it.
struct AssetFacts {
  std::string asset{};    // Asset::id
  double bits = 0;        // the records, or the weights, as they are stored; 0: not known
  double vocabulary = 0;  // tokens that a model chooses from; 0: not known
};

// From the artifacts that Asset::artifacts names, one entry an asset with artifacts.
// The bits of a dataset are those of all its files. Of a model they are those of the
// files whose parameters were counted; where it lies there in several formats, of the
// smallest, for whoever has that one has the model. A vocabulary is the largest that one
// of the files names. Indices past the artifacts are passed over.
std::vector<AssetFacts> ReadAssetFacts(std::span<const Asset> assets, std::span<const ArtifactReport> artifacts);

}  // namespace ringfort
