#include <algorithm>

#include "formats/pickle/joblib_array.h"
#include "formats/pickle/pickle_folding.h"
#include "formats/pickle/pickle_state.h"

// Calls, containers, globals, and the book of what went wrong.

namespace ringfort::formats {
namespace {

constexpr std::uint64_t kToldOfOneKind = 16;
constexpr std::size_t kReportedItems = 64;
constexpr unsigned kDeepestIndirection = 8;
constexpr float kHugeWeight = 1e8F;
// A pickler goes no deeper than Python's own limit on recursion, which is a thousand.
constexpr unsigned kDeepestKey = 4000;
// What one more global costs beside its text: the record, the index entry.
constexpr std::int64_t kGlobalCost = 256;

// What BUILD and its like act upon when it is no plain container.
bool RunsMethods(PickleKind kind) {
  switch (kind) {
    case PickleKind::kObject:
    case PickleKind::kGlobal:
    case PickleKind::kPersistent:
    case PickleKind::kExtension:
    case PickleKind::kUnknown: return true;
    default: return false;
  }
}

PickleCall MethodCall(PickleState& state, PickleAction action, PickleValue receiver) {
  PickleCall call;
  call.action = action;
  call.opcode = state.Opcode();
  call.offset = state.Offset();
  call.receiver = receiver;
  const PickleObject* object = state.machine.Object(receiver);
  call.callable = object != nullptr ? object->callable : receiver;
  call.result = receiver;
  return call;
}

void ItemsCall(PickleState& state, PickleAction action, PickleValue receiver, const PickleValue* items,
               std::size_t count) {
  if (!RunsMethods(receiver.kind())) {
    state.Note(PickleOddity::kTypeMismatch, std::string(Name(action)) + " on " + std::string(Name(receiver.kind())));
    return;
  }
  PickleCall call = MethodCall(state, action, receiver);
  call.items = {items, std::min(count, kReportedItems)};
  call.item_count = count;
  PickleSummary summary;
  for (std::size_t i = 0; i < count; ++i) state.store.AddTo(summary, items[i]);
  call.items_taint.global = (summary.flags & PickleSummary::kGlobal) != 0;
  call.items_taint.object = (summary.flags & PickleSummary::kObject) != 0;
  call.items_taint.persistent = (summary.flags & PickleSummary::kPersistent) != 0;
  call.items_taint.unknown = (summary.flags & PickleSummary::kUnknown) != 0;
  if (state.current.calls != ~std::uint32_t{0}) ++state.current.calls;
  state.observer.OnCall(call, state.machine);
  if (receiver.kind() == PickleKind::kObject) {
    auto* node = NodeOf<PickleNode>(receiver);
    node->weight += summary.weight;
    node->flags = static_cast<std::uint8_t>(node->flags | (summary.flags & PickleSummary::kTaint));
    state.CheckExpansion(*node);
  }
}

}  // namespace

bool PickleState::Fail(PickleEnd how, Fault fault, std::string what) {
  current.how = how;
  current.damage = Error{fault, std::move(what), steps == 0 ? current.begin : Offset()};
  return false;
}

void PickleState::Note(PickleOddity oddity, std::string detail) {
  NoteAt(oddity, steps == 0 ? current.begin : Offset(), std::move(detail));
}

void PickleState::NoteAt(PickleOddity oddity, std::uint64_t offset, std::string detail) {
  std::uint64_t& count = facts.anomaly_counts[static_cast<std::size_t>(oddity)];
  if (++count > kToldOfOneKind || facts.anomalies.size() >= PickleFacts::kKeptAnomalies) return;
  facts.anomalies.push_back({oddity, offset, std::move(detail)});
  observer.OnAnomaly(facts.anomalies.back(), machine);
}

void PickleState::CheckExpansion(const PickleNode& node) {
  if (node.weight < kHugeWeight || expansion_told) return;
  const std::uint64_t read = Offset() - current.begin;
  if (node.weight < 8.0F * static_cast<float>(read)) return;
  expansion_told = true;
  Note(PickleOddity::kExpansion);
}

// Hashing a tuple hashes the tuples inside it, and nothing stops that but the end of
// CPython's stack. The walk follows the largest one.
void PickleState::CheckKey(PickleValue key) {
  if (expansion_told) return;
  for (unsigned depth = 0; depth < kDeepestKey; ++depth) {
    if (key.kind() != PickleKind::kTuple || PayloadOf(key) == 0 || !store.Alive(key)) return;
    const auto* tuple = NodeOf<PickleTupleNode>(key);
    if (tuple->head.weight < static_cast<float>(kDeepestKey - depth)) return;
    float heaviest = 0;
    for (std::size_t i = 0; i < tuple->kept(); ++i) {
      const PickleValue element = tuple->elements[i];
      if (element.kind() != PickleKind::kTuple || PayloadOf(element) == 0 || !store.Alive(element)) continue;
      const float weight = NodeOf<PickleTupleNode>(element)->head.weight;
      if (weight > heaviest) key = element;
      heaviest = std::max(heaviest, weight);
    }
    if (heaviest == 0) return;
  }
  expansion_told = true;
  Note(PickleOddity::kExpansion, "a key of tuples nested too deeply to be hashed");
}

void PickleState::Overwritten(std::uint64_t index, PickleValue before, PickleValue after) {
  if (before == after) return;
  if (before.kind() == PickleKind::kGlobal || before.kind() == PickleKind::kObject) {
    Note(PickleOddity::kMemoOverwritten, std::to_string(index));
  }
}

PickleValue PickleState::Intern(std::string_view module, std::string_view name, bool resolved, std::string derivation) {
  const bool derived = !derivation.empty();
  key.assign(1, static_cast<char>('0' + (resolved ? 1 : 0) + (derived ? 2 : 0)));
  key.append(module);
  key.push_back('\n');
  key.append(name);
  const auto known = global_ids.find(key);
  if (known != global_ids.end()) {
    ++globals[known->second].uses;
    return MakeValue(PickleKind::kGlobal, known->second);
  }
  const GlobalId id = static_cast<GlobalId>(globals.size());
  PickleGlobal global;
  global.module = module;
  global.name = name;
  global.resolved = resolved;
  global.derived = derived;
  global.derivation = std::move(derivation);
  global.offset = Offset();
  global.uses = 1;
  store.Charge(kGlobalCost + static_cast<std::int64_t>(2 * (module.size() + name.size()) + global.derivation.size()));
  global_ids.emplace(key, id);
  globals.push_back(std::move(global));
  observer.OnGlobal(id, globals.back(), machine);
  return MakeValue(PickleKind::kGlobal, id);
}

PickleValue PickleState::StackGlobal(PickleValue module, PickleValue name) {
  const auto module_text = machine.Text(module);
  const auto name_text = machine.Text(name);
  const bool resolved = module_text.has_value() && name_text.has_value();
  if (!resolved) Note(PickleOddity::kNameUnresolved);
  return Intern(module_text.value_or(""), name_text.value_or(""), resolved);
}

PickleValue PickleState::TextValue(PickleKind kind, const std::uint8_t* bytes, std::size_t size) {
  if (size > PickleMachine::kLongestText) return MakeLongText(kind);
  if (contiguous) {
    return MakeValue(kind, static_cast<std::uint64_t>(bytes - begin) | std::uint64_t{size} << kTextLengthShift);
  }
  const PickleValue held = store.HeldText(kind, {reinterpret_cast<const char*>(bytes), size});
  if (store.exhausted()) pause = begin;
  return held;
}

PickleValue PickleState::Call(PickleAction action, PickleValue callable, PickleValue arguments, PickleValue keywords,
                              unsigned depth) {
  PickleCall call;
  call.action = action;
  call.opcode = Opcode();
  call.offset = Offset();
  call.callable = callable;
  call.arguments = arguments;
  call.keywords = keywords;
  if (IsScalar(callable.kind()) && depth == 0) Note(PickleOddity::kTypeMismatch, "a call of a constant");
  PickleValue result = FoldCall(*this, call);
  if (result == PickleValue() && depth < kDeepestIndirection) {
    if (const auto indirect = IndirectCall(*this, call)) {
      result = Call(PickleAction::kIndirect, indirect->callable, indirect->arguments, PickleValue(), depth + 1);
    }
  }
  call.folded = result != PickleValue() && IsScalar(result.kind());
  call.result = result != PickleValue()
                    ? result
                    : store.Object({action, call.offset, callable, arguments, keywords}, IsRemembered(*this, callable));
  if (current.calls != ~std::uint32_t{0}) ++current.calls;
  observer.OnCall(call, machine);
  return call.result;
}

void PickleState::Append(PickleValue receiver, const PickleValue* items, std::size_t count) {
  if (receiver.kind() != PickleKind::kList) return ItemsCall(*this, PickleAction::kAppend, receiver, items, count);
  const PickleNode* node = store.Add(receiver, items, count, false);
  if (node != nullptr) CheckExpansion(*node);
}

void PickleState::SetItems(PickleValue receiver, const PickleValue* items, std::size_t count) {
  for (std::size_t i = 0; i < count; i += 2) CheckKey(items[i]);
  if (receiver.kind() != PickleKind::kDict) return ItemsCall(*this, PickleAction::kSetItems, receiver, items, count);
  const PickleNode* node = store.Add(receiver, items, count, true);
  if (node != nullptr) CheckExpansion(*node);
}

void PickleState::AddItems(PickleValue receiver, const PickleValue* items, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) CheckKey(items[i]);
  if (receiver.kind() != PickleKind::kSet) return ItemsCall(*this, PickleAction::kAdd, receiver, items, count);
  const PickleNode* node = store.Add(receiver, items, count, false);
  if (node != nullptr) CheckExpansion(*node);
}

void PickleState::SetState(PickleValue receiver, PickleValue state) {
  if (!RunsMethods(receiver.kind())) {
    Note(PickleOddity::kTypeMismatch, "BUILD on " + std::string(Name(receiver.kind())));
    return;
  }
  PickleCall call = MethodCall(*this, PickleAction::kSetState, receiver);
  call.arguments = state;
  if (current.calls != ~std::uint32_t{0}) ++current.calls;
  observer.OnCall(call, machine);
  if (receiver.kind() != PickleKind::kObject) return;
  auto* node = NodeOf<PickleObjectNode>(receiver);
  PickleSummary summary;
  store.AddTo(summary, state);
  node->head.weight += summary.weight;
  node->head.flags = static_cast<std::uint8_t>(node->head.flags | (summary.flags & PickleSummary::kTaint));
  CheckExpansion(node->head);
  RebuildPartial(*this, receiver, state);
  const PickleGlobal* maker = machine.GlobalOf(node->object.callable);
  if (maker != nullptr && maker->name == "_reconstructor") {  // protocols 0 and 1
    const auto arguments = machine.Elements(node->object.arguments);
    if (!arguments.empty()) maker = machine.GlobalOf(arguments[0]);
  }
  if (maker != nullptr && maker->name == "dtype") {
    // The last number of a NumPy type's state holds its flags; bit 0: has objects.
    const auto parts = machine.Elements(state);
    if (parts.size() >= 8 && (machine.Integer(parts[7]).value_or(0) & 1) != 0) node->head.count = 1;
  }
  if (maker != nullptr && IsJoblibWrapper(*maker)) {
    facts.layout = PickleLayout::kJoblib;
    array = ReadJoblibArray(*this, state);
    if (!array.known) Note(PickleOddity::kArrayUnreadable);
  } else if (maker != nullptr && IsForeignArrayWrapper(*maker)) {
    facts.layout = PickleLayout::kJoblib;
    Note(PickleOddity::kForeignArray);
  }
}

}  // namespace ringfort::formats
