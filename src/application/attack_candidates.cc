#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "application/attack_candidates_internal.h"
#include "application/scan.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "engines/checkpoint/safetensors_checkpoint.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIndex = "model.safetensors.index.json";
constexpr std::uint64_t kMostConfig = 1 << 20;

bool IsAddress(std::string_view source) { return source.starts_with("http://") || source.starts_with("https://"); }

std::string Normal(const fs::path& path) { return path.lexically_normal().string(); }

std::optional<std::uint64_t> WidthOf(const ArtifactReport& artifact) {
  const auto at = artifact.facts.find("embedding_length");
  if (at == artifact.facts.end()) return std::nullopt;
  std::uint64_t width = 0;
  const auto [end, fault] = std::from_chars(at->second.data(), at->second.data() + at->second.size(), width);
  if (fault != std::errc() || end != at->second.data() + at->second.size() || width == 0) return std::nullopt;
  return width;
}

std::optional<std::uint64_t> WidthOfFolder(const std::string& folder) {
  const auto text = ReadTextFile(folder + "/config.json", kMostConfig);
  if (!text.ok()) return std::nullopt;
  const auto config = ParseJson(text.value());
  if (!config.ok() || !config.value().is_object()) return std::nullopt;
  for (const char* key : {"hidden_size", "n_embd"})
    if (const auto at = config.value().find(key); at != config.value().end() && at->is_number_unsigned())
      return at->get<std::uint64_t>();
  return std::nullopt;
}

std::uint64_t PhysicalMemory() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) : 0;
}

// What is to be loaded, or why it is not.
struct Place {
  std::string source{};
  std::string obstacle{};
};

class Finder {
 public:
  Finder(const Target& target, const ScanResult& scan, bool ask_endpoints)
      : target_(target), scan_(scan), ask_endpoints_(ask_endpoints) {}

  std::vector<AttackCandidate> Find(const std::vector<Asset>& assets) {
    for (const Asset& asset : assets) Add(asset);
    return std::move(candidates_);
  }

 private:
  void Add(const Asset& asset) {
    AttackCandidate candidate;
    candidate.asset = candidate.id = asset.id;
    for (const TargetCampaign& campaign : target_.campaigns)
      if (campaign.asset == asset.id) candidate.campaign = &campaign;
    if (const TargetCampaign* campaign = candidate.campaign; campaign != nullptr) {
      AddOther("reference", campaign->reference, candidate.reference, candidate.no_reference);
      AddOther("the judge's model", campaign->judge_model, candidate.judge, candidate.no_judge);
      if (!campaign->source.empty()) return AddSource(std::move(candidate), campaign->source);
    }
    if (asset.kind == AssetKind::kEndpoint || (asset.kind == AssetKind::kModel && IsAddress(asset.location)))
      return AddSource(std::move(candidate), asset.location);
    if (asset.kind == AssetKind::kModel) AddFiles(asset, candidate);
  }

  void AddFiles(const Asset& asset, const AttackCandidate& like) {
    std::vector<const ArtifactReport*> files;
    std::set<std::string> folders;
    for (const std::size_t index : asset.artifacts) {
      const ArtifactReport& file = scan_.artifacts[index];
      if (file.format == "gguf" || file.path.ends_with(".gguf")) files.push_back(&file);
      const fs::path parent = fs::path(file.path).parent_path();
      if (file.path.ends_with(".safetensors") && engines::IsSafetensorsFolder(parent.empty() ? "." : parent.string()))
        folders.insert(parent.empty() ? "." : parent.string());
    }
    const bool several = files.size() + folders.size() > 1;
    const auto named = [&](const fs::path& path) {
      AttackCandidate candidate = like;
      if (several) candidate.id = asset.id + "/" + path.filename().string();
      return candidate;
    };
    for (const ArtifactReport* file : files) AddFile(named(file->path), *file);
    for (const std::string& folder : folders) AddFolder(named(folder), folder);
    if (!files.empty() || !folders.empty()) return;
    AttackCandidate none = like;
    none.shown = asset.location;
    none.obstacle =
        "it holds no model that can be run, a GGUF file or a folder with config.json and model.safetensors; `source` "
        "in a [[campaign]] may name one";
    candidates_.push_back(std::move(none));
  }

  void AddSource(AttackCandidate candidate, const std::string& source) {
    candidate.source = candidate.shown = source;
    candidate.endpoint = IsAddress(source);
    const std::string path = Normal(fs::path(target_.folder) / source);
    if (candidate.endpoint) {
      if (!ask_endpoints_) candidate.obstacle = "an endpoint is asked only with --ask-endpoints";
    } else if (source.starts_with(kScriptedSource)) {
      candidate.source = PlaceScripted(source);
    } else if (source.find("://") != std::string::npos) {
      candidate.obstacle = "its address is no http:// or https://";
    } else if (const ArtifactReport* file = FileAt(path); file != nullptr) {
      return AddFile(std::move(candidate), *file);
    } else if (engines::IsSafetensorsFolder(path)) {
      return AddFolder(std::move(candidate), path);
    } else {
      candidate.obstacle = fmt::format("{} is not among the files that were scanned", Printable(source, 200));
      candidate.failed = true;
    }
    candidates_.push_back(std::move(candidate));
  }

  const ArtifactReport* FileAt(const fs::path& path) const {
    const std::string wanted = Normal(path);
    for (const ArtifactReport& artifact : scan_.artifacts)
      if (Normal(artifact.path) == wanted) return &artifact;
    return nullptr;
  }

  void AddFile(AttackCandidate candidate, const ArtifactReport& file) {
    candidate.source = candidate.shown = file.path;
    candidate.width = WidthOf(file);
    candidate.obstacle = Obstacle(file);
    candidate.failed = file.verdict() == Verdict::kIncomplete;
    candidates_.push_back(std::move(candidate));
  }

  void AddFolder(AttackCandidate candidate, const std::string& folder) {
    candidate.source = candidate.shown = folder;
    candidate.folder = true;
    candidate.obstacle = FolderObstacle(folder);
    std::error_code error;
    if (candidate.obstacle.empty() && !fs::exists(fs::path(folder) / "tokenizer.json", error))
      candidate.obstacle = "it has no tokenizer.json, so nothing can be asked of it";
    if (candidate.obstacle.empty()) candidate.width = WidthOfFolder(folder);
    candidates_.push_back(std::move(candidate));
  }

  // Why a file is not to be loaded; empty: nothing speaks against it.
  static std::string Obstacle(const ArtifactReport& file) {
    const std::uint64_t memory = PhysicalMemory();
    if (file.verdict() == Verdict::kIncomplete) return "not all of the file could be read, so it is not loaded";
    if (file.verdict() != Verdict::kClean)
      return fmt::format("the scan says {}, so it is not loaded", Name(file.verdict()));
    if (memory > 0 && file.size > memory / 2)
      return fmt::format("its {} are more than half of this machine's memory", HumanBytes(file.size));
    return "";
  }

  // The same of a folder: of each file in it that was scanned, and of each that would be read.
  std::string FolderObstacle(const std::string& folder) const {
    const std::string normal = Normal(fs::path(folder) / "");
    const std::string root = normal == "./" ? "" : normal;
    std::uint64_t size = 0;
    for (const ArtifactReport& file : scan_.artifacts) {
      if (!Normal(file.path).starts_with(root)) continue;
      if (file.verdict() != Verdict::kClean)
        return fmt::format("the scan says {} of {} in it, so it is not loaded", Name(file.verdict()),
                           Printable(fs::path(file.path).filename().string(), 200));
      size += file.size;
    }
    std::vector<std::string> read = {"config.json",          "tokenizer.json",    "tokenizer_config.json",
                                     "chat_template.jinja",  "model.safetensors", kIndex,
                                     "1_Pooling/config.json"};
    if (std::error_code error;
        FileAt(fs::path(folder) / kIndex) != nullptr && !fs::exists(fs::path(folder) / "model.safetensors", error)) {
      const auto index = ReadTextFile((fs::path(folder) / kIndex).string(), std::uint64_t{64} << 20);
      const auto shards = index.ok() ? engines::ShardsOfIndex(index.value()) : index.error();
      if (!shards.ok()) return shards.error().what;
      read.insert(read.end(), shards.value().begin(), shards.value().end());
    }
    for (const std::string& name : read) {
      std::error_code error;
      const fs::path path = fs::path(folder) / name;
      if (fs::exists(fs::symlink_status(path, error)) && FileAt(path) == nullptr)
        return fmt::format("{} in it was not scanned, so it is not loaded", Printable(name, 200));
    }
    // Numbers of two bytes become four.
    if (const std::uint64_t memory = PhysicalMemory(); memory > 0 && size > memory / 4)
      return fmt::format("its {} become more than half of this machine's memory", HumanBytes(size));
    return "";
  }

  // The same rules for a model that another is compared with, or that judges.
  void AddOther(std::string_view what, const std::string& source, std::string& place, std::string& why_not) const {
    if (source.empty()) return;
    Place found = PlaceOf(source);
    if (found.obstacle.empty())
      place = std::move(found.source);
    else
      why_not = fmt::format("{} {}: {}", what, Printable(source, 200), found.obstacle);
  }

  Place PlaceOf(const std::string& source) const {
    if (IsAddress(source)) return {source, ask_endpoints_ ? "" : "an endpoint is asked only with --ask-endpoints"};
    if (source.starts_with(kScriptedSource)) return {PlaceScripted(source), ""};
    const std::string path = Normal(fs::path(target_.folder) / source);
    if (const ArtifactReport* file = FileAt(path); file != nullptr) return {file->path, Obstacle(*file)};
    if (engines::IsSafetensorsFolder(path)) return {path, FolderObstacle(path)};
    return {"", "it is not among the files that were scanned"};
  }

  // `scripted:` alone knows no text.
  std::string PlaceScripted(const std::string& source) const {
    const std::string texts = source.substr(kScriptedSource.size());
    return texts.empty() ? source : std::string(kScriptedSource) + target_.folder + "/" + texts;
  }

  const Target& target_;
  const ScanResult& scan_;
  bool ask_endpoints_;
  std::vector<AttackCandidate> candidates_;
};

}  // namespace

std::vector<AttackCandidate> FindCandidates(const Target& target, const std::vector<Asset>& assets,
                                            const ScanResult& scan, bool ask_endpoints) {
  return Finder(target, scan, ask_endpoints).Find(assets);
}

}  // namespace ringfort
