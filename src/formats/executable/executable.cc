#include "formats/executable/executable.h"

#include <algorithm>

namespace ringfort::formats {
namespace {

struct Machine {
  std::uint32_t number;
  std::string_view name;
  bool processor = true;
};

constexpr Machine kElfMachines[] = {
    {2, "sparc"},      {3, "x86"},          {4, "m68k"},        {8, "mips"},          {20, "powerpc"},
    {21, "powerpc64"}, {22, "s390"},        {40, "arm"},        {42, "superh"},       {43, "sparc64"},
    {50, "ia64"},      {62, "x86-64"},      {183, "arm64"},     {190, "cuda", false}, {224, "amdgpu", false},
    {243, "riscv"},    {247, "bpf", false}, {258, "loongarch"},
};

constexpr Machine kPeMachines[] = {
    {0x014c, "x86"}, {0x8664, "x86-64"}, {0xaa64, "arm64"}, {0x01c0, "arm"},
    {0x01c4, "arm"}, {0x0200, "ia64"},   {0x5064, "riscv"},
};

constexpr Machine kMachOMachines[] = {
    {7, "x86"},      {0x01000007, "x86-64"},    {12, "arm"}, {0x0100000c, "arm64"}, {0x0200000c, "arm64"},
    {18, "powerpc"}, {0x01000012, "powerpc64"},
};

template <std::size_t kCount>
const Machine* Find(const Machine (&machines)[kCount], std::uint32_t number) {
  const auto* at = std::find_if(std::begin(machines), std::end(machines),
                                [&](const Machine& machine) { return machine.number == number; });
  return at == std::end(machines) ? nullptr : at;
}

// Numbers of either byte order; zero past the end, where the caller's own bounds
// have already been checked.
class Reader {
 public:
  Reader(ByteView bytes, bool big) : bytes_(bytes), big_(big) {}

  template <class T>
  T At(std::uint64_t offset) const {
    if (bytes_.size() < sizeof(T) || offset > bytes_.size() - sizeof(T)) return 0;
    const std::uint8_t* at = bytes_.data() + offset;
    return big_ ? LoadBig<T>(at) : LoadLittle<T>(at);
  }
  std::uint16_t U16(std::uint64_t offset) const { return At<std::uint16_t>(offset); }
  std::uint32_t U32(std::uint64_t offset) const { return At<std::uint32_t>(offset); }
  std::uint64_t U64(std::uint64_t offset) const { return At<std::uint64_t>(offset); }
  std::uint64_t Word(std::uint64_t offset, int bits) const { return bits == 64 ? U64(offset) : U32(offset); }

 private:
  ByteView bytes_;
  bool big_;
};

// Lets the image reach to begin + size; past the end of the file it is damaged.
void Extend(ExecutableFacts& facts, ByteView bytes, std::uint64_t begin, std::uint64_t size, std::string_view what,
            std::uint64_t offset) {
  if (begin > bytes.size() || size > bytes.size() - begin) {
    if (!facts.damage) facts.damage = Error{Fault::kTruncated, std::string(what) + " leaves the file", offset};
    facts.image_end = bytes.size();
    return;
  }
  facts.image_end = std::max(facts.image_end, begin + size);
}

std::optional<ExecutableFacts> ReadElf(ByteView bytes) {
  if (bytes.size() < 52 || !StartsWith(bytes,
                                       "\x7f"
                                       "ELF"))
    return {};
  const int bits = bytes[4] == 1 ? 32 : bytes[4] == 2 ? 64 : 0;
  if (bits == 0 || (bytes[5] != 1 && bytes[5] != 2) || bytes[6] != 1) return {};
  const Reader read(bytes, bytes[5] == 2);
  const std::uint16_t type = read.U16(16), number = read.U16(18);
  const Machine* machine = Find(kElfMachines, number);
  const std::uint64_t tail = bits == 64 ? 48 : 36;  // where e_flags stands
  const std::uint16_t header_size = read.U16(tail + 4);
  const std::uint64_t program_entry = read.U16(tail + 6), program_count = read.U16(tail + 8);
  const std::uint64_t section_entry = read.U16(tail + 10), section_count = read.U16(tail + 12);
  if (type < 1 || type > 4 || number == 0 || read.U32(20) != 1) return {};
  if (header_size != (bits == 64 ? 64 : 52)) return {};
  if (program_count != 0 && program_entry != (bits == 64 ? 56u : 32u)) return {};
  if (section_count != 0 && section_entry != (bits == 64 ? 64u : 40u)) return {};

  ExecutableFacts facts;
  facts.kind = ExecutableKind::kElf;
  facts.bits = bits;
  facts.big_endian = bytes[5] == 2;
  facts.machine = machine != nullptr ? machine->name : "other";
  facts.runs_on_processor = machine == nullptr || machine->processor;
  constexpr std::string_view kTypes[] = {"", "object", "executable", "shared library", "core"};
  facts.type = kTypes[type];
  facts.image_end = std::min<std::uint64_t>(header_size, bytes.size());

  const std::uint64_t programs = read.Word(bits == 64 ? 32 : 28, bits);
  const std::uint64_t sections = read.Word(bits == 64 ? 40 : 32, bits);
  if (program_count != 0) Extend(facts, bytes, programs, program_count * program_entry, "the program table", 28);
  if (section_count != 0) Extend(facts, bytes, sections, section_count * section_entry, "the section table", 32);
  if (facts.damage) return facts;
  for (std::uint64_t i = 0; i < program_count; ++i) {
    const std::uint64_t at = programs + i * program_entry;
    Extend(facts, bytes, read.Word(at + (bits == 64 ? 8 : 4), bits), read.Word(at + (bits == 64 ? 32 : 16), bits),
           "a segment", at);
  }
  for (std::uint64_t i = 0; i < section_count; ++i) {
    const std::uint64_t at = sections + i * section_entry;
    constexpr std::uint32_t kNoBits = 8;
    if (const std::uint32_t kind = read.U32(at + 4); kind == kNoBits || kind == 0) continue;
    Extend(facts, bytes, read.Word(at + (bits == 64 ? 24 : 16), bits), read.Word(at + (bits == 64 ? 32 : 20), bits),
           "a section", at);
  }
  return facts;
}

std::optional<ExecutableFacts> ReadPe(ByteView bytes) {
  if (bytes.size() < 64 || !StartsWith(bytes, "MZ")) return {};
  const Reader read(bytes, false);
  // An Actually Portable Executable is a shell script, too; its PE header may be
  // a stub that only becomes whole when it is installed.
  const bool portable = StartsWith(bytes, "MZqFpD='") || StartsWith(bytes, "jartsr='");
  const std::uint32_t signature = read.U32(60);
  if (!IsPlausiblePeHeader(bytes, signature)) {
    if (!portable) return {};
    ExecutableFacts facts;
    facts.kind = ExecutableKind::kPe;
    facts.machine = "other";
    facts.type = "executable";
    facts.portable = true;
    facts.image_end = 64;
    return facts;
  }
  ExecutableFacts facts;
  facts.kind = ExecutableKind::kPe;
  facts.portable = portable;
  facts.machine = Find(kPeMachines, read.U16(signature + 4))->name;
  const std::uint16_t flags = read.U16(signature + 22);
  constexpr std::uint16_t kIsLibrary = 0x2000;
  facts.type = (flags & kIsLibrary) != 0 ? "shared library" : "executable";
  const std::uint64_t optional_at = std::uint64_t{signature} + 24;
  const std::uint16_t optional_size = read.U16(signature + 20);
  facts.bits = read.U16(optional_at) == 0x20b ? 64 : 32;
  const std::uint64_t sections = optional_at + optional_size;
  const std::uint64_t section_count = read.U16(signature + 6);
  Extend(facts, bytes, sections, section_count * 40, "the section table", sections);
  for (std::uint64_t i = 0; i < section_count && !facts.damage; ++i) {
    const std::uint64_t at = sections + i * 40;
    Extend(facts, bytes, read.U32(at + 20), read.U32(at + 16), "a section", at);
  }
  // Signatures lie behind the last section, as a file offset in directory 4.
  const std::uint64_t directories = optional_at + (facts.bits == 64 ? 112 : 96);
  if (read.U32(directories - 4) > 4 && directories + 40 <= sections && !facts.damage)
    Extend(facts, bytes, read.U32(directories + 32), read.U32(directories + 36), "the certificate table",
           directories + 32);
  return facts;
}

std::optional<ExecutableFacts> ReadMachOImage(ByteView bytes) {
  if (bytes.size() < 28) return {};
  const std::uint32_t magic = LoadBig<std::uint32_t>(bytes.data());
  const bool little = magic == 0xCEFAEDFE || magic == 0xCFFAEDFE;
  if (!little && magic != 0xFEEDFACE && magic != 0xFEEDFACF) return {};
  const Reader read(bytes, !little);
  const int bits = (read.U32(0) & 1) != 0 ? 64 : 32;
  const Machine* machine = Find(kMachOMachines, read.U32(4));
  const std::uint32_t type = read.U32(12), commands = read.U32(16), commands_size = read.U32(20);
  const std::uint64_t header = bits == 64 ? 32 : 28;
  if (machine == nullptr || type < 1 || type > 12 || commands > 65535 || commands_size < commands * 8u) return {};
  if (commands_size > (1u << 24)) return {};

  ExecutableFacts facts;
  facts.kind = ExecutableKind::kMachO;
  facts.bits = bits;
  facts.big_endian = !little;
  facts.machine = machine->name;
  facts.type = type == 1 ? "object" : type == 4 ? "core" : (type == 6 || type == 8) ? "shared library" : "executable";
  Extend(facts, bytes, header, commands_size, "the load commands", 16);
  std::uint64_t at = header;
  for (std::uint32_t i = 0; i < commands && !facts.damage; ++i) {
    const std::uint32_t command = read.U32(at), size = read.U32(at + 4);
    if (size < 8 || size > commands_size || at - header > commands_size - size) {
      facts.damage = Error{Fault::kInvalidInput, "a load command leaves its table", at};
      break;
    }
    if (command == 0x1) Extend(facts, bytes, read.U32(at + 32), read.U32(at + 36), "a segment", at);
    if (command == 0x19) Extend(facts, bytes, read.U64(at + 40), read.U64(at + 48), "a segment", at);
    at += size;
  }
  return facts;
}

std::optional<ExecutableFacts> ReadUniversal(ByteView bytes) {
  if (bytes.size() < 8 || LoadBig<std::uint32_t>(bytes.data()) != 0xCAFEBABE) return {};
  const Reader read(bytes, true);
  // A Java class file has the same magic; its next word is a version above 40.
  const std::uint32_t count = read.U32(4);
  if (count == 0 || count > 20) return {};
  ExecutableFacts facts;
  facts.kind = ExecutableKind::kMachO;
  facts.big_endian = true;
  facts.machine = "universal";
  facts.type = "executable";
  facts.image_end = 8;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t at = 8 + std::uint64_t{i} * 20;
    if (Find(kMachOMachines, read.U32(at)) == nullptr || read.U32(at + 16) > 30) return {};
    Extend(facts, bytes, read.U32(at + 8), read.U32(at + 12), "an architecture", at);
  }
  return facts;
}

}  // namespace

std::string_view Name(ExecutableKind kind) {
  switch (kind) {
    case ExecutableKind::kElf: return "ELF";
    case ExecutableKind::kPe: return "PE";
    case ExecutableKind::kMachO: return "Mach-O";
  }
  return "program";
}

bool IsPlausiblePeHeader(ByteView bytes, std::uint64_t signature) {
  const Reader read(bytes, false);
  if (bytes.size() < 26 || signature > bytes.size() - 26 || read.U32(signature) != 0x00004550) return false;
  if (Find(kPeMachines, read.U16(signature + 4)) == nullptr) return false;
  const std::uint16_t sections = read.U16(signature + 6), optional_size = read.U16(signature + 20);
  const std::uint16_t magic = read.U16(signature + 24), flags = read.U16(signature + 22);
  constexpr std::uint16_t kIsExecutableImage = 0x0002;
  if (sections < 1 || sections > 96 || (flags & kIsExecutableImage) == 0) return false;
  return (magic == 0x10b && optional_size >= 96 && optional_size <= 1024) ||
         (magic == 0x20b && optional_size >= 112 && optional_size <= 1024);
}

std::optional<ExecutableFacts> ReadExecutable(ByteView bytes) {
  if (bytes.size() < 4) return {};
  if (bytes[0] == 0x7f) return ReadElf(bytes);
  if (bytes[0] == 'M') return ReadPe(bytes);
  if (bytes[0] == 0xCA) return ReadUniversal(bytes);
  return ReadMachOImage(bytes);
}

}  // namespace ringfort::formats
