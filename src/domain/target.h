#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/answer_channel.h"
#include "domain/defense_cost.h"
#include "domain/verdict.h"

// What an assessment is about: the datasets, models, code and endpoints of one
// system, and how they hang together.

namespace ringfort {

enum class AssetKind : std::uint8_t { kDataset, kModel, kRepository, kEndpoint, kOther };
inline constexpr std::array<std::string_view, 5> kAssetKindNames = {"dataset", "model", "repository", "endpoint",
                                                                    "other"};
constexpr std::string_view Name(AssetKind kind) { return kAssetKindNames[static_cast<std::size_t>(kind)]; }

enum class Relation : std::uint8_t { kTrainedOn, kServes, kDependsOn, kLogsTo };
inline constexpr std::array<std::string_view, 4> kRelationNames = {"trained_on", "serves", "depends_on", "logs_to"};
constexpr std::string_view Name(Relation relation) { return kRelationNames[static_cast<std::size_t>(relation)]; }

struct Asset {
  std::string id;  // unique in the target; as written in `ringfort.toml`, or made from the path
  AssetKind kind = AssetKind::kOther;
  std::string location;                // path below the target's folder (`.`: the folder itself), or URL
  std::string inferred;                // why we think so, in sentences; empty if the user declared it
  Verdict verdict = Verdict::kClean;   // the worst of its artifacts
  std::vector<std::size_t> artifacts;  // indices into Assessment::scan.artifacts
  std::string description{};
  std::string license{};
  std::vector<std::string> traits{};       // Trait::ids of the catalog: what steps may ask of it; sorted, each once
  double worth = 1;                        // to its owner, beside the other assets: what harm to it is multiplied by
  bool published = false;                  // strangers may have a copy; never of an endpoint
  std::optional<AnswerChannel> answers{};  // of an endpoint whose owner speaks of them
};

// `from` stands in `relation` to `to`: {"newsroom-model", kTrainedOn, "corpus"}.
struct Tie {
  std::string from;  // Asset::id
  Relation relation = Relation::kDependsOn;
  std::string to;        // Asset::id
  std::string inferred;  // why we think so; empty if the user declared it
};

// What the owner gives to attacks on one of the models: an asset's texts, and what they may
// cost. Paths are below the target's folder.
struct TargetCampaign {
  std::string asset{};       // Asset::id, of a model or an endpoint
  std::string source{};      // what answers for it: a GGUF file, an address, `scripted:FILE`; empty: the asset itself
  std::string members{};     // texts that it was trained on, and
  std::string held_out{};    // texts like them that it was not; both empty: none are given
  std::string prefix{};      // texts that are surely no members
  std::string background{};  // texts in which words are counted
  bool paragraphs = false;   // a text is a paragraph, else a line
  std::string reference{};   // a model to compare with, as `source`
  // Files of samples by attack, for attacks that ask for other texts.
  std::map<std::string, std::string, std::less<>> samples{};
  std::vector<std::string> judges{};    // names; empty: the usual one
  std::string calibration{};            // what is known of their errors
  std::string classifier{};             // the trained one
  std::string judge_model{};            // whom a judge asks that needs a model, as `source`
  std::vector<std::string> attacks{};   // names of cards; empty: the usual ones
  std::vector<std::string> defenses{};  // each alone, beside the bare model
  std::optional<std::uint64_t> most{};  // texts of each kind
  std::optional<std::uint64_t> queries{};
  std::optional<std::uint64_t> tokens{};
  std::optional<double> seconds{};
};

struct Target {
  std::string name{};
  std::string folder{};  // locations are relative to it
  std::vector<Asset> assets{};
  std::vector<Tie> ties{};
  std::vector<std::string> mitigations{};   // ids of the catalog: those in place, by its owner
  std::vector<std::string> ruled_out{};     // ids of the catalog's steps that cannot happen here, by its owner
  std::optional<DefenseCost> budget{};      // what further defenses may take; none: the owner does not say
  std::vector<std::string> notes{};         // what was left out or cut short, one sentence each
  std::vector<TargetCampaign> campaigns{};  // each for another asset
};

// Whether `path`, relative to the target's folder, is the asset's location or lies
// below it. URLs own no paths.
bool Owns(const Asset& asset, std::string_view path);

// The asset that `path` (relative to the target's folder) belongs to: the one
// whose location names it most closely. Nothing if none does.
std::optional<std::size_t> AssetOf(const std::vector<Asset>& assets, std::string_view path);

}  // namespace ringfort
