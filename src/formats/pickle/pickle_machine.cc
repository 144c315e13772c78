#include "formats/pickle/pickle_machine.h"

#include <algorithm>
#include <new>
#include <utility>

#include "formats/pickle/pickle_state.h"

// The driver: windows, streams one after another, what stands between them.

namespace ringfort::formats {
namespace {

constexpr std::size_t kProgress = std::size_t{4} << 20;
constexpr std::size_t kWindow = std::size_t{256} << 10;
constexpr unsigned kTorchStreams = 5;

class Reader {
 public:
  explicit Reader(PickleState& state) : state_(state) {
    const ByteStream::Whole whole = state.stream.Rest();
    state.base = state.stream.offset();
    if (whole.contiguous) {
      state.contiguous = true;
      state.last = true;
      state.begin = state.at = state.pause = whole.bytes.data();
      state.end = state.begin + whole.bytes.size();
    }
    progress_ = state.base + kProgress;
  }

  void ReadAll();

 private:
  std::uint64_t Offset() const { return state_.base + static_cast<std::uint64_t>(state_.at - state_.begin); }
  std::size_t Left() const { return static_cast<std::size_t>(state_.end - state_.at); }

  // Shows at least `wanted` bytes if they are there. False: nothing new came.
  bool Refill(std::size_t wanted);
  bool AtEnd() {
    if (Left() == 0) Refill(kWindow);
    return Left() == 0;
  }
  // How many of `size` bytes were passed over.
  std::uint64_t Skip(std::uint64_t size);
  void RunStream(std::uint32_t nesting);
  void Truncated(std::string what) {
    state_.Fail(PickleEnd::kTruncated, Fault::kTruncated, std::move(what));
    state_.current.damage->offset = Offset();
  }
  bool PassArray();
  void Raw(PickleRawKind kind, std::uint64_t offset, std::uint64_t size);

  PickleState& state_;
  std::uint64_t progress_ = 0;
  std::uint64_t earlier_opcodes_ = 0;
};

bool Reader::Refill(std::size_t wanted) {
  if (state_.contiguous) return false;
  const std::size_t left = Left();
  if (state_.last) return false;
  state_.stream.Skip(static_cast<std::uint64_t>(state_.at - state_.begin));
  wanted = std::min(std::max(wanted, left + 1), ByteStream::kLargestWindow);
  const ByteView window = state_.stream.Window(wanted);
  state_.base = state_.stream.offset();
  state_.begin = state_.at = state_.pause = window.data();
  state_.end = state_.begin + window.size();
  state_.last = window.size() < wanted;
  return window.size() > left || state_.last;
}

std::uint64_t Reader::Skip(std::uint64_t size) {
  const std::uint64_t here = std::min<std::uint64_t>(size, Left());
  state_.at += here;
  if (here == size || state_.contiguous) return here;
  state_.stream.Skip(static_cast<std::uint64_t>(state_.at - state_.begin));
  const std::uint64_t passed = here + state_.stream.Skip(size - here);
  state_.base = state_.stream.offset();
  state_.begin = state_.at = state_.end = state_.pause = nullptr;
  state_.last = false;
  Refill(kWindow);
  return passed;
}

void Reader::Raw(PickleRawKind kind, std::uint64_t offset, std::uint64_t size) {
  const PickleRaw raw{kind, offset, size};
  if (state_.facts.raw.size() < PickleFacts::kKeptRaw) state_.facts.raw.push_back(raw);
  state_.facts.raw_bytes += size;
  state_.observer.OnRaw(raw, state_.machine);
}

// The bytes of a joblib array, or the pickle that stands for it.
bool Reader::PassArray() {
  const JoblibArray array = state_.array;
  if (array.nested) {
    if (state_.current.nesting >= state_.limits.nesting) {
      return state_.Fail(PickleEnd::kLimit, Fault::kLimitExceeded, "pickles nested too deeply");
    }
    PickleStreamState outer = std::exchange(static_cast<PickleStreamState&>(state_), PickleStreamState());
    RunStream(outer.current.nesting + 1);
    const std::optional<Error> damage = state_.current.damage;
    const PickleEnd how = state_.current.how;
    state_.stack.Release(state_.store);
    state_.memo.Release(state_.store);
    static_cast<PickleStreamState&>(state_) = std::move(outer);
    if (!damage) return true;
    state_.current.how = how;
    state_.current.damage = damage;
    return false;
  }
  if (array.padded) {
    if (AtEnd()) {
      Truncated("the stream ends before an array's padding");
      return false;
    }
    const std::uint64_t pad = *state_.at;
    if (Skip(1 + pad) != 1 + pad) {
      Truncated("the stream ends inside an array's padding");
      return false;
    }
  }
  const std::uint64_t offset = Offset();
  const std::uint64_t passed = Skip(array.bytes);
  Raw(PickleRawKind::kJoblibArray, offset, passed);
  if (passed == array.bytes) return true;
  Truncated("the stream ends inside an array");
  return false;
}

void Reader::RunStream(std::uint32_t nesting) {
  PickleState& state = state_;
  state.top = state.fence = 0;
  state.marks.clear();
  state.memo.Clear(state.store);
  state.steps = 0;
  state.seen.fill(false);
  state.frame_end = 0;
  state.duplicates = 0;
  state.expansion_told = false;
  state.current = {};
  state.current.begin = Offset();
  state.current.nesting = nesting;
  state.observer.OnStreamBegin(state.current.begin, state.machine);

  std::size_t wanted = kWindow;
  for (bool running = true; running;) {
    state.pause = state.at + std::min<std::size_t>(Left(), kProgress);
    const PickleStep step = state.Run();
    if (step != PickleStep::kFailed && state.store.exhausted()) {
      state.Fail(PickleEnd::kLimit, Fault::kLimitExceeded, "the pickle needs more memory than it may have");
      break;
    }
    if (Offset() >= progress_) {
      progress_ = Offset() + kProgress;
      const bool over = earlier_opcodes_ + state.steps > state.limits.opcodes;
      if (!state.observer.OnProgress(Offset()) || over) {
        state.Fail(PickleEnd::kLimit, Fault::kLimitExceeded, over ? "too many opcodes" : "stopped by the reader");
        break;
      }
    }
    switch (step) {
      case PickleStep::kStop:
      case PickleStep::kFailed: running = false; break;
      case PickleStep::kPause: break;
      case PickleStep::kMore: {
        const std::size_t left = Left();
        if (!Refill(wanted)) {
          if (!state.last && !state.contiguous) {
            state.Fail(PickleEnd::kLimit, Fault::kLimitExceeded, "a line longer than a window");
            state.current.damage->offset = Offset();
          } else {
            Truncated(left == 0 ? "the stream ends without STOP" : "the stream ends inside an opcode");
          }
          running = false;
        }
        // A line that does not fit is shown more of.
        wanted = left > wanted / 2 ? std::min(wanted * 2, ByteStream::kLargestWindow) : kWindow;
        break;
      }
      case PickleStep::kSkip:
        if (Skip(state.skip) != state.skip) {
          Truncated("the stream ends inside a payload");
          running = false;
        }
        break;
      case PickleStep::kArray: running = PassArray(); break;
    }
  }

  PickleStream& current = state.current;
  current.end = Offset();
  current.opcodes = state.steps;
  PickleValue result;
  if (!current.damage) {
    result = state.stack.data()[state.top - 1];
    current.result = result.kind();
    if (state.top > 1) state.Note(PickleOddity::kStackLeftover, std::to_string(state.top - 1));
  }
  earlier_opcodes_ += state.steps;
  state.facts.opcodes += state.steps;
  ++state.facts.stream_count;
  if (state.facts.streams.size() < PickleFacts::kKeptStreams) state.facts.streams.push_back(current);
  state.observer.OnStreamEnd(current, result, state.machine);
}

void Reader::ReadAll() {
  PickleState& state = state_;
  PickleFacts& facts = state.facts;
  for (std::uint64_t streams = 0;; ++streams) {
    if (AtEnd()) {
      if (streams == 0) facts.damage = Error{Fault::kTruncated, "no bytes at all", Offset()};
      if (facts.layout == PickleLayout::kTorchLegacy && streams < kTorchStreams)
        facts.damage = Error{Fault::kTruncated, "a torch file ends before its fifth pickle", Offset()};
      break;
    }
    if (streams > 0) {
      const bool torch = facts.layout == PickleLayout::kTorchLegacy;
      bool another = torch && streams < kTorchStreams;
      if (!another && !torch && state.limits.stacked && streams < state.limits.streams) {
        if (Left() < 4096) Refill(kWindow);
        another = LooksLikePickle({state.at, std::min(Left(), kWindow)});
      }
      if (!another) {
        const std::uint64_t offset = Offset();
        const std::uint64_t size = Skip(~std::uint64_t{0});
        Raw(torch ? PickleRawKind::kTorchStorage : PickleRawKind::kTrailing, offset, size);
        if (!torch)
          facts.trailing = facts.raw.empty() ? PickleRaw{PickleRawKind::kTrailing, offset, size} : facts.raw.back();
        break;
      }
    }
    state.torch_magic = false;
    RunStream(0);
    if (streams == 0 && state.torch_magic && state.current.result == PickleKind::kInteger) {
      facts.layout = PickleLayout::kTorchLegacy;
    }
    if (state.current.damage) {
      facts.damage = state.current.damage;
      break;
    }
    state.memo.Clear(state.store);
    state.store.Clear();
  }
  facts.bytes = Offset();
  if (!facts.damage && state.furthest_frame > facts.bytes && facts.Count(PickleOddity::kFrameTruncated) == 0)
    state.NoteAt(PickleOddity::kFrameTruncated, facts.bytes);
  facts.peak_memory = state.store.peak();
  if (const Error* error = state.stream.error()) {
    if (!facts.damage || facts.damage->fault == Fault::kTruncated) facts.damage = *error;
  }
}

}  // namespace

PickleFacts ReadPickle(ByteStream& stream, PickleObserver& observer, const PickleLimits& limits) {
  PickleState state(stream, observer, limits);
  try {
    Reader(state).ReadAll();
  } catch (const std::bad_alloc&) {
    state.facts.damage = Error{Fault::kLimitExceeded, "memory ran out", kNoOffset};
  }
  return std::move(state.facts);
}

}  // namespace ringfort::formats
