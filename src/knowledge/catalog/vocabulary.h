#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/provenance.h"

// The closed word lists of the catalog. A word outside its list is a fault of the
// entry that uses it. Axes and life stages are domain words (domain/axis.h), kinds
// of assets and ties too (domain/target.h).

namespace ringfort::knowledge {

// Which term of C = B log2(1 + S/N) an attack or a mitigation acts on
// (arXiv 2411.11195).
enum class ChannelComponent : std::uint8_t { kSignal, kNoise, kBandwidth };
inline constexpr std::array<std::string_view, 3> kChannelComponentNames = {"signal", "noise", "bandwidth"};

enum class Modality : std::uint8_t { kVision, kLanguage, kAudio, kGraph, kMultimodal };
inline constexpr std::array<std::string_view, 5> kModalityNames = {"vision", "language", "audio", "graph",
                                                                   "multimodal"};

// The six families of arXiv 2502.05206.
enum class ModelFamily : std::uint8_t {
  kVision,
  kLanguage,
  kVisionLanguagePretrained,  // CLIP and its kin: two encoders, one space
  kVisionLanguage,            // a language model that sees
  kDiffusion,
  kAgent,
};
inline constexpr std::array<std::string_view, 6> kModelFamilyNames = {
    "vision", "language", "vision_language_pretrained", "vision_language", "diffusion", "agent"};

// What the attacker needs to hold before the attack begins. A list is read as
// "any of these suffices".
enum class Access : std::uint8_t {
  kNone,          // nothing but a public place
  kContent,       // can write what the system will read: a page, a mail, a record
  kTrainingData,  // can place or change records that are trained on
  kUpdates,       // sees or sends model updates (federated, split or fine-tuning service)
  kArtifact,      // can hand over or replace a model file, a package, an image
  kLabelOnly,     // sees answers only: a label or a text
  kScores,        // sees confidences, probabilities or embeddings
  kLogits,        // sees logits or log-probabilities
  kWhiteBox,      // holds weights and gradients
  kInsider,       // runs code or has an account inside
};
inline constexpr std::array<std::string_view, 10> kAccessNames = {"none",      "content",    "training_data", "updates",
                                                                  "artifact",  "label_only", "scores",        "logits",
                                                                  "white_box", "insider"};

// The verbs of D3FEND that the mitigation matrix of arXiv 2512.23132 uses.
enum class Verb : std::uint8_t { kHarden, kDetect, kIsolate, kEvict };
inline constexpr std::array<std::string_view, 4> kVerbNames = {"harden", "detect", "isolate", "evict"};

enum class MitigationLevel : std::uint8_t {
  kData,
  kSoftware,
  kStorage,
  kSystem,
  kCloud,
  kFederated,
  kPreference,  // against preference-guided search
  kModel,       // ours: measures inside training or decoding
};
inline constexpr std::array<std::string_view, 8> kMitigationLevelNames = {"data",  "software",  "storage",    "system",
                                                                          "cloud", "federated", "preference", "model"};

enum class ThreatKind : std::uint8_t {
  kCaseStudy,  // of ATLAS
  kIncident,   // of an incident database
  kAttack,     // a technique of the literature
  kDefense,    // stands in the published list of threats, but protects
};
inline constexpr std::array<std::string_view, 4> kThreatKindNames = {"case_study", "incident", "attack", "defense"};

// Who states a link or a definition: the literature, or we.
enum class StatedBy : std::uint8_t { kPublished, kOurs };
inline constexpr std::array<std::string_view, 2> kStatedByNames = {"published", "ours"};

constexpr std::string_view Name(ChannelComponent word) {
  return kChannelComponentNames[static_cast<std::size_t>(word)];
}
constexpr std::string_view Name(Modality word) { return kModalityNames[static_cast<std::size_t>(word)]; }
constexpr std::string_view Name(ModelFamily word) { return kModelFamilyNames[static_cast<std::size_t>(word)]; }
constexpr std::string_view Name(Access word) { return kAccessNames[static_cast<std::size_t>(word)]; }
constexpr std::string_view Name(Verb word) { return kVerbNames[static_cast<std::size_t>(word)]; }
constexpr std::string_view Name(MitigationLevel word) { return kMitigationLevelNames[static_cast<std::size_t>(word)]; }
constexpr std::string_view Name(ThreatKind word) { return kThreatKindNames[static_cast<std::size_t>(word)]; }
constexpr std::string_view Name(StatedBy word) { return kStatedByNames[static_cast<std::size_t>(word)]; }

// The word of an enumeration whose names stand in `names`.
template <class Word, std::size_t kCount>
constexpr std::optional<Word> WordFromName(const std::array<std::string_view, kCount>& names, std::string_view name) {
  for (std::size_t i = 0; i < kCount; ++i)
    if (names[i] == name) return static_cast<Word>(i);
  return std::nullopt;
}

}  // namespace ringfort::knowledge
