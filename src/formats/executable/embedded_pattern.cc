#include "formats/executable/embedded_pattern.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "formats/executable/executable.h"

namespace ringfort::formats {
namespace {

using namespace std::string_view_literals;

bool IsPrintable(char c) { return c >= 0x20 && c < 0x7f; }
bool IsReadable(char c) { return IsPrintable(c) || c == '\n' || c == '\r' || c == '\t'; }

// ---- Programs ----

std::optional<Embedded> VerifyProgram(ByteView bytes, std::uint64_t at, EmbeddedKind kind) {
  // A program in a window of a stream may reach past it; only its headers count.
  const auto facts = ReadExecutable(Slice(bytes, at));
  if (!facts) return {};
  // The magic alone is weak where the rest may be anything.
  if (facts->machine == "other") return {};
  if (kind == EmbeddedKind::kMachO && facts->image_end < 64) return {};
  Embedded found{kind, at, facts->damage ? 0 : facts->image_end, facts->machine};
  found.device_code = !facts->runs_on_processor;
  return found;
}

std::optional<Embedded> VerifyPe(ByteView bytes, std::uint64_t signature) {
  if (!IsPlausiblePeHeader(bytes, signature)) return {};
  const std::uint64_t earliest = signature > kEmbeddedContext ? signature - kEmbeddedContext : 0;
  if (signature < 64) return {};
  for (std::uint64_t at = signature - 64 + 1; at-- > earliest;) {
    if (bytes[at] != 'M' || bytes[at + 1] != 'Z' || LoadLittle<std::uint32_t>(bytes.data() + at + 60) != signature - at)
      continue;
    const auto facts = ReadExecutable(Slice(bytes, at));
    if (!facts) continue;
    return Embedded{EmbeddedKind::kPe, at, facts->damage ? 0 : facts->image_end, facts->machine};
  }
  return {};
}

// ---- Archives ----

std::optional<Embedded> VerifyZip(ByteView bytes, std::uint64_t at) {
  Cursor cursor(Slice(bytes, at, 30 + 512));
  cursor.Skip(4);
  const std::uint16_t version = cursor.U16(), flags = cursor.U16(), method = cursor.U16();
  const std::uint16_t time = cursor.U16(), date = cursor.U16();
  cursor.Skip(12);
  const std::uint16_t name_size = cursor.U16(), extra_size = cursor.U16();
  const std::string_view name = cursor.Text(name_size);
  if (!cursor.ok() || name_size == 0 || (version & 0xff) > 63 || (flags & 0xC010) != 0 || extra_size > 4096) return {};
  constexpr std::array<std::uint16_t, 10> kMethods = {0, 1, 6, 8, 9, 12, 14, 93, 95, 98};
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) return {};
  if ((time & 0x1f) > 29 || ((time >> 5) & 0x3f) > 59 || (time >> 11) > 23) return {};
  if (((date >> 5) & 0xf) > 12) return {};
  if (!std::all_of(name.begin(), name.end(), [](char c) { return IsPrintable(c) || (c & 0x80) != 0; })) return {};
  return Embedded{EmbeddedKind::kZip, at, 0, {}};
}

std::uint32_t Crc32(ByteView bytes) {
  std::uint32_t crc = ~0u;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

std::optional<Embedded> VerifySevenZip(ByteView bytes, std::uint64_t at) {
  const ByteView header = Slice(bytes, at, 32);
  if (header.size() < 32 || !StartsWith(header, "7z\xBC\xAF\x27\x1C"sv) || header[6] != 0) return {};
  if (Crc32(header.subspan(12, 20)) != LoadLittle<std::uint32_t>(header.data() + 8)) return {};
  const auto next = LoadLittle<std::uint64_t>(header.data() + 12), size = LoadLittle<std::uint64_t>(header.data() + 20);
  const std::uint64_t left = bytes.size() - at;
  const bool inside = next <= left && size <= left - next && next + size <= left - 32;
  return Embedded{EmbeddedKind::kSevenZip, at, inside ? 32 + next + size : 0, {}};
}

// ---- Pickles ----

// The opcodes with which a pickle goes on behind its protocol header.
constexpr std::string_view kFirstOpcodes = "(]})NKMJIXTUVSBCcGFLil\x8c\x8a\x8b\x8d\x8e\x8f\x95\x96\x88\x89"sv;

bool IsFrame(ByteView bytes, std::uint64_t at) {
  const ByteView head = Slice(bytes, at, 11);
  if (head.size() < 11 || head[0] != 0x80 || (head[1] != 4 && head[1] != 5) || head[2] != 0x95) return false;
  return LoadLittle<std::uint64_t>(head.data() + 3) < (std::uint64_t{1} << 32);
}

// The pickle that the opcode at `at` belongs to: from the nearest protocol header
// before it, else from the opcode on.
Embedded PickleAround(ByteView bytes, std::uint64_t at, std::string_view what) {
  const std::uint64_t earliest = at > kEmbeddedContext ? at - kEmbeddedContext : 0;
  std::uint64_t nearest = at;
  bool found = false;
  int looked = 0;
  for (std::uint64_t end = at; end > earliest && looked < 64; ++looked) {
    const void* hit = memrchr(bytes.data() + earliest, 0x80, end - earliest);
    if (hit == nullptr) break;
    end = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(hit) - bytes.data());
    if (IsFrame(bytes, end)) {
      nearest = end, found = true;
      break;
    }
    if (found || end + 2 > at || bytes[end + 1] < 2 || bytes[end + 1] > 5) continue;
    if (kFirstOpcodes.find(static_cast<char>(bytes[end + 2])) == std::string_view::npos) continue;
    nearest = end, found = true;
    // Protocols 2 and 3 have no frames: the nearest header is the one.
    if (bytes[end + 1] < 4) break;
  }
  Embedded pickle{EmbeddedKind::kPickle, nearest, 0, what};
  pickle.has_header = found;
  return pickle;
}

// GLOBAL and INST: opcode, module, newline, name, newline.
std::optional<Embedded> VerifyGlobal(ByteView bytes, std::uint64_t at) {
  const std::string_view text = AsText(Slice(bytes, at + 1, 64));
  for (const DangerousName& candidate : kDangerousNames) {
    const std::size_t module = candidate.module.size(), name = candidate.name.size();
    if (text.size() < module + name + 2 || !text.starts_with(candidate.module) || text[module] != '\n') continue;
    if (text.substr(module + 1, name) == candidate.name && text[module + 1 + name] == '\n')
      return PickleAround(bytes, at, candidate.shown);
  }
  return {};
}

// The string that a SHORT_BINUNICODE or BINUNICODE at the start of `bytes` pushes,
// and how long the opcode is.
std::string_view PushedString(ByteView bytes, std::size_t& opcode_size) {
  if (bytes.size() >= 2 && bytes[0] == 0x8c) {
    opcode_size = 2u + bytes[1];
    return AsText(Slice(bytes, 2, bytes[1]));
  }
  if (bytes.size() >= 5 && bytes[0] == 'X') {
    const auto size = LoadLittle<std::uint32_t>(bytes.data() + 1);
    if (size > 64) return {};
    opcode_size = 5u + size;
    return AsText(Slice(bytes, 5, size));
  }
  return {};
}

// Two strings, one after the other, with nothing but memo opcodes between them, and
// STACK_GLOBAL close behind: a memo opcode or a new frame may come first. Without it
// they are two words in a list.
std::optional<Embedded> VerifyStackGlobal(ByteView bytes, std::uint64_t at) {
  std::size_t size = 0;
  const std::string_view module = PushedString(Slice(bytes, at, 128), size);
  if (module.empty()) return {};
  if (std::none_of(std::begin(kDangerousNames), std::end(kDangerousNames),
                   [&](const DangerousName& known) { return known.module == module; }))
    return {};
  ByteView rest = Slice(bytes, at + size, 128);
  for (int memos = 0; memos < 4 && !rest.empty(); ++memos) {
    if (rest[0] == 0x94)
      rest = Slice(rest, 1);
    else if (rest[0] == 'q')
      rest = Slice(rest, 2);
    else if (rest[0] == 'r')
      rest = Slice(rest, 5);
    else
      break;
  }
  const std::string_view name = PushedString(rest, size);
  constexpr std::size_t kClose = 12;
  if (AsText(Slice(rest, size, kClose)).find('\x93') == std::string_view::npos) return {};
  for (const DangerousName& known : kDangerousNames)
    if (known.module == module && known.name == name) return PickleAround(bytes, at, known.shown);
  return {};
}

std::optional<Embedded> VerifyFrame(ByteView bytes, std::uint64_t at) {
  if (!IsFrame(bytes, at)) return {};
  const auto frame = LoadLittle<std::uint64_t>(bytes.data() + at + 3);
  const std::uint64_t left = bytes.size() - at - 11;
  if (frame < 2 || frame > left || bytes[at + 11 + frame - 1] != '.') return {};
  return Embedded{EmbeddedKind::kFramedPickle, at, 11 + frame, {}};
}

// ---- Scripts ----

std::optional<Embedded> VerifyShebang(ByteView bytes, std::uint64_t at) {
  const std::string_view text = AsText(Slice(bytes, at, 1024));
  const std::size_t line_end = text.find('\n');
  if (line_end == std::string_view::npos || line_end > 128 || text.size() < line_end + 9) return {};
  const std::string_view line = text.substr(2, line_end - 2);
  if (!line.starts_with("/bin/") && !line.starts_with("/usr/bin/") && !line.starts_with("/usr/local/bin/")) return {};
  if (!std::all_of(line.begin(), line.end(), [](char c) { return IsPrintable(c) || c == '\r'; })) return {};
  const std::string_view body = text.substr(line_end + 1, 16);
  if (!std::all_of(body.begin(), body.begin() + 8, IsReadable)) return {};
  return Embedded{EmbeddedKind::kScript, at, 0, "script with an interpreter line"};
}

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  return std::equal(lower.begin(), lower.end(), text.begin(),
                    [](char wanted, char c) { return wanted == (c >= 'A' && c <= 'Z' ? c | 0x20 : c); });
}

bool ContainsIgnoringCase(std::string_view text, std::string_view lower) {
  for (std::size_t i = 0; i + lower.size() <= text.size(); ++i)
    if (StartsWithIgnoringCase(text.substr(i), lower)) return true;
  return false;
}

std::optional<Embedded> VerifyMarkup(ByteView bytes, std::uint64_t at) {
  const std::string_view text = AsText(Slice(bytes, at, 2048));
  if (!StartsWithIgnoringCase(text, "<script")) return {};
  const std::size_t open = text.substr(0, 256).find('>');
  if (open == std::string_view::npos || !std::all_of(text.begin(), text.begin() + long(open), IsReadable)) return {};
  if (open > 7 && text[7] != ' ' && text[7] != '\n' && text[7] != '\t') return {};
  if (!ContainsIgnoringCase(text.substr(open), "</script")) return {};
  return Embedded{EmbeddedKind::kScript, at, 0, "script element of HTML"};
}

std::optional<Embedded> VerifyPowerShell(ByteView bytes, std::uint64_t at) {
  std::string_view text = AsText(Slice(bytes, at, 256));
  if (!StartsWithIgnoringCase(text, "powershell")) return {};
  text = text.substr(0, std::find_if_not(text.begin(), text.end(), IsPrintable) - text.begin());
  constexpr std::string_view kSigns[] = {" -enc", " -e ",  " -nop",          "-windowstyle hidden", " -w hidden",
                                         "iex(",  "iex (", "downloadstring", "frombase64string"};
  for (const std::string_view sign : kSigns)
    if (ContainsIgnoringCase(text, sign)) return Embedded{EmbeddedKind::kScript, at, 0, "PowerShell command"};
  return {};
}

}  // namespace

std::string_view Name(EmbeddedKind kind) {
  switch (kind) {
    case EmbeddedKind::kElf: return "ELF program";
    case EmbeddedKind::kPe: return "Windows program";
    case EmbeddedKind::kMachO: return "Mach-O program";
    case EmbeddedKind::kZip: return "zip archive";
    case EmbeddedKind::kSevenZip: return "7z archive";
    case EmbeddedKind::kPickle: return "pickle";
    case EmbeddedKind::kFramedPickle: return "framed pickle";
    case EmbeddedKind::kScript: return "script";
  }
  return "content";
}

std::optional<Embedded> VerifyEmbedded(ByteView bytes, std::uint64_t at) {
  switch (bytes[at]) {
    case 0x7f: return VerifyProgram(bytes, at, EmbeddedKind::kElf);
    case 0xca:
    case 0xfe:
    case 0xce:
    case 0xcf: return VerifyProgram(bytes, at, EmbeddedKind::kMachO);
    case 'P':
      if (at + 4 > bytes.size()) return {};
      if (bytes[at + 1] == 'K' && bytes[at + 2] == 3 && bytes[at + 3] == 4) return VerifyZip(bytes, at);
      if (bytes[at + 1] == 'E') return VerifyPe(bytes, at);
      return VerifyPowerShell(bytes, at);
    case 'p': return VerifyPowerShell(bytes, at);
    case '7': return VerifySevenZip(bytes, at);
    case 0x80: return VerifyFrame(bytes, at);
    case 'c':
    case 'i': return VerifyGlobal(bytes, at);
    case 0x8c:
    case 'X': return VerifyStackGlobal(bytes, at);
    case '#': return VerifyShebang(bytes, at);
    case '<': return VerifyMarkup(bytes, at);
    default: return {};
  }
}

}  // namespace ringfort::formats
