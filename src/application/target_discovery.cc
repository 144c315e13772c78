#include "application/target_discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "application/target_file.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "formats/format.h"

namespace ringfort {
namespace {

namespace fs = std::filesystem;
using formats::Format;

constexpr std::array<std::string_view, 8> kDataFolders = {"data",    "dataset", "datasets", "corpus",
                                                          "corpora", "train",   "training", "training_data"};
constexpr std::array<std::string_view, 5> kDataSuffixes = {".jsonl", ".csv", ".tsv", ".parquet", ".arrow"};
constexpr std::array<std::string_view, 16> kModelSuffixes = {
    ".safetensors", ".gguf",  ".onnx",   ".pt",  ".pth",       ".ckpt",    ".pkl", ".joblib",
    ".h5",          ".keras", ".tflite", ".pt2", ".llamafile", ".mlmodel", ".npz", ".pickle"};
constexpr std::array<std::string_view, 4> kCodeMarkers = {"pyproject.toml", "requirements.txt", "setup.py",
                                                          "setup.cfg"};
constexpr std::array<std::string_view, 4> kLeftOut = {"node_modules", "__pycache__", "venv", "site-packages"};

template <class Words>
bool Has(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string Suffix(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string() : LowerCase(name.substr(dot));
}

// What is known of one folder; the key in Folders is its path below the root.
struct Folder {
  std::vector<std::string> files{};  // names, sorted
  bool is_model = false;
};
using Folders = std::map<std::string, Folder>;

std::string Join(const std::string& folder, const std::string& name) {
  return folder == "." ? name : folder + "/" + name;
}
std::string Parent(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

void Walk(const fs::path& root, const std::string& at, int depth, const DiscoveryLimits& limits, std::size_t& left,
          Folders& folders, std::set<std::string>& notes) {
  std::error_code error;
  fs::directory_iterator entries(at == "." ? root : root / at, error);
  if (error) {
    notes.insert(fmt::format("The folder {} could not be read: {}.", at, error.message()));
    return;
  }
  Folder& folder = folders[at];
  std::vector<std::string> below;
  for (const fs::directory_iterator end; entries != end && !error; entries.increment(error)) {
    if (left == 0) {
      notes.insert(fmt::format("Only the first {} files and folders were looked at.", limits.entries));
      break;
    }
    --left;
    const std::string name = entries->path().filename().string();
    std::error_code unknown;
    if (entries->is_symlink(unknown) && entries->is_directory(unknown)) continue;
    if (entries->is_directory(unknown)) {
      if (!name.starts_with('.') && !Has(kLeftOut, name)) below.push_back(name);
    } else if (entries->is_regular_file(unknown)) {
      folder.files.push_back(name);
    }
  }
  std::sort(folder.files.begin(), folder.files.end());
  std::sort(below.begin(), below.end());
  if (depth >= limits.depth && !below.empty()) {
    notes.insert(fmt::format("Folders more than {} deep were not looked at.", limits.depth));
    return;
  }
  for (const std::string& name : below) Walk(root, Join(at, name), depth + 1, limits, left, folders, notes);
}

Format SniffFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head(4096, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return formats::Sniff(AsBytes(head), error ? head.size() : size);
}

// Why this file is taken for a model; empty if it is not.
std::string ModelReason(const fs::path& path, const std::string& name) {
  const std::string suffix = Suffix(name);
  if (Has(kModelSuffixes, suffix)) return fmt::format("The name ends in {}, as model files do.", suffix);
  // .bin and .pb may be anything, and so may a file without any suffix.
  if (suffix != ".bin" && suffix != ".pb" && !suffix.empty()) return {};
  switch (const Format format = SniffFile(path)) {
    case Format::kGguf:
    case Format::kSafetensors:
    case Format::kOnnx:
    case Format::kHdf5:
    case Format::kTflite:
    case Format::kSavedModel:
    case Format::kPickle: return fmt::format("The content begins as that of a {} file does.", formats::Name(format));
    case Format::kZip:
      if (suffix == ".bin") return "The name ends in .bin and the content is a zip archive, as in PyTorch checkpoints.";
      return {};
    default: return {};
  }
}

// The object in the file; null if there is none.
Json ReadObject(const fs::path& path) {
  const auto text = ReadTextFile(path.string(), std::size_t{1} << 20);
  if (!text.ok()) return {};
  auto json = ParseJson(text.value());
  return json.ok() && json.value().is_object() ? std::move(json).value() : Json();
}

bool NamesAModel(const Json& config) { return config.contains("model_type") || config.contains("architectures"); }

// What a class of Hugging Face's transformers is for stands at the end of its name.
struct ArchitectureEnd {
  std::string_view end;
  std::array<std::string_view, 2> traits;
};
constexpr std::array kArchitectureEnds = {
    ArchitectureEnd{"ForCausalLM", {"generative", "language"}},
    ArchitectureEnd{"LMHeadModel", {"generative", "language"}},
    ArchitectureEnd{"ForConditionalGeneration", {"generative", "language"}},
    ArchitectureEnd{"ForSequenceClassification", {"classifier", "language"}},
    ArchitectureEnd{"ForTokenClassification", {"classifier", "language"}},
    ArchitectureEnd{"ForImageClassification", {"classifier", "vision"}},
};

// What the files of a model folder show of the model, and a sentence on each ground.
void InferTraits(const fs::path& folder, const std::vector<std::string>& files, const Json& config, Asset& asset) {
  std::set<std::string> traits;
  const auto infer = [&](std::string_view ground, std::initializer_list<std::string_view> found) {
    traits.insert(found.begin(), found.end());
    asset.inferred += fmt::format(" {} says that it is {}.", ground, fmt::join(found, " and "));
  };
  if (const auto names = config.find("architectures"); names != config.end() && names->is_array())
    for (const Json& name : *names)
      for (const ArchitectureEnd& known : kArchitectureEnds)
        if (name.is_string() && name.get_ref<const std::string&>().ends_with(known.end))
          infer(fmt::format("Its architecture {}", Printable(name.get_ref<const std::string&>(), 80)),
                {known.traits[0], known.traits[1]});
  const bool is_chat =
      Has(files, "chat_template.jinja") ||
      (Has(files, "tokenizer_config.json") && ReadObject(folder / "tokenizer_config.json").contains("chat_template"));
  if (is_chat) infer("A chat template", {"generative", "language"});
  if (!is_chat && Has(files, "tokenizer.json")) infer("A tokenizer", {"language"});
  asset.traits.assign(traits.begin(), traits.end());
}

bool Below(const std::string& path, const std::string& folder) {
  return folder == "." || path == folder || path.starts_with(folder + "/");
}

class Discovery {
 public:
  Discovery(fs::path root, Target& target, const DiscoveryLimits& limits)
      : root_(std::move(root)), target_(target), limits_(limits) {}

  void Run() {
    std::set<std::string> notes;
    std::size_t left = limits_.entries;
    Walk(root_, ".", 0, limits_, left, folders_, notes);
    target_.notes.assign(notes.begin(), notes.end());
    FindModels();
    FindDatasets();
    FindRepositories();
    TieNeighbors();
  }

 private:
  // The new asset until the next one comes; null past the limit.
  Asset* Add(AssetKind kind, const std::string& location, std::string reason) {
    if (target_.assets.size() >= limits_.assets) {
      const std::string note = fmt::format("Only the first {} assets were taken.", limits_.assets);
      if (!Has(target_.notes, note)) target_.notes.push_back(note);
      return nullptr;
    }
    Asset asset;
    asset.id = location == "." ? target_.name : location;
    const auto taken = [&](const Asset& other) { return other.id == asset.id; };
    if (std::any_of(target_.assets.begin(), target_.assets.end(), taken)) asset.id += fmt::format(" ({})", Name(kind));
    asset.kind = kind;
    asset.location = location;
    asset.inferred = std::move(reason);
    target_.assets.push_back(std::move(asset));
    return &target_.assets.back();
  }

  bool InsideModelFolder(const std::string& path) const {
    return std::any_of(model_folders_.begin(), model_folders_.end(),
                       [&](const std::string& folder) { return folder != "." && Below(path, folder); });
  }

  void FindModels() {
    // Folders come sorted, so an outer model folder is seen before an inner one.
    for (auto& [path, folder] : folders_) {
      const std::string& at = path;  // clang 14 captures no structured bindings
      if (InsideModelFolder(at) || !Has(folder.files, "config.json")) continue;
      const Json config = ReadObject(root_ / at / "config.json");
      if (!NamesAModel(config)) continue;
      const auto weights = std::find_if(folder.files.begin(), folder.files.end(), [&](const std::string& name) {
        return !ModelReason(root_ / at / name, name).empty();
      });
      if (weights == folder.files.end()) continue;
      folder.is_model = true;
      model_folders_.push_back(at);
      if (Asset* const asset =
              Add(AssetKind::kModel, at, fmt::format("Its config.json names a model, and {} holds weights.", *weights)))
        InferTraits(root_ / at, folder.files, config, *asset);
    }
    for (const auto& [path, folder] : folders_) {
      const std::string& at = path;
      if (folder.is_model || InsideModelFolder(at)) continue;
      for (const std::string& name : folder.files)
        if (std::string reason = ModelReason(root_ / at / name, name); !reason.empty())
          Add(AssetKind::kModel, Join(at, name), std::move(reason));
    }
  }

  void FindDatasets() {
    std::vector<std::string> taken;
    for (const auto& [path, folder] : folders_) {
      const std::string& at = path;
      if (folder.is_model || InsideModelFolder(at)) continue;
      if (std::any_of(taken.begin(), taken.end(), [&](const std::string& outer) { return Below(at, outer); })) continue;
      const std::string name = LowerCase(at == "." ? target_.name : at.substr(at.rfind('/') + 1));
      const bool data_folder = at != "." && Has(kDataFolders, name);
      for (const std::string& file : folder.files) {
        const std::string suffix = Suffix(file);
        const bool tabular = Has(kDataSuffixes, suffix);
        if (data_folder && (tabular || suffix == ".txt" || suffix == ".json")) {
          taken.push_back(at);
          Add(AssetKind::kDataset, at, fmt::format("The folder is called {} and holds {}.", name, file));
          break;
        }
        if (!data_folder && tabular)
          Add(AssetKind::kDataset, Join(at, file), fmt::format("The name ends in {}, as datasets do.", suffix));
      }
    }
  }

  void FindRepositories() {
    std::vector<std::string> taken;
    for (const auto& [path, folder] : folders_) {
      const std::string& at = path;
      // Code beside weights is part of the model: it is what the model runs.
      if (folder.is_model || InsideModelFolder(at)) continue;
      if (std::any_of(taken.begin(), taken.end(), [&](const std::string& outer) { return Below(at, outer); })) continue;
      const auto code = std::find_if(folder.files.begin(), folder.files.end(), [](const std::string& name) {
        return Has(kCodeMarkers, name) || Suffix(name) == ".py";
      });
      if (code == folder.files.end()) continue;
      taken.push_back(at);
      Add(AssetKind::kRepository, at, fmt::format("It holds {}.", *code));
    }
  }

  void TieNeighbors() {
    for (const Asset& model : target_.assets) {
      if (model.kind != AssetKind::kModel || model.location == ".") continue;
      for (const Asset& dataset : target_.assets) {
        if (dataset.kind != AssetKind::kDataset || dataset.location == ".") continue;
        if (Parent(model.location) != Parent(dataset.location)) continue;
        target_.ties.push_back({model.id, Relation::kTrainedOn, dataset.id,
                                "The model and the dataset lie side by side; nothing else says so."});
      }
    }
  }

  fs::path root_;
  Target& target_;
  const DiscoveryLimits& limits_;
  Folders folders_;
  std::vector<std::string> model_folders_;
};

}  // namespace

Result<Target> DiscoverTarget(const std::string& path, const DiscoveryLimits& limits) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  if (error) return Error{Fault::kUnavailable, fmt::format("cannot open the target {}: {}", path, error.message())};
  Target target;
  target.name = real.filename().string();
  if (!fs::is_directory(real, error)) {
    const fs::path parent = fs::path(path).parent_path();
    target.folder = parent.empty() ? "." : parent.string();
    Asset asset;
    asset.id = asset.location = fs::path(path).filename().string();
    const std::string reason = ModelReason(real, asset.id);
    asset.kind = !reason.empty()                              ? AssetKind::kModel
                 : Has(kDataSuffixes, Suffix(asset.location)) ? AssetKind::kDataset
                                                              : AssetKind::kOther;
    asset.inferred = reason.empty() ? "It is the file that was given." : reason;
    target.assets.push_back(std::move(asset));
    return target;
  }
  target.folder = path;
  Discovery(real, target, limits).Run();
  return target;
}

Result<Target> OpenTarget(const std::string& path, const DiscoveryLimits& limits) {
  std::error_code error;
  if (fs::is_regular_file(path, error) && fs::path(path).filename() == kTargetFileName) return LoadTargetFile(path);
  const fs::path file = fs::path(path) / kTargetFileName;
  if (fs::is_directory(path, error) && fs::exists(file, error)) return LoadTargetFile(file.string());
  return DiscoverTarget(path, limits);
}

}  // namespace ringfort
