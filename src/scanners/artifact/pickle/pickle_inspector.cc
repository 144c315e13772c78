#include "scanners/artifact/pickle/pickle_inspector.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanners/artifact/pickle/pickle_judge.h"
#include "scanners/artifact/pickle/pickle_rules.h"

namespace ringfort::scanners {
namespace {

// Raw arrays and storages are data, but data is where things are hidden.
constexpr std::uint64_t kSearchedFrom = 64;
constexpr std::size_t kSearchedPieces = 4096;

void LookIntoRawBytes(const Content& content, const formats::PickleFacts& facts, Inspection& inspection) {
  if (content.bytes.empty() || inspection.mode() != Mode::kFull) return;
  std::size_t looked = 0;
  for (const formats::PickleRaw& raw : facts.raw) {
    if (raw.kind == formats::PickleRawKind::kTrailing || raw.size < kSearchedFrom) continue;
    if (++looked > kSearchedPieces || inspection.Expired()) return;
    Content piece;
    piece.name = raw.kind == formats::PickleRawKind::kJoblibArray ? "array" : "storages";
    piece.bytes = Slice(content.bytes, raw.offset, raw.size);
    piece.role = Role::kTensorData;
    inspection.Descend(piece, raw.offset);
  }
}

void LookIntoNested(const NestedStreams& nested, Inspection& inspection) {
  for (const NestedStreams::Piece& found : nested.pieces()) {
    Content piece;
    piece.name = "nested pickle";
    piece.bytes = found.bytes();
    // A loader takes for a pickle what is no archive to it, whatever that looks like.
    const formats::Format format =
        formats::Sniff(piece.bytes.first(std::min<std::size_t>(piece.bytes.size(), 65536)), piece.bytes.size());
    const bool archive = format == formats::Format::kZip || format == formats::Format::kTar;
    if (found.to_loader && !archive) piece.role = Role::kPickle;
    inspection.Descend(piece, found.offset);
  }
}

void LookBehind(const Content& content, const formats::PickleFacts& facts, Inspection& inspection) {
  if (!facts.trailing || facts.trailing->size == 0) return;
  const std::uint64_t offset = facts.trailing->offset;
  if (content.bytes.empty()) {
    inspection.Skip("bytes after the pickle", "too large to hold, so they were not looked into", offset);
    return;
  }
  const ByteView rest = Slice(content.bytes, offset, facts.trailing->size);
  if (std::all_of(rest.begin(), rest.end(),
                  [](std::uint8_t b) { return b == 0 || b == '\n' || b == '\r' || b == ' '; }))
    return;
  inspection.Raise(kPickleTrailingBytes, offset, fmt::format("{} bytes after the last stream", rest.size()));
  const formats::Format format = formats::Sniff(rest.first(std::min<std::size_t>(rest.size(), 65536)), rest.size());
  if (format == formats::Format::kPickle) return;  // the machine has tried that already
  Content piece;
  piece.name = "bytes after the pickle";
  piece.bytes = rest;
  piece.role = format == formats::Format::kUnknown ? Role::kTensorData : Role::kAny;
  inspection.Descend(piece, offset);
}

void MeasureStorages(const formats::PickleFacts& facts, const formats::TorchStorages& expected,
                     Inspection& inspection) {
  if (facts.layout != formats::PickleLayout::kTorchLegacy || facts.damage) return;
  const std::uint64_t found = facts.raw_bytes;
  if (found < expected.bytes())
    inspection.Skip("storages", fmt::format("the file ends after {} of {} bytes", found, expected.bytes()),
                    facts.bytes);
}

std::string_view FormatName(const formats::PickleFacts& facts, const PickleJudge& judge) {
  if (facts.layout == formats::PickleLayout::kTorchLegacy) return "pytorch-legacy";
  if (facts.layout == formats::PickleLayout::kJoblib) return "joblib";
  if (judge.met_dill()) return "dill";
  if (judge.met_cloudpickle()) return "cloudpickle";
  return "pickle";
}

}  // namespace

void InspectPickle(const Content& content, Inspection& inspection) {
  PickleJudge judge(inspection);
  MemoryStream memory(content.bytes);
  ByteStream& stream = content.stream != nullptr ? *content.stream : memory;
  const formats::PickleFacts facts = formats::ReadPickle(stream, judge);

  // Damage of a stream was recorded when it ended; what is left is the input's own.
  if (const Error* error = stream.error()) inspection.Skip("pickle", *error);
  const bool said = std::any_of(facts.streams.begin(), facts.streams.end(),
                                [](const formats::PickleStream& s) { return s.damage.has_value(); });
  if (facts.damage && !said) inspection.Skip("pickle", *facts.damage);
  if (facts.stream_count == 0 && !facts.damage) inspection.Skip("pickle", "holds no pickle stream", 0);

  inspection.Refine(FormatName(facts, judge));
  if (!judge.framework().empty()) inspection.Describe("framework", judge.framework());

  LookIntoNested(judge.nested(), inspection);
  MeasureStorages(facts, judge.storages(), inspection);
  LookIntoRawBytes(content, facts, inspection);
  LookBehind(content, facts, inspection);
}

}  // namespace ringfort::scanners
