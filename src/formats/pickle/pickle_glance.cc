#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "formats/pickle/opcode.h"
#include "formats/pickle/pickle_machine.h"

// LooksLikePickle: a walk with a stack of which only the depth is known.

namespace ringfort::formats {
namespace {

constexpr std::size_t kLongestWalk = 4096;  // opcodes
constexpr std::size_t kDeepestMarks = 64;

bool IsName(std::string_view line) {
  if (line.empty() || line.size() > 255) return false;
  return std::all_of(line.begin(), line.end(), [](char letter) {
    return letter == '_' || letter == '.' || (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z') || static_cast<std::uint8_t>(letter) >= 0x80;
  });
}

// A number as strtol, int() and float() take it: any base, any length, blanks around it.
bool IsNumber(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\v\f";
  line.remove_prefix(std::min(line.size(), line.find_first_not_of(kBlanks)));
  line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
  if (line.starts_with('+') || line.starts_with('-')) line.remove_prefix(1);
  if (line.size() <= 8)
    for (const std::string_view word : {"inf", "infinity", "nan"})
      if (std::equal(line.begin(), line.end(), word.begin(), word.end(),
                     [](char a, char b) { return (a | 0x20) == b; }))
        return true;
  if (line.empty() || (line.front() != '.' && (line.front() < '0' || line.front() > '9'))) return false;
  return line.find_first_not_of("0123456789abcdefABCDEFxXoOlL_.+-") == line.npos;
}

// Protocols 0 and 1 have no signature, so the whole stream, or its head, must make sense.
bool WalksLikePickle(ByteView head) {
  std::size_t depth = 0;
  std::size_t marks[kDeepestMarks];
  std::size_t mark_count = 0;
  bool named = false;
  const auto need = [&](std::size_t count) { return depth >= (mark_count == 0 ? 0 : marks[mark_count - 1]) + count; };
  const auto to_mark = [&] {
    if (mark_count == 0) return false;
    depth = marks[--mark_count];
    return true;
  };
  Cursor cursor(head);
  const auto line = [&](std::string_view& text) {
    const ByteView rest = Slice(head, cursor.offset());
    const auto* newline =
        static_cast<const std::uint8_t*>(rest.empty() ? nullptr : std::memchr(rest.data(), '\n', rest.size()));
    if (newline == nullptr) return false;
    text = AsText(cursor.Take(static_cast<std::uint64_t>(newline - rest.data()) + 1));
    text.remove_suffix(1);
    return true;
  };
  for (std::size_t steps = 0; steps < kLongestWalk; ++steps) {
    if (cursor.AtEnd()) return false;
    const std::uint8_t byte = cursor.U8();
    const PickleOpInfo& info = InfoOf(byte);
    if (info.name.empty()) return false;
    std::string_view text;
    switch (info.argument) {
      case PickleArgument::kNone: break;
      case PickleArgument::kFixed: cursor.Skip(info.bytes); break;
      case PickleArgument::kCounted: {
        std::uint64_t length = 0;
        for (unsigned i = 0; i < info.bytes; ++i) length |= std::uint64_t{cursor.U8()} << (8 * i);
        cursor.Skip(length);
        break;
      }
      case PickleArgument::kLine:
        if (!line(text)) return false;
        break;
      case PickleArgument::kTwoLines: {
        std::string_view second;
        if (!line(text) || !IsName(text)) return false;
        if (!line(second)) {
          // The last line may end with the input, and INST still calls.
          second = AsText(Slice(head, cursor.offset()));
          return static_cast<PickleOp>(byte) == PickleOp::kInst && mark_count != 0 && IsName(second);
        }
        if (!IsName(second)) return false;
        named = true;
        break;
      }
    }
    if (!cursor.ok()) return false;
    switch (static_cast<PickleOp>(byte)) {
      case PickleOp::kMark:
        if (mark_count == kDeepestMarks) return true;
        marks[mark_count++] = depth;
        break;
      case PickleOp::kStop: return named ? depth >= 1 : depth == 1 && mark_count == 0 && steps >= 3;
      case PickleOp::kPop:
        if (mark_count != 0 && marks[mark_count - 1] == depth)
          --mark_count;
        else if (need(1))
          --depth;
        else
          return false;
        break;
      case PickleOp::kPopMark:
        if (!to_mark()) return false;
        break;
      case PickleOp::kReduce:
      case PickleOp::kNewObj:
        if (!need(2)) return false;
        if (named) return true;
        --depth;
        break;
      case PickleOp::kInst: return mark_count != 0;
      case PickleOp::kObj:
        if (!to_mark()) return false;
        if (named) return true;
        ++depth;
        break;
      case PickleOp::kTuple:
      case PickleOp::kList:
      case PickleOp::kDict:
      case PickleOp::kFrozenSet:
        if (!to_mark()) return false;
        ++depth;
        break;
      case PickleOp::kAppends:
      case PickleOp::kSetItems:
      case PickleOp::kAddItems:
        if (!to_mark() || !need(1)) return false;
        break;
      case PickleOp::kStackGlobal:
        if (!need(2)) return false;
        named = true;
        --depth;
        break;
      case PickleOp::kAppend:
      case PickleOp::kBuild:
      case PickleOp::kTuple2:
        if (!need(2)) return false;
        --depth;
        break;
      case PickleOp::kSetItem:
      case PickleOp::kTuple3:
      case PickleOp::kNewObjEx:
        if (!need(3)) return false;
        depth -= 2;
        break;
      case PickleOp::kTuple1:
      case PickleOp::kBinPersId:
      case PickleOp::kMemoize:
      case PickleOp::kBinPut:
      case PickleOp::kLongBinPut:
      case PickleOp::kReadonlyBuffer:
        if (!need(1)) return false;
        break;
      case PickleOp::kPut:
        if (!need(1) || !IsNumber(text)) return false;
        break;
      case PickleOp::kInt:
      case PickleOp::kLong:
      case PickleOp::kFloat:
      case PickleOp::kGet:
        if (!IsNumber(text)) return false;
        ++depth;
        break;
      case PickleOp::kExt1:
      case PickleOp::kExt2:
      case PickleOp::kExt4:
        named = true;
        ++depth;
        break;
      case PickleOp::kProto:
      case PickleOp::kFrame: break;
      default: ++depth; break;
    }
  }
  return true;  // nothing else goes on like this for so long
}

}  // namespace

bool LooksLikePickle(ByteView head) {
  if (head.size() >= 2 && head[0] == 0x80 && head[1] <= 5) {
    return head.size() == 2 ? head[1] >= 2 : !InfoOf(head[2]).name.empty() && (head[1] >= 2 || WalksLikePickle(head));
  }
  return WalksLikePickle(head);
}

}  // namespace ringfort::formats
