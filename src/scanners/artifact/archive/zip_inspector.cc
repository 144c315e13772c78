#include "scanners/artifact/archive/zip_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "formats/archive/decompression.h"
#include "formats/archive/zip_archive.h"
#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/archive/member_content.h"

namespace ringfort::scanners {
namespace {

using formats::Codec;
using formats::ZipFacts;
using formats::ZipGap;
using formats::ZipHeader;
using formats::ZipMember;

constexpr std::uint64_t kReleaseStep = std::uint64_t{8} << 20;
constexpr std::uint64_t kMaxDeflateRatio = 1032;  // no deflate stream expands further
constexpr std::uint16_t kAesMethod = 99;

enum class Kind { kPlain, kPytorch, kTorchScript, kPt2, kNpz, kKeras };
constexpr std::array<std::string_view, 6> kKindNames = {"zip", "pytorch-zip", "torchscript", "pt2", "npz", "keras"};

bool IsTorch(Kind kind) { return kind == Kind::kPytorch || kind == Kind::kTorchScript || kind == Kind::kPt2; }

// The name as a loader that stops at NUL sees it.
std::string_view CutAtNul(std::string_view name) { return name.substr(0, name.find('\0')); }

std::string_view LastStep(std::string_view path) { return path.substr(path.find_last_of("/\\") + 1); }

bool IsFolder(const ZipHeader& header) { return header.name.ends_with('/') && header.plain == 0; }

Kind Classify(const ZipFacts& facts) {
  bool data_pkl = false, constants_pkl = false, pt2 = false, config = false, metadata = false, weights = false;
  std::size_t arrays = 0, others = 0;
  for (const ZipMember& member : facts.members) {
    if (IsFolder(member.told())) continue;
    // miniz, with which torch reads, does not tell upper from lower case.
    const std::string name = LowerCase(LastStep(CutAtNul(member.name())));
    data_pkl |= name == "data.pkl";
    constants_pkl |= name == "constants.pkl";
    pt2 |= name == "archive_format" || name == "serialized_exported_program.json";
    config |= name == "config.json";
    metadata |= name == "metadata.json";
    weights |= name == "model.weights.h5";
    ++(name.ends_with(".npy") ? arrays : others);
  }
  if (pt2) return Kind::kPt2;
  if (constants_pkl) return Kind::kTorchScript;
  if (data_pkl) return Kind::kPytorch;
  if (config && (metadata || weights)) return Kind::kKeras;
  if (arrays > 0 && others == 0) return Kind::kNpz;
  return Kind::kPlain;
}

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Torch keeps the bytes of tensors under `data/0`, `constants/0`, and newer
// exports under `data/weights/weight_0`.
bool IsTensor(Kind kind, std::string_view name) {
  if (!IsTorch(kind)) return false;
  const std::string_view last = LastStep(name);
  if (last.size() >= name.size()) return false;
  const std::string_view folder = LastStep(name.substr(0, name.size() - last.size() - 1));
  if (AllDigits(last)) return folder == "data" || folder == "constants" || folder == "tensors";
  if (kind != Kind::kPt2 || (folder != "weights" && folder != "constants")) return false;
  const std::size_t digits = last.find_last_not_of("0123456789");
  return digits + 1 < last.size() &&
         (last.starts_with("weight_") || last.starts_with("tensor_") || last.starts_with("param_"));
}

Role RoleOf(Kind kind, std::string_view name) {
  const std::string lower = LowerCase(name);
  if (IsTensor(kind, lower)) return Role::kTensorData;
  if (lower.ends_with(".pkl") && (IsTorch(kind) || LastStep(lower) == "data.pkl")) return Role::kPickle;
  if (lower.ends_with(".py")) return Role::kPythonSource;
  return Role::kAny;
}

// One way to read the content of a member.
struct Reading {
  std::string_view name;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint64_t data = 0;
  std::uint64_t compressed = 0;
  std::uint64_t plain = 0;
  std::uint32_t crc = 0;
  bool exact = true;  // its size and checksum are to be believed
};

class ZipInspector {
 public:
  ZipInspector(const Content& content, Inspection& inspection)
      : bytes_(content.bytes), inspection_(inspection), facts_(formats::ReadZip(bytes_, inspection.limits().members)) {}

  void Inspect() {
    kind_ = Classify(facts_);
    inspection_.Refine(kKindNames[static_cast<std::size_t>(kind_)]);
    if (IsTorch(kind_)) inspection_.Describe("framework", "pytorch");
    if (kind_ == Kind::kKeras) inspection_.Describe("framework", "keras");
    if (facts_.damage) inspection_.Skip("zip structure", *facts_.damage);
    if (facts_.cut) inspection_.Skip("members", fmt::format("more than {} members", inspection_.limits().members));
    JudgeDirectories();
    JudgeNames();
    // torch.save can be told to leave the checksums out; then all of them are 0.
    checksums_left_out_ = IsTorch(kind_) && std::all_of(facts_.members.begin(), facts_.members.end(),
                                                        [](const ZipMember& member) { return member.told().crc == 0; });
    for (const ZipMember& member : facts_.members) {
      if (inspection_.Expired() || stopped_) return;
      InspectMember(member);
      Release(member.header, member.end);
    }
    for (const ZipGap& gap : facts_.gaps) {
      if (inspection_.Expired() || stopped_) return;
      InspectGap(gap);
    }
  }

 private:
  void JudgeDirectories() {
    if (facts_.directories > 1)
      inspection_.Raise(kSeveralDirectories, kNoOffset, fmt::format("{} central directories", facts_.directories));
    else if (facts_.count_differs)
      inspection_.Raise(kDirectoryCountWrong, kNoOffset, "the directory holds another number of members or bytes");
    for (const std::uint64_t offset : facts_.overlaps)
      inspection_.Raise(kMembersOverlap, offset, fmt::format("{} members overlap", facts_.overlaps.size()));
  }

  void JudgeNames() {
    struct First {
      std::string_view name;
      bool told = false;
    };
    std::unordered_map<std::string, First> seen;
    for (const ZipMember& member : facts_.members) {
      const std::string_view raw = member.name();
      const std::string_view name = CutAtNul(raw);
      if (name.size() < raw.size()) inspection_.Raise(kNulInName, member.header, raw);
      switch (EscapeOf(name)) {
        case Escape::kNone: break;
        case Escape::kAbsolute: inspection_.Raise(kZipTraversal, Severity::kMedium, member.header, name); break;
        case Escape::kParent: inspection_.Raise(kZipTraversal, member.header, name); break;
      }
      if (member.hidden() || IsFolder(member.central)) continue;
      std::string key = LowerCase(name);
      std::replace(key.begin(), key.end(), '\\', '/');
      const auto [first, added] = seen.try_emplace(std::move(key), First{name});
      if (added || first->second.told) continue;
      const bool exact = first->second.name == name;
      const bool pickle = first->first.ends_with(".pkl");
      // A repeated licence in a wheel harms nobody, and arrays may be named `w` and `W`.
      if (exact) {
        inspection_.Raise(kDuplicateName, kind_ == Kind::kPlain && !pickle ? Severity::kLow : Severity::kHigh,
                          member.header, name);
        first->second.told = true;
      } else if (pickle && IsTorch(kind_)) {
        inspection_.Raise(kDuplicateName, member.header, fmt::format("{} and {}", first->second.name, name));
        first->second.told = true;
      }
    }
  }

  void InspectMember(const ZipMember& member) {
    if (!member.local.present) {
      inspection_.Skip(fmt::format("member {}", member.name()), "its local header is not where the directory says",
                       member.header);
      return;
    }
    if (member.hidden() && facts_.directories > 0) inspection_.Raise(kHiddenMember, member.header, member.name());
    JudgeHeaders(member);
    const ZipHeader& told = member.told();
    if (IsFolder(told) && told.compressed == 0) return;

    Reading reading{CutAtNul(told.name),
                    told.method,
                    static_cast<std::uint16_t>(told.flags | member.local.flags),
                    member.data,
                    told.compressed,
                    told.plain,
                    told.crc,
                    !member.hidden()};
    if (member.symbolic_link()) JudgeLink(member, reading);
    InspectReading(reading);

    // Some loader believes the local header instead.
    if (member.hidden() || member.disagreements == 0) return;
    Reading other = reading;
    other.exact = false;
    if ((member.disagreements & formats::kZipNamesDiffer) != 0) other.name = CutAtNul(member.local.name);
    if ((member.disagreements & formats::kZipMethodsDiffer) != 0) other.method = member.local.method;
    if ((member.disagreements & formats::kZipSizesDiffer) != 0 && member.local.compressed != 0) {
      other.compressed = member.local.compressed;
      other.plain = member.local.plain;
    }
    const bool other_role = RoleOf(kind_, other.name) != RoleOf(kind_, reading.name);
    if (other.method != reading.method || other.compressed != reading.compressed || other_role) InspectReading(other);
  }

  void JudgeHeaders(const ZipMember& member) {
    if (member.hidden()) return;
    const auto say = [&](std::string_view evidence) { inspection_.Raise(kHeadersDisagree, member.header, evidence); };
    const std::uint32_t found = member.disagreements;
    if ((found & formats::kZipNamesDiffer) != 0)
      say(fmt::format("name: local {}, directory {}", member.local.name, member.central.name));
    if ((found & formats::kZipMethodsDiffer) != 0)
      say(fmt::format("method of {}: local {}, directory {}", member.name(), member.local.method,
                      member.central.method));
    if ((found & formats::kZipSizesDiffer) != 0) {
      // A streaming writer that forgets to say so leaves zeros: sloppy, not false.
      const bool left_out = member.local.compressed == 0 && member.local.plain == 0 && member.local.crc == 0;
      inspection_.Raise(kHeadersDisagree, left_out ? Severity::kLow : kHeadersDisagree.severity, member.header,
                        fmt::format("size of {}: local {}/{}, directory {}/{}", member.name(), member.local.compressed,
                                    member.local.plain, member.central.compressed, member.central.plain));
      if (left_out) return;
    }
    if ((found & formats::kZipChecksumsDiffer) != 0 && !(member.local.crc == 0 && IsTorch(kind_)))
      say(fmt::format("checksum of {}: local {:08x}, directory {:08x}", member.name(), member.local.crc,
                      member.central.crc));
    if ((found & formats::kZipEncryptionDiffers) != 0)
      say(fmt::format("encryption of {}: local flags {:04x}, directory {:04x}", member.name(), member.local.flags,
                      member.central.flags));
  }

  void JudgeLink(const ZipMember& member, const Reading& reading) {
    if (reading.compressed > 4096 || reading.plain > 4096) return;
    std::string target;
    if (reading.method == formats::kZipStored) {
      target = AsText(Slice(bytes_, reading.data, reading.compressed));
    } else if (reading.method == formats::kZipDeflate) {
      std::vector<std::uint8_t> plain(static_cast<std::size_t>(reading.plain));
      if (formats::InflateWhole(Slice(bytes_, reading.data, reading.compressed), plain).ok()) target = AsText(plain);
    }
    if (EscapeOfLink(member.name(), target) != Escape::kNone)
      inspection_.Raise(kLinkEscapes, member.header, fmt::format("{} -> {}", member.name(), target));
  }

  void InspectReading(const Reading& reading) {
    const Role role = RoleOf(kind_, reading.name);
    const bool full = inspection_.mode() == Mode::kFull;
    const bool marked =
        (reading.flags & (formats::kZipEncrypted | formats::kZipStrongEncryption | formats::kZipPatched)) != 0;
    if (!full && role == Role::kTensorData && !marked) return;
    const ByteView raw = Slice(bytes_, reading.data, reading.compressed);
    if (marked && !IsReadable(reading, raw)) {
      if (reading.exact) inspection_.Skip(fmt::format("member {}", reading.name), "encrypted", reading.data);
      return;
    }
    if (marked && reading.exact) inspection_.Raise(kFalseEncryption, reading.data, reading.name);
    if (!full && role == Role::kTensorData) return;

    const Content child{.name = reading.name, .role = role};
    switch (reading.method) {
      case formats::kZipStored: InspectStored(reading, raw, child); return;
      case formats::kZipDeflate: InspectDeflated(reading, raw, child); return;
      case formats::kZipBzip2: Unpack(reading, raw, child, [raw] { return Decompress(Codec::kBzip2, raw); }); return;
      case formats::kZipZstd: Unpack(reading, raw, child, [raw] { return Decompress(Codec::kZstd, raw); }); return;
      case formats::kZipXz: Unpack(reading, raw, child, [raw] { return Decompress(Codec::kXz, raw); }); return;
      case formats::kZipLzma: {
        const bool marker = (reading.flags & formats::kZipLzmaEndMarker) != 0;
        Unpack(reading, raw, child,
               [raw, marker, plain = reading.plain] { return formats::DecompressZipLzma(raw, plain, marker); });
        return;
      }
      default:
        if (!reading.exact) return;
        inspection_.Skip(fmt::format("member {}", reading.name),
                         fmt::format("compression method {} is not supported", reading.method), reading.data);
        // No loader reads it as more than bytes, and neither do we.
        inspection_.Descend({.name = reading.name, .bytes = raw, .role = Role::kTensorData}, reading.data);
    }
  }

  // Whether a member that is marked as encrypted can be read all the same.
  bool IsReadable(const Reading& reading, ByteView raw) const {
    if (reading.method == kAesMethod) return false;
    // Encryption puts 12 bytes in front.
    if (reading.method == formats::kZipStored)
      return reading.compressed == reading.plain || formats::Sniff(raw, raw.size()) == formats::Format::kPickle;
    if (reading.method != formats::kZipDeflate) return false;
    const auto plain = formats::Decompress(Codec::kDeflate, raw);
    constexpr std::size_t kEnough = std::size_t{64} << 10;
    const std::size_t got = plain->Window(kEnough).size();
    return got >= kEnough || (plain->error() == nullptr && plain->finished() && got > 0) ||
           formats::Sniff(plain->Window(kEnough), ~std::uint64_t{0}) == formats::Format::kPickle;
  }

  void JudgeChecksum(const Reading& reading, std::uint32_t crc) {
    if (!reading.exact || inspection_.mode() != Mode::kFull || crc == reading.crc) return;
    inspection_.Raise(kChecksumWrong, checksums_left_out_ ? Severity::kLow : kChecksumWrong.severity, reading.data,
                      fmt::format("{}: {:08x} instead of {:08x}", reading.name, crc, reading.crc));
  }

  void InspectStored(const Reading& reading, ByteView raw, Content child) {
    if (reading.exact && reading.plain != reading.compressed)
      inspection_.Raise(kMemberSizeWrong, reading.data,
                        fmt::format("{}: stored, {} bytes of {}", reading.name, reading.compressed, reading.plain));
    if (reading.exact && inspection_.mode() == Mode::kFull) {
      std::uint32_t crc = 0;
      for (std::size_t at = 0; at < raw.size(); at += kReleaseStep) {
        const ByteView step = Slice(raw, at, kReleaseStep);
        crc = formats::Crc32(step, crc);
        if (raw.size() > kReleaseStep && inspection_.depth() == 0) ReleasePages(step);
      }
      if (raw.size() == reading.compressed) JudgeChecksum(reading, crc);
    }
    child.bytes = raw;
    inspection_.Descend(child, reading.data);
  }

  void InspectDeflated(const Reading& reading, ByteView raw, Content child) {
    const std::uint64_t plain_size = reading.plain;
    // A size that this many compressed bytes can give, so that memory is bounded by
    // what is really there.
    if (plain_size <= inspection_.limits().held_member && plain_size <= (raw.size() + 1) * kMaxDeflateRatio) {
      if (!inspection_.TakeExpansion(plain_size, raw.size())) {
        stopped_ = true;
        return;
      }
      const auto size = static_cast<std::size_t>(plain_size);
      const auto plain = std::make_unique_for_overwrite<std::uint8_t[]>(std::max<std::size_t>(1, size));
      if (const auto used = formats::InflateWhole(raw, {plain.get(), size}); used.ok()) {
        child.bytes = {plain.get(), size};
        if (inspection_.mode() == Mode::kFull) JudgeChecksum(reading, formats::Crc32(child.bytes));
        inspection_.Descend(child, reading.data);
        InspectSlack(reading, raw, used.value());
        return;
      }
    }
    Unpack(reading, raw, child, [raw] { return Decompress(Codec::kDeflate, raw); });
  }

  void Unpack(const Reading& reading, ByteView raw, const Content& child,
              const std::function<std::unique_ptr<formats::Decompressor>()>& make) {
    const Unpacked unpacked = UnpackAndDescend(make, child, reading.data, inspection_, [&](const Unpacked& so_far) {
      // The other header's view of it may be no compressed data at all.
      return reading.exact || so_far.plain > 0;
    });
    if (unpacked.stopped) {
      stopped_ = true;
      return;
    }
    if (!reading.exact && !unpacked.finished) return;
    if (unpacked.error) inspection_.Skip(fmt::format("member {}", reading.name), *unpacked.error);
    if (!unpacked.finished) return;
    JudgeChecksum(reading, unpacked.crc);
    if (reading.exact && unpacked.plain != reading.plain)
      inspection_.Raise(kMemberSizeWrong, reading.data,
                        fmt::format("{}: {} bytes, the header says {}", reading.name, unpacked.plain, reading.plain));
    InspectSlack(reading, raw, unpacked.consumed);
  }

  void InspectSlack(const Reading& reading, ByteView raw, std::uint64_t used) {
    const ByteView slack = Slice(raw, used);
    if (!reading.exact || slack.empty()) return;
    InspectLeftover(kDataBehindMember, slack, reading.data + used,
                    fmt::format("{} bytes behind {}", slack.size(), reading.name), "(bytes behind a member)");
  }

  void InspectLeftover(const RuleCard& rule, ByteView bytes, std::uint64_t offset, std::string_view evidence,
                       std::string_view name) {
    const bool harmful = CanDoHarm(formats::Sniff(bytes, bytes.size()));
    inspection_.Raise(rule, harmful ? Severity::kMedium : rule.severity, offset, evidence);
    if (harmful || inspection_.mode() == Mode::kFull) inspection_.Descend({.name = name, .bytes = bytes}, offset);
  }

  void InspectGap(const ZipGap& gap) {
    const ByteView bytes = Slice(bytes_, gap.offset, gap.size);
    const std::string evidence = fmt::format("{} bytes", gap.size);
    switch (gap.where) {
      case ZipGap::Where::kBefore: {
        using formats::Format;
        const Format format = formats::Sniff(bytes, bytes.size());
        if (format == Format::kElf || format == Format::kPe || format == Format::kMachO || format == Format::kScript)
          inspection_.Raise(kExecutablePrefix, gap.offset, fmt::format("{}, {}", formats::Name(format), evidence));
        InspectLeftover(kDataBefore, bytes, gap.offset, evidence, "(bytes before the archive)");
        return;
      }
      case ZipGap::Where::kBetween:
        // Without a directory there is no telling what belongs to what.
        if (facts_.directories == 0)
          inspection_.Descend({.name = "(bytes of no member)", .bytes = bytes}, gap.offset);
        else
          InspectLeftover(kDataBetween, bytes, gap.offset, evidence, "(bytes between members)");
        return;
      case ZipGap::Where::kAfter:
        InspectLeftover(kDataBehind, bytes, gap.offset, evidence, "(bytes behind the archive)");
        return;
      case ZipGap::Where::kComment:
        if (CanDoHarm(formats::Sniff(bytes, bytes.size())))
          InspectLeftover(kDataBehind, bytes, gap.offset, fmt::format("comment of {}", evidence),
                          "(comment of the archive)");
        return;
    }
  }

  // Keeps the resident size flat while a large mapped file is walked.
  void Release(std::uint64_t begin, std::uint64_t end) {
    if (inspection_.depth() != 0 || inspection_.mode() != Mode::kFull) return;
    touched_begin_ = std::min(touched_begin_, begin);
    touched_end_ = std::max(touched_end_, end);
    if (touched_end_ - touched_begin_ < kReleaseStep) return;
    ReleasePages(Slice(bytes_, touched_begin_, touched_end_ - touched_begin_));
    touched_begin_ = touched_end_;
  }

  ByteView bytes_;
  Inspection& inspection_;
  ZipFacts facts_;
  Kind kind_ = Kind::kPlain;
  bool checksums_left_out_ = false;
  bool stopped_ = false;  // the expansion budget is spent
  std::uint64_t touched_begin_ = 0;
  std::uint64_t touched_end_ = 0;
};

}  // namespace

void InspectZip(const Content& content, Inspection& inspection) { ZipInspector(content, inspection).Inspect(); }

}  // namespace ringfort::scanners
