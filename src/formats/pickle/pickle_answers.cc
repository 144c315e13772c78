#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "formats/pickle/pickle_state.h"

// What an observer may ask the machine.

namespace ringfort::formats {
namespace {

constexpr unsigned kDeepestRoot = 32;
constexpr unsigned kDeepestRender = 4;
constexpr std::size_t kShownText = 80;
constexpr std::size_t kShownElements = 6;

bool Holds(PickleKind kind) {
  return kind == PickleKind::kTuple || kind == PickleKind::kList || kind == PickleKind::kDict ||
         kind == PickleKind::kSet || kind == PickleKind::kFrozenSet;
}

void AppendQuoted(std::string& out, std::string_view text) {
  out.push_back('\'');
  for (const char letter : text.substr(0, kShownText)) {
    const auto byte = static_cast<std::uint8_t>(letter);
    if (letter == '\'' || letter == '\\') {
      out.push_back('\\');
      out.push_back(letter);
    } else if (letter == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte >= 0x7F) {
      static constexpr char kDigits[] = "0123456789abcdef";
      out += "\\x";
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    } else {
      out.push_back(letter);
    }
  }
  if (text.size() > kShownText) out += "...";
  out.push_back('\'');
}

class Renderer {
 public:
  Renderer(const PickleMachine& machine, std::size_t longest) : machine_(machine), longest_(longest) {}

  void Append(PickleValue value, unsigned depth) {
    if (out_.size() >= longest_) return;
    if (depth > kDeepestRender) {
      out_ += "...";
      return;
    }
    switch (value.kind()) {
      case PickleKind::kNone: out_ += "None"; return;
      case PickleKind::kBool: out_ += machine_.Integer(value) == 1 ? "True" : "False"; return;
      case PickleKind::kInteger: {
        const auto number = machine_.Integer(value);
        out_ += number ? std::to_string(*number) : "<big int>";
        return;
      }
      case PickleKind::kFloat: out_ += "<float>"; return;
      case PickleKind::kByteArray:
      case PickleKind::kBytes: out_.push_back('b'); [[fallthrough]];
      case PickleKind::kText: {
        const auto text = machine_.Text(value);
        if (text)
          AppendQuoted(out_, *text);
        else
          out_ += "'...'";
        return;
      }
      case PickleKind::kGlobal: {
        for (const char letter : machine_.GlobalOf(value)->Dotted().substr(0, 200)) {
          out_.push_back(letter >= 0x20 && letter < 0x7F ? letter : '?');
        }
        return;
      }
      case PickleKind::kTuple: Elements(value, "(", machine_.Count(value) == 1 ? ",)" : ")", depth); return;
      case PickleKind::kList: Elements(value, "[", "]", depth); return;
      case PickleKind::kSet: Elements(value, "{", "}", depth); return;
      case PickleKind::kFrozenSet: Elements(value, "frozenset({", "})", depth); return;
      case PickleKind::kDict: Elements(value, "{", "}", depth); return;
      case PickleKind::kObject: {
        const PickleObject* object = machine_.Object(value);
        Append(object->callable, depth + 1);
        if (object->arguments.kind() == PickleKind::kTuple) {
          Elements(object->arguments, "(", ")", depth);
        } else {
          out_ += "(*";
          Append(object->arguments, depth + 1);
          out_ += ")";
        }
        return;
      }
      case PickleKind::kPersistent:
        out_ += "persistent_load(";
        Append(machine_.PersistentId(value), depth + 1);
        out_ += ")";
        return;
      case PickleKind::kExtension: out_ += "<extension " + std::to_string(PayloadOf(value)) + ">"; return;
      case PickleKind::kBuffer: out_ += "<buffer>"; return;
      case PickleKind::kUnknown: out_ += "<unknown>"; return;
    }
  }

  std::string Take() {
    if (out_.size() > longest_) {
      out_.resize(longest_);
      out_ += "...";
    }
    return std::move(out_);
  }

 private:
  void Elements(PickleValue value, std::string_view open, std::string_view close, unsigned depth) {
    const bool pairs = value.kind() == PickleKind::kDict;
    const auto elements = machine_.Elements(value);
    out_ += open;
    const std::size_t shown = std::min<std::size_t>(elements.size(), kShownElements * (pairs ? 2 : 1));
    for (std::size_t i = 0; i < shown && out_.size() < longest_; ++i) {
      if (i != 0) out_ += pairs && i % 2 == 1 ? ": " : ", ";
      Append(elements[i], depth + 1);
    }
    if (shown < elements.size() || !machine_.Complete(value)) out_ += ", ...";
    out_ += close;
  }

  const PickleMachine& machine_;
  std::size_t longest_;
  std::string out_;
};

}  // namespace

std::string PickleGlobal::Dotted() const {
  if (!resolved) return (module.empty() ? "?" : module) + "." + (name.empty() ? "?" : name);
  if (name.empty()) return module;
  if (module.empty()) return name;
  return module + "." + name;
}

std::optional<std::string_view> PickleMachine::Text(PickleValue value) const {
  const PickleKind kind = value.kind();
  if (kind != PickleKind::kText && kind != PickleKind::kBytes && kind != PickleKind::kByteArray) return std::nullopt;
  const std::uint64_t payload = PayloadOf(value);
  if ((payload & kHeldBit) != 0) return state_.store.Held(value);
  const std::uint64_t length = payload >> kTextLengthShift;
  if (length > kLongestText) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(state_.begin) + (payload & kTextOffsetMask),
                          static_cast<std::size_t>(length));
}

std::optional<std::string_view> PickleMachine::InPlace(PickleValue value) const {
  const std::uint64_t payload = PayloadOf(value);
  const bool is_text =
      value.kind() == PickleKind::kText || value.kind() == PickleKind::kBytes || value.kind() == PickleKind::kByteArray;
  if (!is_text || !state_.contiguous || (payload & kHeldBit) != 0) return std::nullopt;
  if (payload >> kTextLengthShift != kTextTooLong) return Text(value);
  const std::uint64_t offset = payload & kTextOffsetMask;
  if (offset == kNowhere) return std::nullopt;
  // The loop has seen that all of it is there.
  const std::uint8_t* const opcode = state_.begin + offset;
  const std::size_t size = kPickleFixedSize[*opcode];
  const std::uint64_t length =
      size == 5 ? LoadLittle<std::uint32_t>(opcode + 1) : LoadLittle<std::uint64_t>(opcode + 1);
  return std::string_view(reinterpret_cast<const char*>(opcode) + size, static_cast<std::size_t>(length));
}

std::optional<std::int64_t> PickleMachine::Integer(PickleValue value) const {
  if (value.kind() == PickleKind::kBool) return static_cast<std::int64_t>(PayloadOf(value));
  if (value.kind() != PickleKind::kInteger || (PayloadOf(value) & kBigIntegerBit) != 0) return std::nullopt;
  return static_cast<std::int64_t>(PayloadOf(value) << 6) >> 6;
}

GlobalId PickleMachine::IdOf(PickleValue value) const {
  return value.kind() == PickleKind::kGlobal ? static_cast<GlobalId>(PayloadOf(value)) : kNoGlobal;
}

const PickleGlobal& PickleMachine::Global(GlobalId id) const { return state_.globals[id]; }
GlobalId PickleMachine::global_count() const { return static_cast<GlobalId>(state_.globals.size()); }

const PickleGlobal* PickleMachine::GlobalOf(PickleValue value) const {
  return value.kind() == PickleKind::kGlobal ? &state_.globals[static_cast<GlobalId>(PayloadOf(value))] : nullptr;
}

std::uint64_t PickleMachine::Count(PickleValue value) const {
  return Holds(value.kind()) && PayloadOf(value) != 0 && state_.store.Alive(value) ? NodeOf<PickleNode>(value)->count
                                                                                   : 0;
}

std::span<const PickleValue> PickleMachine::Elements(PickleValue value) const {
  if (!Holds(value.kind()) || PayloadOf(value) == 0 || !state_.store.Alive(value)) return {};
  if (value.kind() == PickleKind::kTuple) {
    const auto* node = NodeOf<PickleTupleNode>(value);
    return {node->elements, node->kept()};
  }
  const auto* node = NodeOf<PickleContainerNode>(value);
  return {node->elements(), node->kept()};
}

bool PickleMachine::Complete(PickleValue value) const {
  if (!Holds(value.kind())) return false;
  if (PayloadOf(value) == 0) return true;
  return state_.store.Alive(value) && (NodeOf<PickleNode>(value)->flags & PickleSummary::kIncomplete) == 0;
}

const PickleObject* PickleMachine::Object(PickleValue value) const {
  return value.kind() == PickleKind::kObject ? &NodeOf<PickleObjectNode>(value)->object : nullptr;
}

PickleValue PickleMachine::PersistentId(PickleValue value) const {
  return value.kind() == PickleKind::kPersistent ? NodeOf<PicklePersistentNode>(value)->id : PickleValue();
}

PickleTaint PickleMachine::Taint(PickleValue value) const {
  PickleSummary summary;
  state_.store.AddTo(summary, value);
  PickleTaint taint;
  taint.global = (summary.flags & PickleSummary::kGlobal) != 0;
  taint.object = (summary.flags & PickleSummary::kObject) != 0;
  taint.persistent = (summary.flags & PickleSummary::kPersistent) != 0;
  taint.unknown = (summary.flags & PickleSummary::kUnknown) != 0;
  return taint;
}

GlobalId PickleMachine::RootOf(PickleValue value) const {
  for (unsigned depth = 0; depth < kDeepestRoot; ++depth) {
    if (value.kind() == PickleKind::kGlobal) return IdOf(value);
    const PickleObject* object = Object(value);
    if (object == nullptr) return kNoGlobal;
    value = object->callable;
  }
  return kNoGlobal;
}

std::string PickleMachine::Render(PickleValue value, std::size_t longest) const {
  Renderer renderer(*this, longest);
  renderer.Append(value, 0);
  return renderer.Take();
}

std::string PickleMachine::Trace() const {
  std::string trace;
  const std::uint64_t count = std::min<std::uint64_t>(state_.steps, 8);
  for (std::uint64_t i = state_.steps - count; i < state_.steps; ++i) {
    const std::uint64_t entry = state_.recent[i & 7];
    const std::string offset = std::to_string(entry >> 8);
    if (!trace.empty()) trace += '\n';
    if (offset.size() < 6) trace.append(6 - offset.size(), '0');
    trace += offset;
    trace += ": ";
    const PickleOpInfo& info = InfoOf(static_cast<std::uint8_t>(entry));
    trace += info.name.empty() ? std::string_view("?") : info.name;
  }
  return trace;
}

std::uint64_t PickleMachine::offset() const { return state_.steps == 0 ? state_.current.begin : state_.Offset(); }
int PickleMachine::protocol() const { return state_.current.protocol; }
std::uint32_t PickleMachine::nesting() const { return state_.current.nesting; }

}  // namespace ringfort::formats
