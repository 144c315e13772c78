#pragma once

#include <cstdint>
#include <string_view>

// The 68 opcodes of pickle protocols 0 to 5, as Lib/pickletools.py documents
// them: name, protocol that brought it, and the form of what follows the byte.

namespace ringfort::formats {

enum class PickleOp : std::uint8_t {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kFloat = 'F',
  kInt = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kLong = 'L',
  kBinInt2 = 'M',
  kNone = 'N',
  kPersId = 'P',
  kBinPersId = 'Q',
  kReduce = 'R',
  kString = 'S',
  kBinString = 'T',
  kShortBinString = 'U',
  kUnicode = 'V',
  kBinUnicode = 'X',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kDict = 'd',
  kEmptyDict = '}',
  kAppends = 'e',
  kGet = 'g',
  kBinGet = 'h',
  kInst = 'i',
  kLongBinGet = 'j',
  kList = 'l',
  kEmptyList = ']',
  kObj = 'o',
  kPut = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kEmptyTuple = ')',
  kSetItems = 'u',
  kBinFloat = 'G',
  kProto = 0x80,
  kNewObj = 0x81,
  kExt1 = 0x82,
  kExt2 = 0x83,
  kExt4 = 0x84,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kNewObjEx = 0x92,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
  kByteArray8 = 0x96,
  kNextBuffer = 0x97,
  kReadonlyBuffer = 0x98,
};

// What follows the opcode byte.
enum class PickleArgument : std::uint8_t {
  kNone,
  kFixed,  // `bytes` bytes
  kLine,   // up to and with a newline
  kTwoLines,
  kCounted,  // a little-endian length of `bytes` bytes, then as many bytes
};

struct PickleOpInfo {
  std::string_view name;  // empty: no opcode
  std::uint8_t protocol = 0;
  PickleArgument argument = PickleArgument::kNone;
  std::uint8_t bytes = 0;
};

const PickleOpInfo& InfoOf(std::uint8_t opcode);

// One byte for each opcode: the size of its fixed part, the opcode byte
// included; 0 for bytes that are no opcode. For the hot loop.
extern const std::uint8_t* const kPickleFixedSize;

}  // namespace ringfort::formats
