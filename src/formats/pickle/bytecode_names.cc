#include "formats/pickle/bytecode_names.h"

#include <algorithm>
#include <cstdint>

namespace ringfort::formats {
namespace {

constexpr std::size_t kMostNames = 4096;

struct OpcodeSet {
  std::uint8_t extended_argument, load_name, load_global, load_attribute, load_method, import_name, import_from;
};
constexpr OpcodeSet kTo312 = {144, 101, 116, 106, 160, 108, 109};
constexpr OpcodeSet k313 = {71, 92, 91, 82, 82, 75, 74};
constexpr std::uint8_t kResumeTo312 = 151;
constexpr std::uint8_t kResume313 = 149;
constexpr std::size_t kAttributeCachesWithFlag = 9;

// RESUME stands at the start of every code object from 3.11 on, behind at most
// the set-up of cells and of a generator.
const OpcodeSet& OpcodesOf(ByteView code, bool wide) {
  if (!wide) return kTo312;
  bool resume = false;
  for (std::size_t at = 0; at + 1 < code.size() && at < 128; at += 2) {
    if (code[at] == kResumeTo312) return kTo312;
    resume = resume || code[at] == kResume313;
  }
  return resume ? k313 : kTo312;
}

}  // namespace

std::vector<std::string> LoadedNames(ByteView code, std::span<const std::string_view> names, bool wide) {
  const OpcodeSet& opcodes = OpcodesOf(code, wide);
  std::vector<std::string> loaded;
  bool follows = false;  // the instruction before loaded the last of them
  std::uint32_t extension = 0;
  for (std::size_t at = 0; at + 1 < code.size() && loaded.size() < kMostNames;) {
    const std::uint8_t opcode = code[at];
    std::uint32_t argument = extension << 8 | code[at + 1];
    at += 2;
    if (opcode == opcodes.extended_argument) {
      extension = argument;
      continue;
    }
    extension = 0;
    std::size_t caches = 0;
    for (; at + 1 < code.size() && code[at] == 0; at += 2) ++caches;

    const bool attribute = opcode == opcodes.load_attribute || opcode == opcodes.load_method;
    const bool part = attribute || opcode == opcodes.import_from;
    const bool start = opcode == opcodes.load_global || opcode == opcodes.load_name || opcode == opcodes.import_name;
    if ((opcode == opcodes.load_global && caches > 0) ||
        (opcode == opcodes.load_attribute && caches >= kAttributeCachesWithFlag))
      argument >>= 1;
    const bool known = (start || (part && follows)) && argument < names.size();
    if (known && start) loaded.emplace_back(names[argument]);
    if (known && part) {
      const std::string longer = loaded.back() + "." + std::string(names[argument]);
      loaded.push_back(longer);
    }
    follows = known;
  }
  return loaded;
}

}  // namespace ringfort::formats
