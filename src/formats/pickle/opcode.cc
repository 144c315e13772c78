#include "formats/pickle/opcode.h"

#include <array>

namespace ringfort::formats {
namespace {

using enum PickleArgument;

constexpr std::array<PickleOpInfo, 256> BuildTable() {
  std::array<PickleOpInfo, 256> table{};
  const auto set = [&table](PickleOp op, std::string_view name, std::uint8_t protocol, PickleArgument argument = kNone,
                            std::uint8_t bytes = 0) {
    table[static_cast<std::uint8_t>(op)] = {name, protocol, argument, bytes};
  };
  using enum PickleOp;
  set(kMark, "MARK", 0);
  set(kStop, "STOP", 0);
  set(kPop, "POP", 0);
  set(kPopMark, "POP_MARK", 1);
  set(kDup, "DUP", 0);
  set(PickleOp::kFloat, "FLOAT", 0, kLine);
  set(kInt, "INT", 0, kLine);
  set(kBinInt, "BININT", 1, kFixed, 4);
  set(kBinInt1, "BININT1", 1, kFixed, 1);
  set(kLong, "LONG", 0, kLine);
  set(kBinInt2, "BININT2", 1, kFixed, 2);
  set(PickleOp::kNone, "NONE", 0);
  set(kPersId, "PERSID", 0, kLine);
  set(kBinPersId, "BINPERSID", 1);
  set(kReduce, "REDUCE", 0);
  set(kString, "STRING", 0, kLine);
  set(kBinString, "BINSTRING", 1, kCounted, 4);
  set(kShortBinString, "SHORT_BINSTRING", 1, kCounted, 1);
  set(kUnicode, "UNICODE", 0, kLine);
  set(kBinUnicode, "BINUNICODE", 1, kCounted, 4);
  set(kAppend, "APPEND", 0);
  set(kBuild, "BUILD", 0);
  set(kGlobal, "GLOBAL", 0, kTwoLines);
  set(kDict, "DICT", 0);
  set(kEmptyDict, "EMPTY_DICT", 1);
  set(kAppends, "APPENDS", 1);
  set(kGet, "GET", 0, kLine);
  set(kBinGet, "BINGET", 1, kFixed, 1);
  set(kInst, "INST", 0, kTwoLines);
  set(kLongBinGet, "LONG_BINGET", 1, kFixed, 4);
  set(kList, "LIST", 0);
  set(kEmptyList, "EMPTY_LIST", 1);
  set(kObj, "OBJ", 1);
  set(kPut, "PUT", 0, kLine);
  set(kBinPut, "BINPUT", 1, kFixed, 1);
  set(kLongBinPut, "LONG_BINPUT", 1, kFixed, 4);
  set(kSetItem, "SETITEM", 0);
  set(kTuple, "TUPLE", 0);
  set(kEmptyTuple, "EMPTY_TUPLE", 1);
  set(kSetItems, "SETITEMS", 1);
  set(kBinFloat, "BINFLOAT", 1, kFixed, 8);
  set(kProto, "PROTO", 2, kFixed, 1);
  set(kNewObj, "NEWOBJ", 2);
  set(kExt1, "EXT1", 2, kFixed, 1);
  set(kExt2, "EXT2", 2, kFixed, 2);
  set(kExt4, "EXT4", 2, kFixed, 4);
  set(kTuple1, "TUPLE1", 2);
  set(kTuple2, "TUPLE2", 2);
  set(kTuple3, "TUPLE3", 2);
  set(kNewTrue, "NEWTRUE", 2);
  set(kNewFalse, "NEWFALSE", 2);
  set(kLong1, "LONG1", 2, kCounted, 1);
  set(kLong4, "LONG4", 2, kCounted, 4);
  set(kBinBytes, "BINBYTES", 3, kCounted, 4);
  set(kShortBinBytes, "SHORT_BINBYTES", 3, kCounted, 1);
  set(kShortBinUnicode, "SHORT_BINUNICODE", 4, kCounted, 1);
  set(kBinUnicode8, "BINUNICODE8", 4, kCounted, 8);
  set(kBinBytes8, "BINBYTES8", 4, kCounted, 8);
  set(kEmptySet, "EMPTY_SET", 4);
  set(kAddItems, "ADDITEMS", 4);
  set(kFrozenSet, "FROZENSET", 4);
  set(kNewObjEx, "NEWOBJ_EX", 4);
  set(kStackGlobal, "STACK_GLOBAL", 4);
  set(kMemoize, "MEMOIZE", 4);
  set(kFrame, "FRAME", 4, kFixed, 8);
  set(kByteArray8, "BYTEARRAY8", 5, kCounted, 8);
  set(kNextBuffer, "NEXT_BUFFER", 5);
  set(kReadonlyBuffer, "READONLY_BUFFER", 5);
  return table;
}

constexpr std::array<PickleOpInfo, 256> kTable = BuildTable();

struct Sizes {
  std::uint8_t of[256];
};
constexpr Sizes BuildSizes() {
  Sizes sizes{};
  for (std::size_t i = 0; i < 256; ++i) {
    sizes.of[i] = kTable[i].name.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(1 + kTable[i].bytes);
  }
  return sizes;
}
constexpr Sizes kSizes = BuildSizes();

}  // namespace

const PickleOpInfo& InfoOf(std::uint8_t opcode) { return kTable[opcode]; }

const std::uint8_t* const kPickleFixedSize = kSizes.of;

}  // namespace ringfort::formats
