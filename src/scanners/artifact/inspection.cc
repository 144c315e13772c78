#include "scanners/artifact/inspection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "scanners/artifact/inspection_rules.h"

namespace ringfort::scanners {
namespace {

using formats::Format;

constexpr std::uint64_t kRatioGrace = std::uint64_t{64} << 20;
// Smaller pickles have no room for a program among their values.
constexpr std::size_t kWorthSearching = 4096;
constexpr std::size_t kHeadSize = std::size_t{64} << 10;

// What a file name promises. Only promises of harmlessness count: `.bin`, `.pt`
// or `.model` promise nothing.
struct Claim {
  std::string_view ending;
  Format format;
  bool model;  // names a model format, so content of no known format is damage, not data
};
constexpr std::array kClaims = {
    Claim{".safetensors", Format::kSafetensors, true},
    Claim{".gguf", Format::kGguf, true},
    Claim{".onnx", Format::kOnnx, true},
    Claim{".tflite", Format::kTflite, true},
    Claim{".json", Format::kJson, false},
    Claim{".txt", Format::kText, false},
    Claim{".md", Format::kText, false},
    Claim{".csv", Format::kText, false},
    Claim{".yaml", Format::kText, false},
    Claim{".jinja", Format::kJinja, false},
    Claim{".png", Format::kMedia, false},
    Claim{".jpg", Format::kMedia, false},
    Claim{".jpeg", Format::kMedia, false},
    Claim{".gif", Format::kMedia, false},
    Claim{".wav", Format::kMedia, false},
    Claim{".pdf", Format::kMedia, false},
    Claim{".h5", Format::kHdf5, true},
    Claim{".hdf5", Format::kHdf5, true},
    Claim{".xml", Format::kXml, false},
    Claim{".pmml", Format::kXml, true},
    Claim{".parquet", Format::kMedia, false},
    Claim{".keras", Format::kZip, true},
    Claim{".npz", Format::kZip, true},
    Claim{".npy", Format::kNumpy, true},
};
// Endings that promise a model but no particular container.
constexpr std::array<std::string_view, 14> kModelEndings = {".pkl",    ".pickle", ".pt",  ".pth", ".ckpt",
                                                            ".joblib", ".dill",   ".pb",  ".7z",  ".zip",
                                                            ".tar",    ".whl",    ".pt2", ".mar"};

const Claim* ClaimOf(std::string_view lower_name) {
  for (const Claim& claim : kClaims)
    if (lower_name.ends_with(claim.ending)) return &claim;
  return nullptr;
}

bool ClaimsModel(std::string_view name) {
  const std::string lower = LowerCase(name);
  if (const Claim* claim = ClaimOf(lower)) return claim->model;
  return std::any_of(kModelEndings.begin(), kModelEndings.end(),
                     [&](std::string_view e) { return lower.ends_with(e); });
}

// Content that does something when it is opened, as against data.
bool IsActive(Format format) {
  switch (format) {
    case Format::kPickle:
    case Format::kZip:
    case Format::kSevenZip:
    case Format::kElf:
    case Format::kPe:
    case Format::kMachO: return true;
    default: return false;
  }
}

// Formats whose bytes are in large part numbers, in which something may hide.
bool HoldsRawData(Format format) {
  switch (format) {
    case Format::kGguf:
    case Format::kSafetensors:
    case Format::kNumpy:
    case Format::kOnnx:
    case Format::kTflite:
    case Format::kHdf5:
    case Format::kSavedModel:
    case Format::kMedia: return true;
    default: return false;
  }
}

std::uint64_t SizeOf(const Content& content) {
  return content.stream != nullptr ? ~std::uint64_t{0} : content.bytes.size();
}

}  // namespace

Inspection::Inspection(std::string path, Mode mode, const Limits& limits, std::span<const Inspector> inspectors,
                       std::vector<std::string> siblings)
    : mode_(mode),
      limits_(limits),
      inspectors_(inspectors),
      siblings_(std::move(siblings)),
      container_(path),
      deadline_(std::chrono::steady_clock::now() + limits.time) {
  report_.path = std::move(path);
}

void Inspection::Raise(const RuleCard& rule, std::uint64_t offset, std::string_view evidence) {
  Raise(rule, rule.severity, offset, evidence);
}

void Inspection::Raise(const RuleCard& rule, Severity severity, std::uint64_t offset, std::string_view evidence) {
  std::string shown = Printable(evidence);
  std::string key = fmt::format("{}\n{}\n{}", rule.id, container_, shown);
  if (const auto known = seen_.find(key); known != seen_.end()) {
    Finding& finding = report_.findings[known->second];
    ++finding.count;
    finding.severity = std::max(finding.severity, severity);
    return;
  }
  if (report_.findings.size() >= limits_.findings) {
    // A flood of small findings must not push out a grave one.
    const auto mildest = std::min_element(report_.findings.begin(), report_.findings.end(),
                                          [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    if (mildest == report_.findings.end() || mildest->severity >= severity) return;
    *mildest = {std::string(rule.id), severity, {container_, offset}, std::move(shown), 1, {}};
    return;
  }
  seen_.emplace(std::move(key), report_.findings.size());
  report_.findings.push_back({std::string(rule.id), severity, {container_, offset}, std::move(shown), 1, {}});
}

void Inspection::Skip(std::string_view what, std::string_view reason, std::uint64_t offset) {
  constexpr std::size_t kKept = 200;
  if (report_.skipped.size() >= kKept) {
    if (report_.skipped.size() == kKept) report_.skipped.push_back({"more parts", "too many to list", kNoOffset});
    return;
  }
  std::string place = Printable(what, 256);
  if (container_ != report_.path) place += fmt::format(" in {}", Printable(container_, 1024));
  report_.skipped.push_back({std::move(place), Printable(reason, 1024), offset});
}

void Inspection::Describe(std::string_view key, std::string_view value) {
  if (report_.facts.size() < 64) report_.facts.emplace(std::string(key), Printable(value, 512));
}

void Inspection::Refine(std::string_view format_name) {
  if (depth_ == 0 && container_ == report_.path) report_.format = format_name;
}

void Inspection::Descend(const Content& child, std::uint64_t offset) {
  if (Expired()) return;
  if (depth_ >= limits_.depth) {
    Raise(kNestedTooDeep, offset, fmt::format("{} levels of containers", depth_));
    Skip(fmt::format("member {}", child.name), fmt::format("nested deeper than {} containers", limits_.depth), offset);
    return;
  }
  const std::size_t length = container_.size();
  container_ += "!/";
  container_ += Printable(child.name, 512);
  ++depth_;
  Route(child);
  --depth_;
  container_.resize(length);
}

void Inspection::InspectAs(Format format, const Content& content, std::string_view step) {
  if (Expired()) return;
  // A view of a view of a view nests as containers do, but a container at the
  // limit may still be looked at from one more side.
  if (depth_ > limits_.depth) {
    Skip(step, fmt::format("nested deeper than {} containers", limits_.depth));
    return;
  }
  const auto inspector =
      std::find_if(inspectors_.begin(), inspectors_.end(), [&](const Inspector& i) { return i.format == format; });
  if (inspector == inspectors_.end()) return;
  const std::size_t length = container_.size();
  if (!step.empty()) {
    container_ += "!/";
    container_ += Printable(step, 512);
  }
  ++depth_;
  inspector->inspect(content, *this);
  --depth_;
  container_.resize(length);
}

bool Inspection::TakeExpansion(std::uint64_t expanded, std::uint64_t compressed) {
  expanded_ += expanded;
  compressed_ += compressed;
  const bool too_much = expanded_ > limits_.expanded;
  const bool too_dense =
      expanded_ > kRatioGrace && expanded_ / std::max<std::uint64_t>(1, compressed_) > limits_.expansion_ratio;
  if (!too_much && !too_dense) return true;
  Raise(kExpansionBomb, kNoOffset, too_much ? "more bytes than the limit allows" : "expansion ratio past the limit");
  Skip("compressed data", fmt::format("{} bytes came out of {}, more than the limits allow", expanded_, compressed_));
  return false;
}

bool Inspection::Expired() {
  if (expired_) return true;
  if (std::chrono::steady_clock::now() < deadline_) return false;
  expired_ = true;
  Skip("rest of the artifact", fmt::format("the time limit of {} ms is spent", limits_.time.count()));
  return true;
}

void Inspection::AbandonAt(std::string_view reason) {
  expired_ = true;
  Skip("rest of the artifact", reason);
}

void Inspection::InspectArtifact(const Content& content) {
  report_.size = content.bytes.size();
  Route(content);
}

void Inspection::Route(const Content& content) {
  const ByteView bytes = content.stream != nullptr ? content.stream->Window(kHeadSize) : content.bytes;
  Format format = Format::kUnknown;
  switch (content.role) {
    case Role::kAny: format = formats::Sniff(bytes, SizeOf(content)); break;
    case Role::kTensorData: break;
    case Role::kPickle: format = Format::kPickle; break;
    case Role::kTemplate: format = Format::kJinja; break;
    case Role::kPythonSource: format = Format::kPython; break;
  }
  const std::string lower_name = LowerCase(content.name);
  // What is imported or rendered by its name is code, however much prose it holds.
  if (format == Format::kText && content.role == Role::kAny) {
    if (lower_name.ends_with(".py")) format = Format::kPython;
    if (lower_name.ends_with(".jinja") || lower_name.ends_with(".jinja2")) format = Format::kJinja;
  }
  if (depth_ == 0) report_.format = formats::Name(format);

  if (const Claim* claim = ClaimOf(lower_name);
      claim != nullptr && content.role == Role::kAny && claim->format != format && IsActive(format))
    Raise(kNameClaimsOtherFormat, 0, fmt::format("{} holds {}", content.name, formats::Name(format)));

  const auto find = [&](Format wanted) {
    return std::find_if(inspectors_.begin(), inspectors_.end(), [&](const Inspector& i) { return i.format == wanted; });
  };
  // The inspector listed for kUnknown searches raw bytes for what hides in them.
  const auto search = find(Format::kUnknown);
  const bool may_search = mode_ == Mode::kFull && search != inspectors_.end();

  if (format != Format::kUnknown) {
    if (const auto inspector = find(format); inspector != inspectors_.end()) {
      if (content.stream != nullptr && !inspector->streams)
        Skip(content.name,
             fmt::format("{} too large to hold in memory ({} bytes)", formats::Name(format), limits_.held_member));
      else
        inspector->inspect(content, *this);
    }
    if (may_search && (HoldsRawData(format) || (format == Format::kPickle && content.bytes.size() >= kWorthSearching)))
      search->inspect(content, *this);
    if (content.role == Role::kAny && ClaimsModel(content.name)) {
      if (format == Format::kEmpty) Skip(content.name, "named as a model, but there is nothing in it", 0);
      if (format == Format::kText)
        Skip(content.name, "named as a model, but holds text (a pointer to the real file?)", 0);
    }
    return;
  }
  if (may_search) search->inspect(content, *this);
  if (content.role == Role::kTensorData) return;
  // Raw weights beside the graph that describes them (OpenVINO, ONNX external data,
  // SavedModel variables).
  const std::string_view file_name = content.name.substr(content.name.rfind('/') + 1);
  // A graph that cannot be told as one does not describe itself.
  const bool described =
      depth_ == 0 && !lower_name.ends_with(".onnx") &&
      std::any_of(siblings_.begin(), siblings_.end(), [&](const std::string& sibling) {
        const auto stem = [](std::string_view name) { return name.substr(0, name.rfind('.')); };
        // Variables of a SavedModel: a table in `.index`, raw tensors in `.data-...`.
        if (sibling == "variables.index") return file_name.starts_with("variables.");
        return sibling.ends_with(".onnx") || (sibling.ends_with(".xml") && stem(sibling) == stem(file_name));
      });
  if (described) {
    Refine("raw-tensor-data");
  } else if (depth_ == 0 || ClaimsModel(content.name)) {
    Skip(content.name, "not in a format that Ringfort reads; its bytes were only searched for hidden content", 0);
  }
}

}  // namespace ringfort::scanners
