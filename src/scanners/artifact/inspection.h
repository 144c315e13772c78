#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_stream.h"
#include "base/bytes.h"
#include "domain/finding.h"
#include "domain/rule.h"
#include "formats/format.h"

// The scanner's inner port. A *parser* (room `formats`) turns bytes into facts.
// An *inspector* (this room) calls the parser of one format, judges the facts by
// its rules, and hands every nested piece back through Descend. The inspection
// keeps the book: where we are, what was found, what was not read, what is left
// of the budget.
//
//   void InspectGguf(const Content& content, Inspection& inspection) {
//     const formats::GgufFacts facts = formats::ReadGguf(content.bytes);
//     if (facts.damage) inspection.Skip("tensor table", facts.damage->what, facts.damage->offset);
//     if (...) inspection.Raise(kTemplateEscapes, offset, evidence);
//   }

namespace ringfort::scanners {

enum class Mode : std::uint8_t { kFull, kStructure };

// Bounds on one artifact. A bound that is reached makes the artifact incomplete.
struct Limits {
  std::chrono::milliseconds time{60'000};
  std::uint64_t memory = std::uint64_t{256} << 20;      // of the worker, bytes
  std::uint64_t held_member = std::uint64_t{64} << 20;  // a decompressed member held in one piece, bytes
  std::uint64_t expanded = std::uint64_t{64} << 30;     // decompressed in all, bytes
  std::uint32_t expansion_ratio = 1000;                 // decompressed / compressed, from 64 MiB on
  std::uint32_t depth = 16;                             // containers inside containers
  std::uint32_t members = 1'000'000;                    // in one container
  std::uint32_t findings = 1000;                        // distinct ones kept in one artifact
};

// What a piece of content is expected to be, where its container knows.
enum class Role : std::uint8_t {
  kAny,
  kTensorData,    // raw numbers: any bytes are right, only hidden streams are looked for
  kPickle,        // the container says that this will be unpickled, so it is read as a pickle whatever it looks like
  kTemplate,      // a Jinja chat template
  kPythonSource,  // code that loading the container may run
};

// One artifact or member on its way through the scanner.
struct Content {
  std::string_view name{};       // as its container or its folder calls it; a claim, never a route
  ByteView bytes{};              // all of it, if it lies in memory; else empty
  ByteStream* stream = nullptr;  // set instead of `bytes` when it is too large to hold
  Role role = Role::kAny;
};

class Inspection;

// Reads `content` and reports into `inspection`. Never fails: what goes wrong
// becomes a SkippedPart. `streams` says that it can work from content.stream;
// other formats that are too large to hold are skipped with that reason.
struct Inspector {
  formats::Format format;  // kUnknown: searches raw bytes of no known format for what hides in them
  void (*inspect)(const Content& content, Inspection& inspection);
  bool streams = false;
};

// Thread-compatible. Offsets are counted from the start of the current content.
class Inspection {
 public:
  // `inspectors` are the formats it can route to (family.h has them all; a test
  // may pass few or none) and must outlive it.
  Inspection(std::string path, Mode mode, const Limits& limits, std::span<const Inspector> inspectors,
             std::vector<std::string> siblings = {});

  Mode mode() const { return mode_; }
  const Limits& limits() const { return limits_; }
  // Names of the other files in the artifact's folder (for indexes that refer to
  // them); empty where unknown.
  const std::vector<std::string>& siblings() const { return siblings_; }
  bool siblings_known() const { return !siblings_.empty(); }
  // Path of the content being inspected, `model.pt!/archive/data.pkl`.
  const std::string& container() const { return container_; }
  std::uint32_t depth() const { return depth_; }

  // Holds `rule` against the current content. `evidence` is cut to 2 KiB and
  // made printable; the same rule with the same evidence in the same container
  // is counted, not repeated. `severity` overrides the card's.
  void Raise(const RuleCard& rule, std::uint64_t offset, std::string_view evidence);
  void Raise(const RuleCard& rule, Severity severity, std::uint64_t offset, std::string_view evidence);

  // Records that a part was not read: the artifact will not be clean.
  void Skip(std::string_view what, std::string_view reason, std::uint64_t offset = kNoOffset);
  void Skip(std::string_view what, const Error& error) { Skip(what, error.what, error.offset); }

  // A fact for the inventory; the first value of a key stays. Keys in use:
  // architecture, parameters, tensors, license, name, author, base_model,
  // quantization, framework, producer, vocabulary, chat_template_sha256.
  void Describe(std::string_view key, std::string_view value);

  // Names the current content more exactly than its sniffed format, for example
  // `pytorch-zip` for a zip. At depth 0 this is the artifact's `format`.
  void Refine(std::string_view format_name);

  // Inspects a member found at `offset` of the current content. Bounded by the
  // depth limit. `child.name` becomes the next step of container().
  void Descend(const Content& child, std::uint64_t offset);

  // Inspects a derived view of the current content under another format without
  // going deeper (a template inside a config, code inside a notebook cell).
  // `step` is appended to container() for its findings unless empty.
  void InspectAs(formats::Format format, const Content& content, std::string_view step);

  // Takes `expanded` bytes that came out of `compressed` bytes from the budget.
  // False, with a SkippedPart and a finding recorded, when a bound is reached:
  // stop decompressing then.
  bool TakeExpansion(std::uint64_t expanded, std::uint64_t compressed);

  // True once the artifact's time is spent; recorded as a SkippedPart the first
  // time. Cheap enough to ask every few thousand steps.
  bool Expired();

  // Ends the inspection from outside, wherever it stands: the rest is skipped for
  // that reason, what was found stays.
  void AbandonAt(std::string_view reason);

  // Inspects the artifact itself; call once.
  void InspectArtifact(const Content& content);

  // What was found so far.
  const ArtifactReport& report() const { return report_; }
  ArtifactReport TakeReport() { return std::move(report_); }

 private:
  void Route(const Content& content);

  ArtifactReport report_;
  std::map<std::string, std::size_t> seen_;  // rule + container + evidence -> index of the finding
  Mode mode_;
  Limits limits_;
  std::span<const Inspector> inspectors_;
  std::vector<std::string> siblings_;
  std::string container_;
  std::uint32_t depth_ = 0;
  std::uint64_t expanded_ = 0;
  std::uint64_t compressed_ = 0;
  std::chrono::steady_clock::time_point deadline_;
  bool expired_ = false;
};

}  // namespace ringfort::scanners
