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

// A kind of asset and the states that an attack graph knows of it.
struct AssetEntry {
  AssetKind kind = AssetKind::kOther;
  std::string summary{};
  std::vector<Capability> capabilities{};
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
