#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/byte_stream.h"
#include "formats/pickle/opcode.h"
#include "formats/pickle/pickle_machine.h"
#include "formats/pickle/pickle_memo.h"
#include "formats/pickle/pickle_value.h"

// All that the machine holds, shared by its parts: the loop (pickle_run.cc), the
// calls and containers (pickle_calls.cc), the folding (pickle_folding.cc), the
// lines of protocol 0 (pickle_line.cc) and the driver (pickle_machine.cc).

namespace ringfort::formats {

// Why the loop came back.
enum class PickleStep : std::uint8_t {
  kStop,    // STOP; the result is on top
  kMore,    // the opcode at `at` is not complete in the window
  kPause,   // progress is due
  kSkip,    // `skip` payload bytes come next
  kArray,   // a joblib array comes next
  kFailed,  // stream.damage says why
};

// A joblib array that stands in the stream after the BUILD of its wrapper.
struct JoblibArray {
  bool known = false;   // the size can be told
  bool nested = false;  // object dtype: a pickle stands there instead
  bool padded = false;  // one byte of pad length and the pad come first
  std::uint64_t bytes = 0;
};

// What belongs to one stream: set aside while a nested one runs.
// stack[0, top) are the values; `fence` is the innermost mark's depth.
struct PickleStreamState {
  PickleValueArray stack;
  std::size_t top = 0;
  std::size_t fence = 0;
  std::vector<std::uint32_t> marks;
  PickleMemo memo;
  PickleStream current;
  std::uint64_t steps = 0;                // opcodes of the current stream
  std::array<std::uint64_t, 8> recent{};  // offset << 8 | opcode, by steps % 8
  std::array<bool, 256> seen{};
  std::uint64_t frame_end = 0;
  std::uint32_t duplicates = 0;
  bool expansion_told = false;
};

struct PickleState : PickleStreamState {
  PickleState(ByteStream& input, PickleObserver& told, const PickleLimits& bounds)
      : stream(input), observer(told), limits(bounds), store(bounds.memory), machine(*this) {}

  ByteStream& stream;
  PickleObserver& observer;
  const PickleLimits& limits;
  PickleStore store;
  PickleMachine machine;
  PickleFacts facts;

  // The window: opcodes are read from [at, end), paused at `pause`.
  const std::uint8_t* at = nullptr;
  const std::uint8_t* end = nullptr;
  const std::uint8_t* pause = nullptr;
  const std::uint8_t* begin = nullptr;  // of the window, at offset `base`
  std::uint64_t base = 0;
  std::uint64_t whole_size = 0;  // contiguous: bytes from offset `base` on
  bool contiguous = false;
  bool last = false;  // no more bytes after `end`
  std::uint64_t skip = 0;
  JoblibArray array;
  std::uint64_t furthest_frame = 0;  // the end of the frame, of all streams, that reaches furthest
  bool torch_magic = false;          // the number that opens a legacy torch file was met

  // Globals of the whole read.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::deque<PickleGlobal> globals;
  std::unordered_map<std::string, GlobalId, Hash, std::equal_to<>> global_ids;
  std::vector<std::uint16_t> fold_of;  // by GlobalId: see pickle_folding.cc
  std::string key;
  mutable std::string scratch;

  std::uint64_t Offset() const { return recent[(steps - 1) & 7] >> 8; }
  std::uint8_t Opcode() const { return static_cast<std::uint8_t>(recent[(steps - 1) & 7]); }

  // pickle_run.cc
  PickleStep Run();

  // pickle_calls.cc
  bool Fail(PickleEnd how, Fault fault, std::string what);  // always false
  void Note(PickleOddity oddity, std::string detail = {});
  void NoteAt(PickleOddity oddity, std::uint64_t offset, std::string detail = {});
  PickleValue Intern(std::string_view module, std::string_view name, bool resolved, std::string derivation = {});
  PickleValue Call(PickleAction action, PickleValue callable, PickleValue arguments, PickleValue keywords,
                   unsigned depth = 0);
  PickleValue TextValue(PickleKind kind, const std::uint8_t* bytes, std::size_t size);
  PickleValue StackGlobal(PickleValue module, PickleValue name);
  void Append(PickleValue receiver, const PickleValue* items, std::size_t count);
  void SetItems(PickleValue receiver, const PickleValue* items, std::size_t count);
  void AddItems(PickleValue receiver, const PickleValue* items, std::size_t count);
  void SetState(PickleValue receiver, PickleValue state);
  void CheckExpansion(const PickleNode& node);
  void CheckKey(PickleValue key);
  void Overwritten(std::uint64_t index, PickleValue before, PickleValue after);

  // pickle_line.cc: protocol 0. False: the stream has failed.
  bool Line(PickleOp op, std::string_view line, PickleValue& value);
  bool MemoIndex(std::string_view line, std::uint64_t& index);

  void Push(PickleValue value) {
    if (top == stack.capacity()) [[unlikely]] {
      stack.Grow(top + 1, store);
      if (top >= limits.stack) store.Exhaust();
      if (store.exhausted()) pause = begin;
    }
    stack.data()[top++] = value;
  }
};

}  // namespace ringfort::formats
