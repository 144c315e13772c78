#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "formats/pickle/pickle_state.h"

// The loop. One bounds check covers an opcode's fixed part (a table of sizes);
// the cursor is a local, everything else lives in the state. Order and checks
// follow what the C unpickler does, because what it refuses never runs.

namespace ringfort::formats {
namespace {

constexpr std::uint32_t kLongDuplicateRun = 1000;
constexpr std::uint64_t kHugeInteger = 16384;  // bytes

// torch.serialization.MAGIC_NUMBER, as LONG1 spells it.
constexpr std::uint8_t kTorchMagic[] = {0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};

std::int64_t LittleSigned(const std::uint8_t* at, std::size_t size) {
  if (size == 0) return 0;
  std::uint64_t number = (at[size - 1] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = size; i-- > 0;) number = (number << 8) | at[i];
  return static_cast<std::int64_t>(number);
}

PickleKind TextKind(PickleOp op) {
  switch (op) {
    case PickleOp::kBinBytes:
    case PickleOp::kShortBinBytes:
    case PickleOp::kBinBytes8: return PickleKind::kBytes;
    case PickleOp::kByteArray8: return PickleKind::kByteArray;
    default: return PickleKind::kText;
  }
}

// Whether what we do not know could turn out to be a str.
bool MayBeText(PickleKind kind) {
  return kind == PickleKind::kText || kind == PickleKind::kObject || kind == PickleKind::kPersistent ||
         kind == PickleKind::kExtension || kind == PickleKind::kUnknown;
}

}  // namespace

PickleStep PickleState::Run() {
  const std::uint8_t* p = at;
  const std::uint8_t* const size_of = kPickleFixedSize;

#define NEED(n)                                                                        \
  if (top < fence + (n)) {                                                             \
    Note(PickleOddity::kStackUnderflow);                                               \
    Fail(PickleEnd::kRefused, Fault::kInvalidInput, "the stack holds too few values"); \
    goto failed;                                                                       \
  }
#define POP_MARK(i)                                                          \
  if (marks.empty()) {                                                       \
    Note(PickleOddity::kMarkMissing);                                        \
    Fail(PickleEnd::kRefused, Fault::kInvalidInput, "no mark on the stack"); \
    goto failed;                                                             \
  }                                                                          \
  const std::size_t i = marks.back();                                        \
  marks.pop_back();                                                          \
  fence = marks.empty() ? 0 : marks.back();
#define BELOW_MARK(i)                                                                 \
  if (i <= fence) {                                                                   \
    Note(PickleOddity::kStackUnderflow);                                              \
    Fail(PickleEnd::kRefused, Fault::kInvalidInput, "nothing stands below the mark"); \
    goto failed;                                                                      \
  }

  for (;;) {
    if (p >= pause) {
      at = p;
      if (p < end) return PickleStep::kPause;
      return PickleStep::kMore;
    }
    const std::uint8_t byte = *p;
    const std::size_t size = size_of[byte];
    if (static_cast<std::size_t>(end - p) < size) {
      at = p;
      return PickleStep::kMore;
    }
    const std::uint64_t here = base + static_cast<std::uint64_t>(p - begin);
    recent[steps++ & 7] = here << 8 | byte;
    if (!seen[byte]) [[unlikely]] {
      seen[byte] = true;
      const PickleOpInfo& info = InfoOf(byte);
      current.protocol_needed = std::max<int>(current.protocol_needed, info.protocol);
      if (size != 0 && current.protocol >= 0 && info.protocol > current.protocol) {
        Note(PickleOddity::kOpcodeTooNew, std::string(info.name));
      }
    }
    const std::uint8_t* const argument = p + 1;
    const PickleOp op = static_cast<PickleOp>(byte);
    std::uint64_t length;

    switch (op) {
      case PickleOp::kMark:
        marks.push_back(static_cast<std::uint32_t>(top));
        fence = top;
        if ((marks.size() & 0xFFFF) == 0) {
          store.Charge(0x10000 * sizeof(std::uint32_t));
          if (store.exhausted()) pause = p;
        }
        break;
      case PickleOp::kStop:
        NEED(1);
        at = p + 1;
        if (frame_end > here + 1) NoteAt(PickleOddity::kFrameMismatch, here, "STOP stands inside a frame");
        return PickleStep::kStop;
      case PickleOp::kPop:
        if (!marks.empty() && marks.back() == top) {
          Note(PickleOddity::kMarkPopped);
          marks.pop_back();
          fence = marks.empty() ? 0 : marks.back();
        } else {
          NEED(1);
          --top;
        }
        break;
      case PickleOp::kPopMark: {
        POP_MARK(from);
        top = from;
        break;
      }
      case PickleOp::kDup:
        NEED(1);
        if (++duplicates == kLongDuplicateRun) Note(PickleOddity::kDuplicateChain);
        Push(stack.data()[top - 1]);
        break;

      case PickleOp::kNone: Push(MakeValue(PickleKind::kNone)); break;
      case PickleOp::kNewTrue: Push(MakeValue(PickleKind::kBool, 1)); break;
      case PickleOp::kNewFalse: Push(MakeValue(PickleKind::kBool, 0)); break;
      case PickleOp::kBinInt: Push(MakeInteger(LoadLittle<std::int32_t>(argument))); break;
      case PickleOp::kBinInt1: Push(MakeInteger(*argument)); break;
      case PickleOp::kBinInt2: Push(MakeInteger(LoadLittle<std::uint16_t>(argument))); break;
      case PickleOp::kBinFloat: Push(MakeValue(PickleKind::kFloat)); break;

      case PickleOp::kLong1:
      case PickleOp::kLong4: {
        if (op == PickleOp::kLong1) {
          length = *argument;
        } else {
          const auto claimed = LoadLittle<std::int32_t>(argument);
          if (claimed < 0) {
            Note(PickleOddity::kLengthNegative);
            Fail(PickleEnd::kRefused, Fault::kInvalidInput, "LONG4 with a negative length");
            goto failed;
          }
          length = static_cast<std::uint64_t>(claimed);
        }
        if (length > kHugeInteger) Note(PickleOddity::kIntegerHuge);
        const std::size_t here_left = static_cast<std::size_t>(end - p) - size;
        if (length <= 16 && here_left < length) goto again;
        if (length == sizeof(kTorchMagic) && std::memcmp(p + size, kTorchMagic, sizeof(kTorchMagic)) == 0) {
          torch_magic = true;
        }
        Push(length <= 8 ? MakeInteger(LittleSigned(p + size, static_cast<std::size_t>(length)))
                         : MakeValue(PickleKind::kInteger, kBigIntegerBit));
        if (here_left < length) goto skip_payload;
        p += length;
        break;
      }

      case PickleOp::kShortBinString:
      case PickleOp::kShortBinBytes:
      case PickleOp::kShortBinUnicode: length = *argument; goto text;
      case PickleOp::kBinString:
        length = LoadLittle<std::uint32_t>(argument);
        if (length > 0x7FFFFFFF) {
          Note(PickleOddity::kLengthNegative);
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "BINSTRING with a negative length");
          goto failed;
        }
        goto text;
      case PickleOp::kBinBytes:
      case PickleOp::kBinUnicode: length = LoadLittle<std::uint32_t>(argument); goto text;
      case PickleOp::kBinUnicode8:
      case PickleOp::kBinBytes8:
      case PickleOp::kByteArray8:
        length = LoadLittle<std::uint64_t>(argument);
        if (length > 0x7FFFFFFFFFFFFFFF) {
          Note(PickleOddity::kLengthNegative);
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "a length beyond 2^63");
          goto failed;
        }
        goto text;
      text : {
        const std::size_t here_left = static_cast<std::size_t>(end - p) - size;
        if (length > here_left) {
          // A long payload is passed over without being looked at.
          if (length <= PickleMachine::kLongestText) goto again;
          Push(MakeLongText(TextKind(op)));
          goto skip_payload;
        }
        if (length > PickleMachine::kLongestText && contiguous) [[unlikely]] {
          Push(MakeLongText(TextKind(op), static_cast<std::uint64_t>(p - begin)));
        } else {
          Push(TextValue(TextKind(op), p + size, static_cast<std::size_t>(length)));
        }
        p += length;
        break;
      }

      case PickleOp::kInt:
      case PickleOp::kLong:
      case PickleOp::kFloat:
      case PickleOp::kString:
      case PickleOp::kUnicode:
      case PickleOp::kPersId:
      case PickleOp::kGet:
      case PickleOp::kPut: {
        const auto* newline =
            static_cast<const std::uint8_t*>(std::memchr(argument, '\n', static_cast<std::size_t>(end - argument)));
        if (newline == nullptr && !last) goto again;
        const std::uint8_t* line_end = newline != nullptr ? newline : end;
        const std::string_view line(reinterpret_cast<const char*>(argument),
                                    static_cast<std::size_t>(line_end - argument));
        if (line.empty() && op != PickleOp::kUnicode && op != PickleOp::kPersId) {
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "an empty line where an argument should be");
          goto failed;
        }
        if (op == PickleOp::kGet || op == PickleOp::kPut) {
          if (!MemoIndex(line, length)) goto failed;
          p = newline != nullptr ? newline + 1 : end;
          if (op == PickleOp::kGet) goto get;
          goto put;
        }
        PickleValue value;
        if (!Line(op, line, value)) goto failed;
        Push(value);
        p = newline != nullptr ? newline + 1 : end;
        continue;
      }

      case PickleOp::kGlobal:
      case PickleOp::kInst: {
        const auto* first =
            static_cast<const std::uint8_t*>(std::memchr(argument, '\n', static_cast<std::size_t>(end - argument)));
        if (first == nullptr) {
          if (last) {
            Fail(PickleEnd::kTruncated, Fault::kTruncated, "the stream ends inside a name");
            goto failed;
          }
          goto again;
        }
        const auto* second =
            static_cast<const std::uint8_t*>(std::memchr(first + 1, '\n', static_cast<std::size_t>(end - first - 1)));
        if (second == nullptr && !last) goto again;
        // Without its newline the last line still counts, less its last byte:
        // the name is imported, by INST even called, before the end is noticed.
        const std::uint8_t* line_end = second != nullptr ? second : std::max(end - 1, first + 1);
        const std::string_view module(reinterpret_cast<const char*>(argument),
                                      static_cast<std::size_t>(first - argument));
        const std::string_view name(reinterpret_cast<const char*>(first + 1),
                                    static_cast<std::size_t>(line_end - first - 1));
        if (module.empty() || name.empty()) {
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "an empty line where a name should be");
          goto failed;
        }
        const PickleValue global = Intern(module, name, true);
        if (op == PickleOp::kGlobal) {
          Push(global);
        } else {
          POP_MARK(from);
          const PickleValue arguments = store.Tuple(stack.data() + from, top - from);
          top = from;
          Push(Call(PickleAction::kInstantiate, global, arguments, PickleValue()));
        }
        p = second != nullptr ? second + 1 : end;
        continue;
      }
      case PickleOp::kStackGlobal: {
        NEED(2);
        const PickleValue module = stack.data()[top - 2];
        const PickleValue name = stack.data()[top - 1];
        if (module.kind() != PickleKind::kText || name.kind() != PickleKind::kText) {
          if (!MayBeText(module.kind()) || !MayBeText(name.kind())) {
            Note(PickleOddity::kNameNotText);
            Fail(PickleEnd::kRefused, Fault::kInvalidInput, "STACK_GLOBAL with something else than text");
            goto failed;
          }
        }
        top -= 2;
        Push(StackGlobal(module, name));
        break;
      }

      case PickleOp::kEmptyTuple: Push(MakeValue(PickleKind::kTuple, 0)); break;
      case PickleOp::kTuple1:
      case PickleOp::kTuple2:
      case PickleOp::kTuple3: {
        const std::size_t count = byte - static_cast<std::uint8_t>(PickleOp::kTuple1) + 1u;
        NEED(count);
        const PickleValue tuple = store.Tuple(stack.data() + top - count, count);
        if (PayloadOf(tuple) != 0 && LapOf(tuple) == 0) CheckExpansion(*NodeOf<PickleNode>(tuple));
        top -= count;
        Push(tuple);
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kTuple: {
        POP_MARK(from);
        const PickleValue tuple = store.Tuple(stack.data() + from, top - from);
        if (PayloadOf(tuple) != 0 && LapOf(tuple) == 0) CheckExpansion(*NodeOf<PickleNode>(tuple));
        top = from;
        Push(tuple);
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kEmptyList: Push(store.Container(PickleKind::kList)); break;
      case PickleOp::kEmptyDict: Push(store.Container(PickleKind::kDict)); break;
      case PickleOp::kEmptySet: Push(store.Container(PickleKind::kSet)); break;
      case PickleOp::kList:
      case PickleOp::kDict:
      case PickleOp::kFrozenSet: {
        POP_MARK(from);
        const bool pairs = op == PickleOp::kDict;
        if (pairs && (top - from) % 2 != 0) {
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "an odd number of items for a dict");
          goto failed;
        }
        const PickleValue container = store.Container(pairs                   ? PickleKind::kDict
                                                      : op == PickleOp::kList ? PickleKind::kList
                                                                              : PickleKind::kFrozenSet);
        if (op != PickleOp::kList)
          for (std::size_t i = from; i < top; i += pairs ? 2 : 1) CheckKey(stack.data()[i]);
        const PickleNode* node = store.Add(container, stack.data() + from, top - from, pairs);
        if (node != nullptr) CheckExpansion(*node);
        top = from;
        Push(container);
        if (store.exhausted()) pause = p;
        break;
      }

      case PickleOp::kAppend: {
        NEED(2);
        const PickleValue item = stack.data()[--top];
        Append(stack.data()[top - 1], &item, 1);
        break;
      }
      case PickleOp::kAppends: {
        POP_MARK(from);
        BELOW_MARK(from);
        if (top != from) Append(stack.data()[from - 1], stack.data() + from, top - from);
        top = from;
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kSetItem: {
        NEED(3);
        top -= 2;
        SetItems(stack.data()[top - 1], stack.data() + top, 2);
        break;
      }
      case PickleOp::kSetItems: {
        POP_MARK(from);
        BELOW_MARK(from);
        if ((top - from) % 2 != 0) {
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "an odd number of items for SETITEMS");
          goto failed;
        }
        if (top != from) SetItems(stack.data()[from - 1], stack.data() + from, top - from);
        top = from;
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kAddItems: {
        POP_MARK(from);
        BELOW_MARK(from);
        if (top != from) AddItems(stack.data()[from - 1], stack.data() + from, top - from);
        top = from;
        if (store.exhausted()) pause = p;
        break;
      }

      case PickleOp::kBinGet:
        length = *argument;
        p += size;
        goto get;
      case PickleOp::kLongBinGet:
        length = LoadLittle<std::uint32_t>(argument);
        p += size;
        goto get;
      get : {
        const PickleValue value = memo.Get(length);
        if (value == PickleMemo::kAbsent) {
          Note(PickleOddity::kMemoAbsent, std::to_string(length));
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "a memo entry that was never stored");
          goto failed;
        }
        Push(value);
        continue;
      }
      case PickleOp::kBinPut:
        length = *argument;
        p += size;
        goto put;
      case PickleOp::kLongBinPut:
        length = LoadLittle<std::uint32_t>(argument);
        p += size;
        goto put;
      case PickleOp::kMemoize:
        length = memo.count();
        p += size;
        goto put;
      put : {
        if (top <= fence) {
          Note(PickleOddity::kMemoNothing);
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "nothing to store in the memo");
          goto failed;
        }
        if (memo.IsFar(length)) Note(PickleOddity::kMemoIndexHuge, std::to_string(length));
        const PickleValue after = stack.data()[top - 1];
        const PickleValue before = memo.Put(length, after, store);
        if (length > current.highest_memo) current.highest_memo = length;
        if (before != PickleMemo::kAbsent) Overwritten(length, before, after);
        if (store.exhausted()) pause = p;
        continue;
      }

      case PickleOp::kReduce: {
        NEED(2);
        const PickleValue arguments = stack.data()[top - 1];
        const PickleValue callable = stack.data()[top - 2];
        top -= 2;
        Push(Call(PickleAction::kReduce, callable, arguments, PickleValue()));
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kNewObj: {
        NEED(2);
        const PickleValue arguments = stack.data()[top - 1];
        const PickleValue callable = stack.data()[top - 2];
        top -= 2;
        Push(Call(PickleAction::kNew, callable, arguments, PickleValue()));
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kNewObjEx: {
        NEED(3);
        const PickleValue keywords = stack.data()[top - 1];
        const PickleValue arguments = stack.data()[top - 2];
        const PickleValue callable = stack.data()[top - 3];
        top -= 3;
        Push(Call(PickleAction::kNewWithKeywords, callable, arguments, keywords));
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kObj: {
        POP_MARK(from);
        if (top <= from) {
          Note(PickleOddity::kStackUnderflow);
          Fail(PickleEnd::kRefused, Fault::kInvalidInput, "OBJ without a class");
          goto failed;
        }
        const PickleValue callable = stack.data()[from];
        const PickleValue arguments = store.Tuple(stack.data() + from + 1, top - from - 1);
        top = from;
        Push(Call(PickleAction::kInstantiate, callable, arguments, PickleValue()));
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kBuild: {
        NEED(2);
        const PickleValue state = stack.data()[--top];
        array = {};
        SetState(stack.data()[top - 1], state);
        if (array.known) {
          at = p + 1;
          return PickleStep::kArray;
        }
        break;
      }

      case PickleOp::kBinPersId: {
        NEED(1);
        const PickleValue id = stack.data()[--top];
        if (facts.Count(PickleOddity::kPersistentId) == 0) Note(PickleOddity::kPersistentId);
        observer.OnPersistent(id, here, machine);
        Push(store.Persistent(id));
        if (store.exhausted()) pause = p;
        break;
      }
      case PickleOp::kExt1: length = *argument; goto extension;
      case PickleOp::kExt2: length = LoadLittle<std::uint16_t>(argument); goto extension;
      case PickleOp::kExt4:
        length = LoadLittle<std::uint32_t>(argument);
        goto extension;
      extension:
        Note(PickleOddity::kExtensionCode, std::to_string(length));
        Push(MakeValue(PickleKind::kExtension, length));
        break;

      case PickleOp::kProto:
        if (*argument > 5) {
          Note(PickleOddity::kProtocolUnknown, std::to_string(*argument));
          Fail(PickleEnd::kRefused, Fault::kUnsupported, "a protocol above 5");
          goto failed;
        }
        if (steps != 1) Note(PickleOddity::kProtocolLate);
        current.protocol = *argument;
        break;
      case PickleOp::kFrame: {
        length = LoadLittle<std::uint64_t>(argument);
        const std::uint64_t body = here + size;
        if (here < frame_end) Note(PickleOddity::kFrameMismatch, "a frame inside a frame");
        if (last && length > static_cast<std::uint64_t>(end - p) - size) {
          Note(PickleOddity::kFrameTruncated, std::to_string(length));
        }
        frame_end = length > (std::uint64_t{1} << 62) ? ~std::uint64_t{0} : body + length;
        furthest_frame = std::max(furthest_frame, frame_end);
        break;
      }
      case PickleOp::kNextBuffer:
        Note(PickleOddity::kOutOfBandBuffer);
        Push(MakeValue(PickleKind::kBuffer));
        break;
      case PickleOp::kReadonlyBuffer:
        NEED(1);
        Note(PickleOddity::kOutOfBandBuffer);
        break;
      default:
        --steps;
        Fail(PickleEnd::kInvalidOpcode, Fault::kInvalidInput, "a byte that is no opcode");
        current.damage->offset = here;
        at = p;
        return PickleStep::kFailed;
    }
    p += size;
    continue;

  again:  // the opcode needs more than the window shows; it has changed nothing yet
    --steps;
    at = p;
    return PickleStep::kMore;

  skip_payload:
    at = end;
    skip = length - (static_cast<std::uint64_t>(end - p) - size);
    return PickleStep::kSkip;
  }

failed:
  at = p;
  return PickleStep::kFailed;

#undef NEED
#undef POP_MARK
#undef BELOW_MARK
}

}  // namespace ringfort::formats
