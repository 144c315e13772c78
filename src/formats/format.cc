#include "formats/format.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/wide_text.h"
#include "formats/graph/graph_kind.h"
#include "formats/pickle/pickle_machine.h"
#include "formats/text/text_kind.h"

namespace ringfort::formats {
namespace {

constexpr std::array<std::string_view, 31> kNames = {
    "unknown",     "empty",          "pickle", "zip",  "tar",   "7z",          "gzip",  "bzip2", "xz",
    "lzma",        "zstd",           "lz4",    "zlib", "numpy", "safetensors", "gguf",  "onnx",  "hdf5",
    "saved-model", "keras-metadata", "tflite", "json", "xml",   "python",      "jinja", "text",  "elf",
    "pe",          "mach-o",         "script", "media"};
static_assert(kNames.size() == static_cast<std::size_t>(Format::kMedia) + 1);

constexpr std::size_t kHeadSize = std::size_t{64} << 10;

struct Magic {
  std::string_view bytes;
  std::size_t offset;
  Format format;
};
using namespace std::string_view_literals;
constexpr std::array kMagics = {
    Magic{"PK\x03\x04"sv, 0, Format::kZip},
    Magic{"PK\x05\x06"sv, 0, Format::kZip},
    Magic{"7z\xBC\xAF\x27\x1C"sv, 0, Format::kSevenZip},
    Magic{"\x1F\x8B\x08"sv, 0, Format::kGzip},
    Magic{"BZh"sv, 0, Format::kBzip2},
    Magic{"\xFD"
          "7zXZ\0"sv,
          0, Format::kXz},
    Magic{"\x28\xB5\x2F\xFD"sv, 0, Format::kZstd},
    Magic{"\x04\x22\x4D\x18"sv, 0, Format::kLz4},
    Magic{"ZF0x"sv, 0, Format::kZlib},  // joblib before 0.10
    Magic{"\x93NUMPY"sv, 0, Format::kNumpy},
    Magic{"GGUF"sv, 0, Format::kGguf},
    Magic{"\x89HDF\r\n\x1A\n"sv, 0, Format::kHdf5},
    Magic{"TFL3"sv, 4, Format::kTflite},
    Magic{"\x7F"
          "ELF"sv,
          0, Format::kElf},
    Magic{"\xCF\xFA\xED\xFE"sv, 0, Format::kMachO},
    Magic{"\xCE\xFA\xED\xFE"sv, 0, Format::kMachO},
    Magic{"\xFE\xED\xFA\xCF"sv, 0, Format::kMachO},
    Magic{"\xFE\xED\xFA\xCE"sv, 0, Format::kMachO},
    Magic{"\x89PNG\r\n\x1A\n"sv, 0, Format::kMedia},
    Magic{"\xFF\xD8\xFF"sv, 0, Format::kMedia},
    Magic{"GIF8"sv, 0, Format::kMedia},
    Magic{"RIFF"sv, 0, Format::kMedia},
    Magic{"OggS"sv, 0, Format::kMedia},
    Magic{"fLaC"sv, 0, Format::kMedia},
    Magic{"ID3"sv, 0, Format::kMedia},
    Magic{"%PDF-"sv, 0, Format::kMedia},
    Magic{"PAR1"sv, 0, Format::kMedia},
    Magic{"ARROW1"sv, 0, Format::kMedia},
    Magic{"SQLite format 3\0"sv, 0, Format::kMedia},
    Magic{"ftyp"sv, 4, Format::kMedia},
};

bool HasMagic(ByteView head, const Magic& magic) {
  return head.size() >= magic.offset + magic.bytes.size() &&
         AsText(head).substr(magic.offset, magic.bytes.size()) == magic.bytes;
}

bool IsTar(ByteView head) {
  if (head.size() < 512) return false;
  if (AsText(head).substr(257, 5) == "ustar") return true;
  // Old tar has no magic: its header checksum must hold.
  std::uint32_t sum = 0, stored = 0;
  for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 0x20u : head[i];
  bool digits = false;
  for (std::size_t i = 148; i < 156; ++i) {
    if (head[i] >= '0' && head[i] <= '7')
      stored = stored * 8 + (head[i] - '0'), digits = true;
    else if (digits)
      break;
  }
  return digits && stored == sum && head[0] != 0;
}

bool IsZlib(ByteView head) {
  return head.size() >= 8 && (head[0] & 0x0F) == 8 && (head[0] >> 4) <= 7 && (head[0] * 256u + head[1]) % 31 == 0 &&
         (head[1] & 0x20) == 0 && ((head[2] >> 1) & 3) != 3;
}

// A frame before the first one of zstd or lz4 that readers pass over (RFC 8878, 3.1.2).
bool IsSkippableFrame(ByteView head) {
  return head.size() >= 8 && (LoadLittle<std::uint32_t>(head.data()) & ~0xFu) == 0x184D2A50u;
}

std::optional<Format> BehindSkippableFrames(ByteView head) {
  while (IsSkippableFrame(head)) head = Slice(head, 8 + std::uint64_t{LoadLittle<std::uint32_t>(head.data() + 4)});
  for (const Magic& magic : kMagics)
    if ((magic.format == Format::kZstd || magic.format == Format::kLz4) && HasMagic(head, magic)) return magic.format;
  // What follows lies past the head: the frame that zstd's own tools write is the likelier.
  if (head.empty()) return Format::kZstd;
  return {};
}

bool IsLzmaAlone(ByteView head) {
  if (head.size() < 14 || head[0] >= 225 || head[13] != 0) return false;
  const auto dictionary = LoadLittle<std::uint32_t>(head.data() + 1);
  const auto size = LoadLittle<std::uint64_t>(head.data() + 5);
  const bool plausible_dictionary = dictionary >= 4096 && (dictionary & (dictionary - 1)) == 0;
  return head[0] == 0x5D && plausible_dictionary && (size == ~std::uint64_t{0} || size < (std::uint64_t{1} << 40));
}

bool IsSafetensors(ByteView head, std::uint64_t size) {
  if (head.size() < 10) return false;
  const auto header = LoadLittle<std::uint64_t>(head.data());
  const bool json = head[8] == '{' && (head[9] == '"' || head[9] == '}' || head[9] == ' ' || head[9] == '\n');
  if (header <= size && header <= (std::uint64_t{1} << 32)) return json && header >= 2;
  // Cut, or with a length that no file has: its bytes are no text before the JSON.
  const ByteView length = head.first(8);
  return json && LooksLikeJson(head.subspan(8)) &&
         std::any_of(length.begin(), length.end(), [](std::uint8_t byte) { return byte < 0x09 || byte >= 0x80; });
}

// A pickle of protocol 2 or later says so in its first two bytes; an older one is
// only known by its opcodes.
bool IsPickle(ByteView head, std::uint64_t size) {
  if (head.size() < 2) return false;
  // Python reads PROTO 0 and 1 as well, though it never writes them.
  if (head[0] == 0x80)
    return head[1] <= 5 && (head[1] >= 2 || (head.size() > 2 && AsText(head).find_first_of("cKIX(]}\x8c\x95", 2) == 2));
  constexpr std::string_view kFirst = "(]})cilIJKMLNVXUSTFGB.Pp\x8c\x88\x89\x8f\x96\x8e\x8a\x95";
  const std::string_view text = AsText(head);
  if (kFirst.find(text[0]) == std::string_view::npos) return false;
  // Textual forms: `(lp0`, `(dp0`, `(i__main__\n`, `cos\nsystem\n`, `I1\n.`, `S'x'\n`, `Vx\n`, `F1.0\n`, `L1L\n`.
  // Blanks and carriage returns around a name make it useless to Python, but not to
  // every reader, and they are no reason to look away.
  const auto is_name = [](std::string_view name) {
    while (!name.empty() && (name.front() == ' ' || name.front() == '\t')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t' || name.back() == '\r')) name.remove_suffix(1);
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
             (c & 0x80) != 0;
    });
  };
  const auto is_global = [&](std::string_view from) {
    const auto first = from.substr(0, 512).find('\n');
    if (first == std::string_view::npos || !is_name(from.substr(0, first))) return false;
    const auto second = from.substr(first + 1, 512).find('\n');
    return second != std::string_view::npos && is_name(from.substr(first + 1, second));
  };
  if (text[0] == 'c') return is_global(text.substr(1));
  if (text[0] == '(' && text.size() > 2) {
    if (text[1] == 'i' || text[1] == 'c') return is_global(text.substr(2));
    if (text[1] == 'l' || text[1] == 'd' || text[1] == 't') return text[2] == 'p' || text[2] == 'q' || text[2] == 'r';
  }
  // A pickle of one plain value: `I1\n.`, `S'x'\np0\n.`, `K\x01.`
  if (size == head.size() && text.back() == '.') {
    const auto line_end = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(1, line_end - 1);
    const char next = line_end + 1 < text.size() ? text[line_end + 1] : '\0';
    const bool goes_on = next == '.' || next == 'p';
    const auto only = [&](std::string_view allowed) {
      return !line.empty() && line.find_first_not_of(allowed) == std::string_view::npos;
    };
    switch (text[0]) {
      case 'I':
      case 'L':
        if (goes_on && only("-0123456789L\r ")) return true;
        break;
      case 'F':
        if (goes_on && only("-+.0123456789einfa\r ")) return true;
        break;
      case 'S':
        if (goes_on && line.size() >= 2 && (line[0] == '\'' || line[0] == '"')) return true;
        break;
      case 'V':
      case 'P':
        if (goes_on) return true;
        break;
      case 'K':
      case 'M':
      case 'J':
      case 'G':
        if (size <= 10) return true;
        break;
      default: break;
    }
  }
  // Binary forms of protocol 1, and protocol 2+ bodies whose PROTO was cut off.
  constexpr std::string_view kBinary = "]})KMJNXUTGB\x8c\x88\x89\x8f\x8e\x8a\x95\x96";
  if (kBinary.find(text[0]) == std::string_view::npos) return false;
  if (text[0] == 'N' || text[0] == '\x88' || text[0] == '\x89') return text[1] == '.' && size <= 64;
  if (text[0] == ']' || text[0] == '}' || text[0] == ')')
    return text[1] == 'q' || text[1] == 'r' || text[1] == '\x94' || (text[1] == '.' && size <= 64);
  if (text[0] == '\x8c')
    return head.size() > 3u + head[1] &&
           (text[2 + head[1]] == '\x94' || text[2 + head[1]] == '\x8c' || text[2 + head[1]] == '.');
  if (text[0] == '\x95') {
    const auto frame = head.size() >= 9 ? LoadLittle<std::uint64_t>(head.data() + 1) : 0;
    return frame >= 1 && frame <= size;
  }
  if (text[0] == 'X' || text[0] == 'T' || text[0] == 'B') {
    if (head.size() < 6) return false;
    const std::uint64_t length = LoadLittle<std::uint32_t>(head.data() + 1);
    if (length + 6 > size) return false;
    if (length + 6 > head.size()) return false;
    const char next = text[5 + length];
    return next == 'q' || next == '.' || next == 'r' || next == '\x94';
  }
  if (text[0] == 'U') return head.size() > 2u + head[1] && (text[2 + head[1]] == 'q' || text[2 + head[1]] == '.');
  return false;
}

bool IsPe(ByteView head) {
  if (head.size() < 64 || AsText(head).substr(0, 2) != "MZ") return false;
  if (AsText(head).substr(0, 6) == "MZqFpD") return true;  // Actually Portable Executable
  const std::uint64_t at = LoadLittle<std::uint32_t>(head.data() + 0x3C);
  return at + 4 <= head.size() && AsText(head).substr(at, 4) == "PE\0\0"sv;
}

// JSON in UTF-16 or UTF-32, which Python's json reads unasked.
bool IsWideJson(ByteView head) {
  const auto text = DecodeWideText(AsText(Slice(head, 0, 4096)));
  return text && LooksLikeJson(AsBytes(*text));
}

// HDF5 may keep a block of the user's own before its superblock, which is then
// looked for at 512, 1024, 2048, ... bytes.
bool IsHdf5BehindUserBlock(ByteView head) {
  for (std::size_t at = 512; at + 16 <= head.size(); at *= 2)
    if (StartsWith(head.subspan(at), "\x89HDF\r\n\x1A\n") && head[at + 8] <= 3) return true;
  return false;
}

// Whether the first word is `word`.
bool OpensWith(ByteView head, std::string_view word) {
  std::string_view text = AsText(head);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t\r\n")));
  return text.starts_with(word);
}

bool IsReadableText(ByteView head) {
  std::string_view text = AsText(head);
  // The head may end inside a character: leave an unfinished one out.
  std::size_t lead = text.size();
  while (lead > 0 && text.size() - lead < 4 && (text[lead - 1] & 0xC0) == 0x80) --lead;
  if (lead > 0 && (text[lead - 1] & 0xC0) == 0xC0) {
    const auto first = static_cast<std::uint8_t>(text[lead - 1]);
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (text.size() - (lead - 1) < length) text.remove_suffix(text.size() - (lead - 1));
  }
  if (text.empty()) return false;
  if (!IsValidUtf8(text)) {
    // Old text in an eight-bit encoding is mostly ASCII all the same.
    const auto ascii = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
    if (static_cast<std::size_t>(ascii) * 10 < text.size() * 8 || text.size() < 64) return false;
  }
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\x1b' &&
           c != '\b';
  });
}

}  // namespace

std::string_view Name(Format format) { return kNames[static_cast<std::size_t>(format)]; }

Format Sniff(ByteView bytes, std::uint64_t size) {
  const ByteView head = bytes.first(std::min(bytes.size(), kHeadSize));
  if (head.empty()) return Format::kEmpty;
  for (const Magic& magic : kMagics)
    if (HasMagic(head, magic))
      return magic.format == Format::kMedia && IsHdf5BehindUserBlock(head) ? Format::kHdf5 : magic.format;
  if (IsSkippableFrame(head))
    if (const auto behind = BehindSkippableFrames(head)) return *behind;
  if (IsPe(head)) return Format::kPe;
  if (head.size() >= 2 && head[0] == '#' && head[1] == '!')
    return LooksLikePython(head) ? Format::kPython : Format::kScript;
  if (IsSafetensors(head, size)) return Format::kSafetensors;
  if (IsPickle(head, size)) return Format::kPickle;
  if (IsTar(head)) return Format::kTar;
  // Opcodes that no writer would begin with, but that a loader accepts. The first
  // may have an argument longer than any head.
  if (LooksLikePickle(bytes)) return Format::kPickle;
  if (IsHdf5BehindUserBlock(head)) return Format::kHdf5;
  if (LooksLikeXml(head)) return Format::kXml;
  if (IsReadableText(head)) {
    if (LooksLikeJson(head)) return Format::kJson;
    if (LooksLikePython(head)) return Format::kPython;
    // Braces alone are common (C++, TeX, Markdown); statements or a first word are not.
    if (LooksLikeJinja(head) && (AsText(head).find("{%") != std::string_view::npos || OpensWith(head, "{{")))
      return Format::kJinja;
    return Format::kText;
  }
  if (IsWideJson(head)) return Format::kJson;
  if (LooksLikeOnnx(head, size)) return Format::kOnnx;
  if (LooksLikeSavedModel(head, size) || LooksLikeGraphDef(head, size) || LooksLikeFingerprint(head, size))
    return Format::kSavedModel;
  if (LooksLikeKerasMetadata(head, size)) return Format::kKerasMetadata;
  if (IsZlib(head)) return Format::kZlib;
  if (IsLzmaAlone(head)) return Format::kLzma;
  return Format::kUnknown;
}

}  // namespace ringfort::formats
