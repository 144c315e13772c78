#include "application/model_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "campaign/sample_file.h"
#include "datasets/text_set.h"
#include "engines/checkpoint/gguf_checkpoint.h"
#include "engines/checkpoint/safetensors_checkpoint.h"
#ifdef RINGFORT_WITH_HTTP
#include "engines/http/http_model.h"
#endif
#include "engines/llama_cpp/llama_cpp_model.h"
#include "engines/scripted/refusing_model.h"
#include "engines/scripted/scripted_model.h"
#include "engines/torch/torch_model.h"
#include "formats/weights/gguf.h"

namespace ringfort {
namespace {

constexpr std::string_view kScripted = "scripted:", kTorch = "torch:", kRefusing = "refusing:";
// A smaller network is faster on one thread: the others would mostly wait for each other.
constexpr std::uint64_t kParametersWorthThreads = 30'000'000;
#ifdef RINGFORT_WITH_HTTP
constexpr const char* kKeyVariable = "RINGFORT_API_KEY";
#endif

Result<std::unique_ptr<engines::Model>> OpenScripted(const std::string& texts, const ModelOptions& options) {
  engines::Script script;
  if (options.context != 0) script.context = options.context;
  script.name = texts.empty() ? "scripted" : texts;
  if (!texts.empty()) {
    TRY(set, datasets::ReadTextSet(texts));
    for (datasets::TextSample& sample : set.samples) script.language.memorized.push_back(std::move(sample.text));
    // A faint memory: one that shows, and still makes mistakes.
    script.language.memory_strength = 2;
    script.name = set.digest;
  }
  return std::unique_ptr<engines::Model>(new engines::ScriptedModel(std::move(script)));
}

Result<std::unique_ptr<engines::Model>> OpenRefusing(const std::string& told, const ModelOptions& options) {
  const std::size_t colon = std::min(told.find(':'), told.size());
  const auto weakness = engines::WeaknessFromName(told.substr(0, colon));
  if (!weakness || colon + 1 >= told.size()) {
    std::string names;
    for (const std::string_view name : engines::kWeaknessNames)
      names += (names.empty() ? "" : ", ") + std::string(name);
    return Error{Fault::kInvalidInput,
                 fmt::format("{}{}: a refusing model is `refusing:WEAKNESS:FILE`, with one of the weaknesses {}",
                             kRefusing, Printable(told, 200), names)};
  }
  engines::RefusingScript script{.weakness = *weakness};
  if (options.context != 0) script.script.context = options.context;
  TRY(samples, campaign::ReadSampleFile(told.substr(colon + 1)));
  for (campaign::LabeledSample& one : samples)
    if (!one.sample.candidates.empty())
      script.secrets.push_back({std::move(one.sample.text), std::move(one.sample.candidates.front())});
  return std::unique_ptr<engines::Model>(new engines::RefusingModel(std::move(script)));
}

#ifdef RINGFORT_WITH_HTTP
Result<std::unique_ptr<engines::Model>> OpenEndpoint(const std::string& source, const ModelOptions& options) {
  engines::HttpModelSettings settings;
  settings.http.connections = std::max(1U, kEndpointRequests / std::max(1U, options.workers));
  const std::size_t mark = source.find('#');
  settings.url = source.substr(0, mark);
  if (mark != std::string::npos) settings.model = source.substr(mark + 1);
  if (std::getenv(kKeyVariable) != nullptr) settings.key_variable = kKeyVariable;
  TRY(model, engines::HttpModel::Make(settings));
  return std::unique_ptr<engines::Model>(std::move(model));
}
#endif

std::uint32_t CoresOfOne(const ModelOptions& options) {
  return std::max(1U, std::thread::hardware_concurrency() / std::max(1U, options.workers));
}

// What a reader in C must not be given: the library is looked after by our own parser,
// which knows what made it overflow in the past.
Status FitToLoad(const std::string& path) {
  TRY(file, MappedFile::Open(path));
  if (file.bytes().size() < 4 || file.bytes()[0] != 'G' || file.bytes()[1] != 'G') return Done{};  // the engine says it
  const formats::GgufFacts facts = formats::ReadGguf(file.bytes());
  if (facts.damage)
    return Error{Fault::kInvalidInput, fmt::format("{}: damaged: {}", Printable(path, 500), facts.damage->what)};
  for (const formats::GgufFault& fault : facts.faults) switch (fault.kind) {
      case formats::GgufFaultKind::kOverlap:
      case formats::GgufFaultKind::kOutOfBounds:
      case formats::GgufFaultKind::kBadAlignment:
      case formats::GgufFaultKind::kSizeOverflow:
      case formats::GgufFaultKind::kBadShape:
      case formats::GgufFaultKind::kAbsurdLength:
        return Error{Fault::kInvalidInput, fmt::format("{}: not fit to be loaded: {}; `ringfort scan` tells more",
                                                       Printable(path, 500), fault.what)};
      default: break;
    }
  return Done{};
}

Result<std::unique_ptr<engines::Model>> OpenFile(const std::string& path, const ModelOptions& options) {
  TRY_STATUS(FitToLoad(path));
  std::uint32_t threads = options.threads;
  if (threads == 0 && options.workers > 1) threads = CoresOfOne(options);
  TRY(model, engines::LlamaCppModel::Make(path, {.context = options.context, .threads = threads}));
  return std::unique_ptr<engines::Model>(std::move(model));
}

bool IsFolder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

struct CheckpointFile {
  engines::Checkpoint checkpoint{};
  std::string digest{};
};

Result<CheckpointFile> ReadFolder(const std::string& path) {
  if (!engines::IsSafetensorsFolder(path))
    return Error{Fault::kInvalidInput,
                 fmt::format("{}: a folder with a model holds config.json and model.safetensors, or its "
                             "model.safetensors.index.json; for GGUF, name the file",
                             Printable(path, 500))};
  TRY(checkpoint, engines::ReadSafetensorsFolder(path));
  TRY(digest, engines::DigestOfSafetensorsFolder(path));
  return CheckpointFile{std::move(checkpoint), std::move(digest)};
}

Result<CheckpointFile> ReadGguf(const std::string& path) {
  TRY(file, MappedFile::Open(path));
  auto checkpoint = engines::ReadGgufCheckpoint(file.bytes());
  if (!checkpoint.ok())
    return Error{checkpoint.error().fault, fmt::format("{}: {}", Printable(path, 500), checkpoint.error().what)};
  return CheckpointFile{std::move(checkpoint).value(), Sha256Hex(file.bytes())};
}

Result<std::unique_ptr<engines::Model>> OpenInTorch(const std::string& path, const ModelOptions& options) {
  TRY(file, IsFolder(path) ? ReadFolder(path) : ReadGguf(path));
  std::uint32_t threads = options.threads;
  if (threads == 0 && file.checkpoint.Parameters() >= kParametersWorthThreads) threads = CoresOfOne(options);
  TRY(model, engines::TorchModel::Make(std::move(file.checkpoint), std::move(file.digest),
                                       {.context = options.context, .threads = std::max(threads, 1U)}));
  return std::unique_ptr<engines::Model>(std::move(model));
}

}  // namespace

Result<std::unique_ptr<engines::Model>> OpenModel(const std::string& source, const ModelOptions& options) {
  if (source.starts_with(kRefusing)) return OpenRefusing(source.substr(kRefusing.size()), options);
  if (source.starts_with(kScripted)) return OpenScripted(source.substr(kScripted.size()), options);
  if (source.starts_with("http://") || source.starts_with("https://")) {
#ifdef RINGFORT_WITH_HTTP
    return OpenEndpoint(source, options);
#else
    return Error{Fault::kUnsupported, "built without the engine for endpoints (RINGFORT_WITH_HTTP)"};
#endif
  }
  if (source.starts_with(kTorch)) return OpenInTorch(source.substr(kTorch.size()), options);
  if (IsFolder(source)) return OpenInTorch(source, options);
  return OpenFile(source, options);
}

Result<std::unique_ptr<engines::Model>> OpenModelAgain(const std::string& source, const engines::Model& opened,
                                                       const ModelOptions& options) {
#ifdef RINGFORT_WITH_HTTP
  if (const auto* endpoint = dynamic_cast<const engines::HttpModel*>(&opened)) {
    TRY(another, endpoint->Another());
    return std::unique_ptr<engines::Model>(std::move(another));
  }
#endif
  TRY(model, OpenModel(source, options));
  const engines::ModelFacts &now = model->Facts(), &before = opened.Facts();
  if (now.digest != before.digest || now.name != before.name || now.engine_version != before.engine_version ||
      now.context != before.context || model->Gives() != opened.Gives())
    return Error{Fault::kUnavailable, fmt::format("{} has become another model meanwhile", Printable(source, 500))};
  return model;
}

}  // namespace ringfort
