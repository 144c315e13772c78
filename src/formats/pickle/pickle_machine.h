#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_stream.h"
#include "base/result.h"

// An abstract machine for Python's pickle language: all 68 opcodes of protocols
// 0 to 5. It does what an unpickler does to its stack and its memo, but it never
// imports a name and never calls anything: a name becomes a *global* (an
// abstract value), a call becomes an *object* that remembers its callable and
// its arguments. An observer is told of every global, every call and every
// anomaly while the stream runs, may look into the values concerned, and judges.
// The machine itself judges nothing.
//
// What it sees through:
//   - names that are assembled on the stack (memo, DUP, escapes in protocol 0);
//   - pure functions of constants (string concatenation, join, replace, decode,
//     base64, ...), whose result is folded into a constant;
//   - globals reached by other ways than an opcode: getattr(global, 'name'),
//     __import__('os'), importlib.import_module, pkgutil.resolve_name,
//     sys.modules['os'], operator.attrgetter, X.__dict__['name'], ... They become
//     *derived* globals, so getattr(__import__('os'), 'sys' + 'tem') is the global
//     os.system, and a call of it is a call of os.system.
//     functools.partial(f, a)(b) and operator.methodcaller are reported as calls
//     of what they call, too.
//   - raw array bytes inside the stream (joblib), nested pickles of object
//     arrays, the five pickles and the storages of a legacy torch file, and
//     pickles that follow one another in one file.
//
// Memory is bounded by PickleLimits::memory whatever the stream does. Big
// containers keep only their first elements and a summary (Taint, Count).
//
// Sources: CPython Lib/pickle.py, Lib/pickletools.py and Modules/_pickle.c as
// documentation of the language; PEP 307, PEP 3154, PEP 574; joblib's
// numpy_pickle for its array layout; torch.serialization for the legacy file.

namespace ringfort::formats {

struct PickleState;  // the machine's insides

// What a value is, as far as one can tell without running it.
enum class PickleKind : std::uint8_t {
  kUnknown,  // anything: damage, a GET of an absent memo entry, an element that was not kept
  kNone,
  kBool,
  kInteger,
  kFloat,
  kText,  // str
  kBytes,
  kByteArray,
  kGlobal,  // a name, imported or derived
  kTuple,
  kList,
  kDict,
  kSet,
  kFrozenSet,
  kObject,      // what a call returned
  kPersistent,  // PERSID, BINPERSID: whatever the loader's persistent_load makes of it
  kExtension,   // EXT1, EXT2, EXT4: a global from the copyreg registry, unknowable here
  kBuffer,      // NEXT_BUFFER: an out-of-band buffer
};

std::string_view Name(PickleKind kind);

// A handle: cheap to copy, valid as long as its machine lives and until the
// stream that made it ends (then the memo and the stack are gone).
class PickleValue {
 public:
  constexpr PickleValue() = default;
  constexpr explicit PickleValue(std::uint64_t bits) : bits_(bits) {}
  constexpr PickleKind kind() const { return static_cast<PickleKind>(bits_ >> 59); }
  constexpr std::uint64_t bits() const { return bits_; }
  friend constexpr bool operator==(PickleValue, PickleValue) = default;

 private:
  std::uint64_t bits_ = 0;  // 5 bits of kind, 59 bits of payload; 0 is kUnknown
};

// Dense, from 0: one for each distinct (module, name, derived) of a whole read,
// the same in all its streams. So a policy may be cached in a vector.
using GlobalId = std::uint32_t;
inline constexpr GlobalId kNoGlobal = ~GlobalId{0};

struct PickleGlobal {
  std::string module;        // as written, invalid UTF-8 included; empty when unresolved
  std::string name;          // may be dotted: STACK_GLOBAL "path.system" of "os" stays so. Empty: the module itself
  bool resolved = true;      // false: a name that no constant text stands for
  bool derived = false;      // true: reached by a call (getattr, __import__, ...), not by an opcode
  std::string derivation;    // how, for a person: "getattr(__import__('os'), 'system')"; empty unless derived
  std::uint64_t offset = 0;  // of the opcode that first made it
  std::uint64_t uses = 0;    // how often it was loaded

  std::string Dotted() const;  // module.name, or the part that is not empty; "?" if unresolved
};

// What a value contains, through all that it refers to. Conservative: a flag may
// be set although the element was later taken away, and never the other way.
struct PickleTaint {
  bool global = false;      // a global (imported, derived or unresolved)
  bool object = false;      // an object that a call returned
  bool persistent = false;  // a persistent id
  bool unknown = false;     // an unknown value or one from the extension registry
  bool any() const { return global || object || persistent || unknown; }
};

// How a call comes about. The first five call the callable itself; the last four
// run methods of an object that a call made (never reported for a plain list,
// dict or set).
enum class PickleAction : std::uint8_t {
  kReduce,           // REDUCE: callable(*arguments)
  kNew,              // NEWOBJ: cls.__new__(cls, *arguments)
  kNewWithKeywords,  // NEWOBJ_EX: cls.__new__(cls, *arguments, **keywords)
  kInstantiate,      // INST, OBJ: cls(*arguments)
  kIndirect,         // what the reported call goes on to call: partial(f)(x), methodcaller, map, attrgetter...
  kSetState,         // BUILD: receiver.__setstate__(arguments), or its __dict__ updated with them
  kSetItems,         // SETITEM, SETITEMS: receiver[key] = value; items are key, value, key, value
  kAppend,           // APPEND, APPENDS: receiver.extend or .append
  kAdd,              // ADDITEMS: receiver.add
};

std::string_view Name(PickleAction action);

struct PickleCall {
  PickleAction action = PickleAction::kReduce;
  std::uint8_t opcode = 0;
  std::uint64_t offset = 0;            // of the opcode
  PickleValue callable;                // a global mostly; anything in a hostile stream. For the last four actions: the
                                       // callable that made the receiver (the receiver itself if it is a global)
  PickleValue receiver;                // the last four actions: the object (or global!) acted upon; else unknown
  PickleValue arguments;               // a tuple mostly; kSetState: the state
  PickleValue keywords;                // kNewWithKeywords: a dict mostly; else unknown
  std::span<const PickleValue> items;  // kSetItems, kAppend, kAdd: at most the first 64
  std::uint64_t item_count = 0;        // all of them
  PickleTaint items_taint;             // of all of them
  PickleValue result;                  // what is pushed: a fresh kObject, or the folded constant or derived global
  bool folded = false;  // the result is a constant that the machine computed (no other effect is possible)
};

// Where the provenance of a kObject is kept.
struct PickleObject {
  PickleAction action = PickleAction::kReduce;
  std::uint64_t offset = 0;
  PickleValue callable;
  PickleValue arguments;
  PickleValue keywords;
};

enum class PickleOddity : std::uint8_t {
  kMemoIndexHuge,     // PUT of an index far beyond the entries in use
  kMemoAbsent,        // GET of an entry that was never PUT (the unpickler stops here)
  kMemoOverwritten,   // an entry that held a global or object is replaced by something else
  kMemoNothing,       // PUT or MEMOIZE with an empty stack or on a mark
  kDuplicateChain,    // long runs of DUP
  kProtocolLate,      // PROTO that is not the first opcode
  kProtocolUnknown,   // PROTO above 5 (the unpickler stops here)
  kOpcodeTooNew,      // an opcode newer than the declared protocol (unpicklers do not mind)
  kFrameMismatch,     // a frame inside a frame, or STOP before a frame's end
  kStackUnderflow,    // the unpickler stops here
  kMarkMissing,       // the unpickler stops here
  kMarkPopped,        // POP of a mark
  kStackLeftover,     // values left on the stack at STOP
  kIntegerHuge,       // an integer of more than 4300 digits or 16 KiB
  kIntegerMalformed,  // INT, LONG, FLOAT or PUT/GET lines that Python refuses
  kLengthNegative,    // a signed length below zero (the unpickler stops here)
  kTextMalformed,     // STRING without quotes, bad escapes, text that is not UTF-8
  kNameNotText,       // STACK_GLOBAL with something else than str (the unpickler stops here)
  kNameUnresolved,    // STACK_GLOBAL with a str that the machine does not know
  kExtensionCode,     // EXT1, EXT2, EXT4
  kPersistentId,      // PERSID, BINPERSID: once a stream
  kOutOfBandBuffer,   // NEXT_BUFFER, READONLY_BUFFER
  kExpansion,         // a container whose printed form would hold over 10^8 elements ("billion laughs")
  kForeignArray,      // joblib NDArrayWrapper: refers to another file by name
  kArrayUnreadable,   // a joblib array whose size cannot be told: what follows may be array bytes
  kFrameTruncated,    // FRAME longer than what is left: the C unpickler stops here, the one in Python goes on
  kTypeMismatch,      // APPENDS to an int, BUILD with nothing, ...: an unpickler would raise
};

std::string_view Name(PickleOddity oddity);

struct PickleAnomaly {
  PickleOddity oddity;
  std::uint64_t offset = 0;
  std::string detail;  // short, may be empty
};

// How one stream ended.
enum class PickleEnd : std::uint8_t {
  kStop,           // STOP with a value
  kTruncated,      // the bytes end inside the stream
  kInvalidOpcode,  // a byte that is no opcode
  kRefused,        // something that makes every unpickler raise: underflow, missing mark, bad protocol, ...
  kLimit,          // a bound of ours
};

std::string_view Name(PickleEnd end);

struct PickleStream {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // just past STOP, or where it broke off
  PickleEnd how = PickleEnd::kStop;
  std::optional<Error> damage;  // set unless it ended by STOP
  int protocol = -1;            // declared; -1: no PROTO opcode
  int protocol_needed = 0;      // by its newest opcode
  std::uint64_t opcodes = 0;
  std::uint64_t highest_memo = 0;  // index
  std::uint32_t calls = 0;         // reported calls, saturating
  std::uint32_t nesting = 0;       // 0: on the top level; n: inside the object array of a stream of nesting n-1
  PickleKind result = PickleKind::kUnknown;
};

// Bytes between or inside the streams that are no opcodes.
enum class PickleRawKind : std::uint8_t {
  kJoblibArray,   // raw bytes of an array inside the stream
  kTorchStorage,  // storages of a legacy torch file: tensor data
  kTrailing,      // bytes after the last stream that are none of these
};

struct PickleRaw {
  PickleRawKind kind;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

enum class PickleLayout : std::uint8_t { kPlain, kJoblib, kTorchLegacy };

// All about one read. `damage` is the first stream's damage that kept us from
// reading on, or the input's own error. Anomalies are counted for ever and kept
// up to a bound; so are raw pieces.
struct PickleFacts {
  PickleLayout layout = PickleLayout::kPlain;
  std::vector<PickleStream> streams;  // at most kKeptStreams; nested ones stand before their parent ends
  std::uint64_t stream_count = 0;
  std::vector<PickleAnomaly> anomalies;            // at most kKeptAnomalies, no more than 16 of one kind
  std::array<std::uint64_t, 32> anomaly_counts{};  // by PickleOddity
  std::vector<PickleRaw> raw;                      // at most kKeptRaw
  std::uint64_t raw_bytes = 0;
  std::uint64_t opcodes = 0;
  std::uint64_t bytes = 0;            // offset where reading ended
  std::optional<PickleRaw> trailing;  // what follows the last stream and is no known layout
  std::uint64_t peak_memory = 0;      // machine state, bytes
  std::optional<Error> damage;

  static constexpr std::size_t kKeptStreams = 4096;
  static constexpr std::size_t kKeptAnomalies = 256;
  static constexpr std::size_t kKeptRaw = 4096;

  std::uint64_t Count(PickleOddity oddity) const { return anomaly_counts[static_cast<std::size_t>(oddity)]; }
};

struct PickleLimits {
  std::uint64_t memory = std::uint64_t{96} << 20;  // machine state, bytes; reached: Fault::kLimitExceeded
  std::uint64_t opcodes = ~std::uint64_t{0};       // in all streams together
  std::uint32_t nesting = 16;                      // pickles inside arrays inside pickles
  std::uint64_t streams = 1u << 20;                // one after another
  std::uint64_t stack = 1u << 24;                  // values on the stack
  bool stacked = true;                             // go on after the first STOP
};

class PickleMachine;

// Told what happens while it happens. Default: does nothing. The machine
// reference may be asked about values; views that it hands out hold until the
// observer returns. An observer must not keep values past OnStreamEnd.
class PickleObserver {
 public:
  virtual ~PickleObserver() = default;

  // A global was met for the first time (once for each id). Loads are counted in
  // PickleGlobal::uses.
  virtual void OnGlobal(GlobalId /*id*/, const PickleGlobal& /*global*/, const PickleMachine& /*machine*/) {}

  // Every call, before its result is pushed.
  virtual void OnCall(const PickleCall& /*call*/, const PickleMachine& /*machine*/) {}

  // PERSID, BINPERSID: `id` is the persistent id (torch: a tuple).
  virtual void OnPersistent(PickleValue /*id*/, std::uint64_t /*offset*/, const PickleMachine& /*machine*/) {}

  // At most 16 of a kind in one read; the rest is only counted.
  virtual void OnAnomaly(const PickleAnomaly& /*anomaly*/, const PickleMachine& /*machine*/) {}

  virtual void OnRaw(const PickleRaw& /*raw*/, const PickleMachine& /*machine*/) {}

  virtual void OnStreamBegin(std::uint64_t /*offset*/, const PickleMachine& /*machine*/) {}
  // `result` is what STOP returned.
  virtual void OnStreamEnd(const PickleStream& /*stream*/, PickleValue /*result*/, const PickleMachine& /*machine*/) {}

  // About every 4 MiB: all before `offset` is done with (mapped pages may be
  // released; they are read again on demand if a value is asked for). Return false to stop with
  // kLimitExceeded (time is up).
  virtual bool OnProgress(std::uint64_t /*offset*/) { return true; }
};

// What an observer may ask. All answers are bounded and allocation-free unless
// they return a std::string. A value of a wrong kind yields nothing.
class PickleMachine {
 public:
  explicit PickleMachine(PickleState& state) : state_(state) {}
  PickleMachine(const PickleMachine&) = delete;
  PickleMachine& operator=(const PickleMachine&) = delete;

  // Text of a kText, the bytes of a kBytes or kByteArray, if known and at most
  // kLongestText long. (kText: UTF-8 as it stood in the stream, escapes decoded.)
  std::optional<std::string_view> Text(PickleValue value) const;
  static constexpr std::size_t kLongestText = 65536;

  // The same of any length where it stands in the input as it is and the input lies
  // in memory in one piece. The view holds as long as the input does.
  std::optional<std::string_view> InPlace(PickleValue value) const;

  // An integer or bool that fits.
  std::optional<std::int64_t> Integer(PickleValue value) const;

  // kGlobal: its id; else kNoGlobal.
  GlobalId IdOf(PickleValue value) const;
  const PickleGlobal& Global(GlobalId id) const;  // REQUIRES: id < global_count()
  GlobalId global_count() const;
  // nullptr unless `value` is a global.
  const PickleGlobal* GlobalOf(PickleValue value) const;

  // Tuple, list, set, frozen set: elements; dict: pairs. Saturates at 2^24 - 1.
  std::uint64_t Count(PickleValue value) const;
  // The first elements: all of a tuple up to 256, 16 of a longer one, at most 64 of
  // others (a dict's keys and values alternate); fewer when memory runs short. All of them are there
  // exactly if Complete().
  std::span<const PickleValue> Elements(PickleValue value) const;
  bool Complete(PickleValue value) const;

  // kObject: where it came from; else nullptr.
  const PickleObject* Object(PickleValue value) const;
  // kPersistent: the persistent id; else unknown.
  PickleValue PersistentId(PickleValue value) const;

  PickleTaint Taint(PickleValue value) const;

  // The global at the root of a value: the global itself, or for an object the
  // root of its callable (through any number of calls, bounded); else kNoGlobal.
  GlobalId RootOf(PickleValue value) const;

  // A short, printable rendering for evidence, like `os.system('echo hi')`;
  // strings are cut to 80 bytes, the whole to `longest`.
  std::string Render(PickleValue value, std::size_t longest = 300) const;

  // The last opcodes up to and including the current one, oldest first, one a
  // line: `000123: STACK_GLOBAL`. At most 8.
  std::string Trace() const;

  std::uint64_t offset() const;  // of the current opcode
  int protocol() const;          // declared by the current stream, -1 if not
  std::uint32_t nesting() const;

 private:
  PickleState& state_;
};

// Reads all streams that `stream` holds from its current position to its end.
// Never throws; offsets are counted from the start of `stream`. Contiguous
// streams are read in place, others window by window with payloads skipped.
PickleFacts ReadPickle(ByteStream& stream, PickleObserver& observer, const PickleLimits& limits = {});

// True if `head` starts like a pickle that a loader would accept: PROTO 2..5 and
// a known opcode, or a run of protocol 0/1 opcodes that reaches a call or STOP, or
// that is longer than any that other files begin with by chance.
// For routing and for the search for hidden streams: cheap, no allocation.
bool LooksLikePickle(ByteView head);

}  // namespace ringfort::formats
