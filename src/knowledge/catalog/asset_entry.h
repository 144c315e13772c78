#pragma once

#include <string>
#include <vector>

#include "domain/target.h"

namespace ringfort::knowledge {

// What an attacker may have achieved over an asset of one kind.
struct Capability {
  std::string id{};  // `records_recovered`; unique within its kind of asset
  std::string summary{};
  double harm = 0;  // to the owner once it is achieved: from 0 (a stepping stone) to 1 (the worst); assumed, ours
};

// Something that an owner may say of an asset, so that steps which make no sense
// without it are tried: a mark can be removed only where there is one.
struct Trait {
  std::string id{};  // `watermarked`; unique within its kind of asset
  std::string summary{};
};

// A kind of asset, the states that an attack graph knows of it, and its traits.
struct AssetEntry {
  AssetKind kind = AssetKind::kOther;
  std::string summary{};
  std::vector<Capability> capabilities{};
  std::vector<Trait> traits{};
};

// A relation between assets, and between which kinds of them it makes sense.
struct TieEntry {
  Relation relation = Relation::kDependsOn;
  std::string summary{};
  struct Ends {
    AssetKind from = AssetKind::kOther;
    AssetKind to = AssetKind::kOther;
  };
  std::vector<Ends> between{};
};

}  // namespace ringfort::knowledge
