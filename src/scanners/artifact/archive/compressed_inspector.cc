#include "scanners/artifact/archive/compressed_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "formats/archive/decompression.h"
#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/archive/member_content.h"

namespace ringfort::scanners {
namespace {

using formats::Codec;

// A magic number of one or two bytes is met by chance in raw numbers; data that
// breaks off this early was never compressed.
constexpr std::uint64_t kChance = 4096;

std::string_view InnerName(std::string_view name) {
  constexpr std::array<std::string_view, 9> kEndings = {".gz",   ".bz2", ".xz",   ".lzma", ".zst",
                                                        ".zstd", ".lz4", ".zlib", ".z"};
  const std::string lower = LowerCase(name);
  for (const std::string_view ending : kEndings)
    if (lower.ends_with(ending))
      return name.substr(name.find_last_of("/\\") + 1)
          .substr(0, name.size() - (name.find_last_of("/\\") + 1) - ending.size());
  if (lower.ends_with(".tgz")) return "(tar)";
  return name.substr(name.find_last_of("/\\") + 1);
}

void InspectTrailing(const Content& content, std::uint64_t consumed, Inspection& inspection) {
  constexpr std::string_view kName = "(bytes behind the compressed data)";
  if (content.stream == nullptr) {
    const ByteView rest = Slice(content.bytes, consumed);
    if (std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; })) return;
    const bool harmful = CanDoHarm(formats::Sniff(rest, rest.size()));
    inspection.Raise(kDataBehindStream, harmful ? Severity::kMedium : kDataBehindStream.severity, consumed,
                     fmt::format("{} bytes", rest.size()));
    inspection.Descend({.name = kName, .bytes = rest}, consumed);
    return;
  }
  const ByteView head = content.stream->Window(std::size_t{64} << 10);
  if (head.empty()) return;
  const bool harmful = CanDoHarm(formats::Sniff(head, ~std::uint64_t{0}));
  inspection.Raise(kDataBehindStream, harmful ? Severity::kMedium : kDataBehindStream.severity, consumed,
                   "bytes behind the stream");
  inspection.Descend({.name = kName, .stream = content.stream}, consumed);
}

void InspectCompressed(Codec codec, const Content& content, Inspection& inspection) {
  const bool weak_magic = codec == Codec::kZlib || codec == Codec::kLzma;
  const Content child{.name = InnerName(content.name)};
  const std::string what = fmt::format("{} data", formats::Name(codec));
  Unpacked unpacked;
  bool by_chance = false;
  if (content.stream == nullptr) {
    unpacked = UnpackAndDescend([&] { return Decompress(codec, content.bytes); }, child, 0, inspection,
                                [&](const Unpacked& so_far) {
                                  by_chance =
                                      weak_magic && so_far.error->fault != Fault::kTruncated && so_far.plain < kChance;
                                  // A stream that breaks at once has still shown its first bytes.
                                  return !by_chance || so_far.plain > 0;
                                });
  } else {
    // A stream is read once: held only if it turns out to be small.
    const auto inner = Decompress(codec, *content.stream);
    MeteredStream stream(
        *inner, [&] { return inner->consumed(); }, inspection);
    Content piece = child;
    std::vector<std::uint8_t> held;
    if (const ByteView window = stream.Window(ByteStream::kLargestWindow); window.size() < ByteStream::kLargestWindow) {
      held.assign(window.begin(), window.end());
      stream.Skip(window.size());
      piece.bytes = held;
    } else {
      piece.stream = &stream;
    }
    if (piece.stream != nullptr || !held.empty()) inspection.Descend(piece, 0);
    if (inspection.mode() == Mode::kFull) stream.Skip(~std::uint64_t{0});
    unpacked.finished = inner->finished() && !stream.stopped();
    unpacked.stopped = stream.stopped();
    unpacked.consumed = inner->consumed();
    if (stream.error() != nullptr) unpacked.error = *stream.error();
  }
  if (unpacked.stopped) return;
  if (by_chance) {
    // Raw numbers, most likely: searched as such.
    inspection.InspectAs(formats::Format::kUnknown, content, "");
    if (inspection.depth() > 0) return;
  }
  if (unpacked.error) inspection.Skip(what, *unpacked.error);
  if (unpacked.finished) InspectTrailing(content, unpacked.consumed, inspection);
}

}  // namespace

void InspectGzip(const Content& content, Inspection& inspection) {
  InspectCompressed(Codec::kGzip, content, inspection);
}
void InspectBzip2(const Content& content, Inspection& inspection) {
  InspectCompressed(Codec::kBzip2, content, inspection);
}
void InspectXz(const Content& content, Inspection& inspection) { InspectCompressed(Codec::kXz, content, inspection); }
void InspectLzma(const Content& content, Inspection& inspection) {
  InspectCompressed(Codec::kLzma, content, inspection);
}
void InspectZstd(const Content& content, Inspection& inspection) {
  InspectCompressed(Codec::kZstd, content, inspection);
}
void InspectLz4(const Content& content, Inspection& inspection) { InspectCompressed(Codec::kLz4, content, inspection); }
void InspectZlib(const Content& content, Inspection& inspection) {
  // joblib before 0.10 wrote `ZF`, the plain size as 19 characters, and then the zlib stream.
  constexpr std::size_t kOldHeader = 21;
  ByteStream* const stream = content.stream;
  if (StartsWith(stream != nullptr ? stream->Window(kOldHeader) : content.bytes, "ZF0x")) {
    if (stream != nullptr) stream->Skip(kOldHeader);
    inspection.Descend({.name = InnerName(content.name), .bytes = Slice(content.bytes, kOldHeader), .stream = stream},
                       kOldHeader);
    return;
  }
  InspectCompressed(Codec::kZlib, content, inspection);
}

}  // namespace ringfort::scanners
