#include "scanners/artifact/pickle/call_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "scanners/artifact/pickle/call_cost.h"
#include "scanners/artifact/pickle/code_object.h"
#include "scanners/artifact/pickle/pickle_rules.h"
#include "scanners/artifact/pickle/stored_getter.h"
#include "scanners/artifact/pickle/value_search.h"

namespace ringfort::scanners {

using formats::GlobalId;
using formats::kNoGlobal;
using formats::PickleAction;
using formats::PickleCall;
using formats::PickleGlobal;
using formats::PickleKind;
using formats::PickleMachine;
using formats::PickleValue;

namespace {

bool IsCodec(std::string_view codec) {
  constexpr std::array<std::string_view, 12> codecs = {"latin1",    "latin-1",  "latin_1", "iso-8859-1",
                                                       "iso8859-1", "utf-8",    "utf8",    "utf_8",
                                                       "ascii",     "us-ascii", "utf-16",  "raw_unicode_escape"};
  const std::string lower = LowerCase(codec);
  return std::find(codecs.begin(), codecs.end(), lower) != codecs.end();
}

// Whether a caller of what it is given does that while its result is made or gathered.
bool CallsAtOnce(std::string_view caller) {
  constexpr std::array<std::string_view, 8> callers = {"map",  "filter",  "reduce",       "starmap",
                                                       "imap", "ifilter", "ifilterfalse", "filterfalse"};
  return std::find(callers.begin(), callers.end(), caller) != callers.end();
}

}  // namespace

void CallJudge::Judge(const PickleCall& call, GlobalId id, const PickleMachine& machine) {
  GlobalPolicy& policy = policies_.Of(id, machine);
  if (policy.resolved && policy.judgment.standing == Standing::kSafe) {
    if (!policy.free) JudgeSafeCall(call, id, policy.judgment.constraint, machine);
    return;
  }
  policy.called = true;
  const Danger danger = policy.judgment.danger;
  if (danger == Danger::kLoader) nested_.Take(call, machine);  // the call itself is held against the file
  if (danger == Danger::kCodeObject) {
    JudgeCode(call, policy, machine);
    return;
  }
  // What is harmless, or may come to nothing, must not use up what is said of a name.
  if (IsOwnAttribute(call, machine)) {
    if (!std::exchange(attribute_seen_, true))
      held_.HoldCall(kPickleCodeObject, Severity::kHigh, call, machine,
                     "sets an attribute of a class or a cell of its own", true);
    return;
  }
  const GetterWeight getter = IsGetterClass(&machine.Global(id)) ? WeighGetter(call, machine) : GetterWeight::kGrave;
  if (getter == GetterWeight::kPlain) {
    if (std::exchange(getter_seen_, true)) return;
  } else if (policy.raised++ >= kRaisedPerName) {
    policy.raised = kRaisedPerName;
    return;
  }

  if (!policy.resolved) {
    held_.HoldCall(kPickleHiddenName, Severity::kCritical, call, machine, "calls a name that is computed while loading",
                   false);
    return;
  }
  if (getter != GetterWeight::kGrave) {
    HeldFindings::Held* held = held_.HoldCall(kPickleDangerousCall, Severity::kMedium, call, machine,
                                              "will read an attribute or call a method by name", true);
    if (held != nullptr) held->if_called = getter == GetterWeight::kPlain;
    return;
  }
  if (policy.judgment.standing == Standing::kUnknown) {
    const PickleGlobal& global = machine.Global(id);
    const std::size_t dot = global.name.rfind('.');
    const bool is_class = HasClassShape(dot == std::string::npos ? std::string_view(global.name)
                                                                 : std::string_view(global.name).substr(dot + 1));
    held_.HoldCall(kPickleUnknownCall, is_class ? Severity::kMedium : Severity::kHigh, call, machine,
                   "nobody has vetted it", false);
    return;
  }
  held_.HoldCall(danger == Danger::kLoader ? kPickleNestedLoader : kPickleDangerousCall, SeverityOfCall(danger), call,
                 machine, Describe(danger), true);
}

// Functions and classes that dill and cloudpickle rebuild: judged by what their code names.
void CallJudge::JudgeCode(const PickleCall& call, GlobalPolicy& policy, const PickleMachine& machine) {
  Severity severity = Severity::kHigh;
  std::string remark(Describe(Danger::kCodeObject));
  if (!MakesCode(machine.GlobalOf(call.callable))) {
    if (HoldsTellingName(call.arguments, machine)) {
      severity = Severity::kCritical;
      remark = "the code inside names functions that do harm";
    }
  } else {
    const CodeObject code = ReadCodeObject(call, machine);
    if (!code.harm.empty() || !code.well_formed) severity = Severity::kCritical;
    if (!code.harm.empty())
      remark = "the code names " + code.harm;
    else if (!code.well_formed)
      remark = "a code object that no library writes";
    else if (!code.complete)
      remark = "code with more names than are kept";
  }
  // Much harmless code must not use up what is said of one that is not.
  const int most = severity == Severity::kCritical ? 2 * kRaisedPerName : kRaisedPerName;
  if (policy.raised >= most) return;
  ++policy.raised;
  held_.HoldCall(kPickleCodeObject, severity, call, machine, remark, true);
}

// setattr(x, 'name', value) where x is a class, a function or a cell that the file itself has just made, as dill
// fills them, and the value no dangerous function.
bool CallJudge::IsOwnAttribute(const PickleCall& call, const PickleMachine& machine) {
  const PickleGlobal* setter = machine.GlobalOf(call.callable);
  if (setter == nullptr) return false;
  const std::string name = setter->Dotted();
  if (name != "builtins.setattr" && name != "__builtin__.setattr" && name != "dill._dill._setattr") return false;
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.size() != 3 || !machine.Text(arguments[1]) || machine.Object(arguments[0]) == nullptr) return false;
  const GlobalId maker = machine.RootOf(arguments[0]);
  if (maker == kNoGlobal || policies_.Of(maker, machine).judgment.danger != Danger::kCodeObject) return false;
  const WorstGlobal worst = policies_.WorstIn(arguments[2], machine);
  return worst.standing != Standing::kDangerous && !worst.hidden;
}

void CallJudge::JudgeSafeCall(const PickleCall& call, GlobalId id, Constraint constraint,
                              const PickleMachine& machine) {
  switch (constraint) {
    case Constraint::kNone: return;
    case Constraint::kCallsArguments: JudgeHandedCallables(call, machine); return;
    case Constraint::kConstructs: JudgeConstruction(call, machine); return;
    case Constraint::kTextCodec: JudgeCodec(call, machine); return;
    case Constraint::kBounded:
    case Constraint::kGathers:
    case Constraint::kAllocates:
    case Constraint::kView:
    case Constraint::kDigits:
      held_.HoldCost(CostOfCall(machine.Global(id), constraint, machine.Elements(call.arguments), machine), call,
                     machine);
      return;
    case Constraint::kAttribute: JudgeAttribute(call, machine); return;
    case Constraint::kResolves:
      if (call.result.kind() == PickleKind::kObject)
        held_.HoldCall(kPickleDangerousCall, Severity::kCritical, call, machine,
                       "evaluates or finds what cannot be told", true);
      return;
    case Constraint::kNestedStream:
      if (!nested_.Take(call, machine))
        inspection_.Skip("nested object", "a pickle inside the pickle is too large to be looked into", call.offset);
      return;
    case Constraint::kNoFile: JudgeOpening(call, machine); return;
    case Constraint::kNewOnly: {
      // INST and OBJ without arguments make it by __new__ as well.
      const bool called = call.action == PickleAction::kReduce || call.action == PickleAction::kIndirect ||
                          (call.action == PickleAction::kInstantiate && machine.Count(call.arguments) > 0);
      if (called)
        held_.HoldCall(kPickleDangerousCall, SeverityOfCall(Danger::kFileRead), call, machine,
                       "its constructor touches files or the process", true);
      return;
    }
    case Constraint::kMember:
    case Constraint::kReferenceOnly: {
      GlobalPolicy& policy = policies_.Of(id, machine);
      if (policy.raised++ >= kRaisedPerName) {
        policy.raised = kRaisedPerName;
        return;
      }
      held_.HoldCall(kPickleUnknownCall, Severity::kMedium, call, machine,
                     "harmless to mention, but a pickle has no reason to call it", false);
      return;
    }
    case Constraint::kOneArgument: {
      if (machine.Count(call.arguments) == 1) return;
      const WorstGlobal worst = policies_.WorstIn(call.arguments, machine);
      held_.HoldCall(kPickleCodeObject, worst.standing == Standing::kDangerous ? Severity::kCritical : Severity::kHigh,
                     call, machine, "builds a class", worst.standing == Standing::kDangerous);
      return;
    }
  }
}

// The callable is not a name but what something returned: an instance with
// __call__, a bound method, a partial.
void CallJudge::JudgeObject(const PickleCall& call, const PickleMachine& machine) {
  switch (call.callable.kind()) {
    case PickleKind::kExtension:
      held_.HoldCall(kPickleExtensionRegistry, Severity::kHigh, call, machine, "calls whatever the registry holds",
                     false);
      return;
    case PickleKind::kUnknown:
      held_.HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "calls a value that cannot be known", false);
      return;
    case PickleKind::kPersistent: {
      // torch's legacy files name a module's class by ('module', class, file, source).
      const auto parts = machine.Elements(machine.PersistentId(call.callable));
      const auto kind = parts.size() < 2 ? std::nullopt : machine.Text(parts[0]);
      if (kind && *kind == "module" && machine.IdOf(parts[1]) != kNoGlobal) {
        Judge(call, machine.IdOf(parts[1]), machine);
        return;
      }
      held_.HoldCall(kPickleUnknownCall, Severity::kHigh, call, machine, "calls what a persistent id stands for",
                     false);
      return;
    }
    case PickleKind::kObject: break;
    default: return;  // calling a number or a text only raises an error
  }
  const GlobalId root = machine.RootOf(call.callable);
  if (root == kNoGlobal) {
    held_.HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "calls the result of something unknown", false);
    return;
  }
  GlobalPolicy& policy = policies_.Of(root, machine);
  if (policy.judgment.standing == Standing::kSafe && policy.judgment.constraint == Constraint::kCallsArguments &&
      machine.Global(root).name != "vectorize") {
    // A partial of a plain class calls nothing that it is given.
    const formats::PickleObject* object = machine.Object(call.callable);
    const auto bound = machine.Elements(object->arguments);
    const GlobalId callee = bound.empty() ? kNoGlobal : machine.IdOf(bound[0]);
    const bool plain =
        callee != kNoGlobal &&
        (policies_.Of(callee, machine).free || BoundsCost(policies_.Of(callee, machine).judgment.constraint) ||
         IsGetterClass(&machine.Global(callee)) ||
         policies_.Of(callee, machine).judgment.constraint == Constraint::kConstructs);
    if (!plain) held_.ObjectsMayBeCalled();
    return;  // reported as kIndirect
  }
  if (policy.raised >= kRaisedPerName) return;
  ++policy.raised;
  if (MakesFunctions(&machine.Global(root))) {
    held_.HoldCall(kPickleCodeObject, Severity::kCritical, call, machine, "runs code of its own while loading", true);
    return;
  }
  if (policy.judgment.standing == Standing::kDangerous) {
    held_.HoldCall(kPickleDangerousCall, SeverityOfCall(policy.judgment.danger), call, machine,
                   "calls what a dangerous function returned", true);
    return;
  }
  held_.HoldCall(kPickleUnknownCall, Severity::kHigh, call, machine, "calls an object that was just built", false);
}

void CallJudge::JudgeAttribute(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.size() < 2) return;
  const auto attribute = machine.Text(arguments[1]);
  // dill's own looks among the builtins for what the object lacks.
  if (const PickleGlobal* getter = machine.GlobalOf(call.callable);
      getter != nullptr && getter->name == "_get_attr" && attribute) {
    if (const Judgment builtin = scanners::Judge("builtins", *attribute); builtin.standing == Standing::kDangerous)
      held_.HoldCall(kPickleDangerousCall, SeverityOfCall(builtin.danger), call, machine, Describe(builtin.danger),
                     true);
  }
  if (call.result.kind() == PickleKind::kGlobal) return;  // the derived name is judged by itself
  if (!attribute) {
    held_.HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "reads an attribute whose name is computed",
                   false);
    return;
  }
  const GlobalId root = machine.RootOf(arguments[0]);
  if (root == kNoGlobal) {
    if (attribute->starts_with("__"))
      held_.HoldCall(kPickleDangerousCall, Severity::kCritical, call, machine, Describe(Danger::kIndirection), true);
    return;
  }
  // An attribute of a module that dill or cloudpickle imported.
  if (const formats::PickleObject* target = machine.Object(arguments[0]);
      target != nullptr && machine.IdOf(target->callable) == root) {
    const auto imported = machine.Elements(target->arguments);
    const auto module = imported.empty() ? std::nullopt : machine.Text(imported[0]);
    const Judgment judgment = module && policies_.Of(root, machine).judgment.danger == Danger::kCodeObject
                                  ? scanners::Judge(*module, *attribute)
                                  : Judgment{};
    if (judgment.standing == Standing::kDangerous) {
      held_.HoldCall(kPickleDangerousCall, SeverityOfCall(judgment.danger), call, machine, Describe(judgment.danger),
                     true);
      return;
    }
  }
  // What _reconstructor(class, base, state) made is an object of that class.
  GlobalId made = root;
  if (const formats::PickleObject* target = machine.Object(arguments[0]);
      target != nullptr && policies_.Of(root, machine).judgment.constraint == Constraint::kConstructs) {
    const auto built = machine.Elements(target->arguments);
    if (!built.empty() && machine.IdOf(built[0]) != kNoGlobal) made = machine.IdOf(built[0]);
  }
  const PickleGlobal& owner = machine.Global(made);
  const Judgment judgment = scanners::Judge(owner.module, fmt::format("{}.{}", owner.name, *attribute));
  if (judgment.standing == Standing::kDangerous) {
    held_.HoldCall(kPickleDangerousCall, SeverityOfCall(judgment.danger), call, machine, Describe(judgment.danger),
                   true);
  } else if (judgment.standing == Standing::kUnknown) {
    held_.HoldCall(kPickleUnknownReference, Severity::kMedium, call, machine, "binds a method that nobody has vetted",
                   false);
  }
}

void CallJudge::JudgeConstruction(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  const GlobalId id = arguments.empty() ? kNoGlobal : machine.IdOf(arguments[0]);
  if (id == kNoGlobal) {
    held_.HoldCall(kPickleHiddenName, Severity::kHigh, call, machine,
                   "builds an object of a class that cannot be known", false);
    return;
  }
  const GlobalPolicy& policy = policies_.Of(id, machine);
  const bool made = policy.resolved && policy.judgment.constraint == Constraint::kNewOnly;
  if (!policy.free && !made) Judge(call, id, machine);
}

// partial, map, defaultdict...: they call what they are given, now or later.
void CallJudge::JudgeHandedCallables(const PickleCall& call, const PickleMachine& machine) {
  const auto given = machine.Elements(call.arguments);
  const PickleGlobal* caller = machine.GlobalOf(call.callable);
  if (HoldsCaller(call.arguments, machine)) held_.ObjectsMayBeCalled();
  const Constraint handed_under = given.empty() ? Constraint::kNone : policies_.ConstraintOf(given[0], machine);
  if (caller != nullptr)
    held_.HoldCost(CostOfHanded(*caller, handed_under, given, call.keywords, machine), call, machine);
  const bool now = caller != nullptr && CallsAtOnce(caller->name);
  if (const formats::PickleObject* first = given.empty() ? nullptr : machine.Object(given[0]);
      now && first != nullptr) {
    const PickleGlobal* maker = machine.GlobalOf(first->callable);
    if (maker == nullptr || (maker->name != "partial" && maker->name != "itemgetter"))
      held_.HoldCall(kPickleUnknownCall, Severity::kMedium, call, machine, "calls an object that was just built",
                     false);
  }
  const auto handed = machine.Taint(call.arguments);
  if (!handed.any() && call.keywords.kind() == PickleKind::kUnknown) return;
  WorstGlobal worst = policies_.WorstHanded(call.arguments, caller, machine);
  if (const WorstGlobal more = policies_.WorstIn(call.keywords, machine); more.standing > worst.standing) worst = more;
  if (worst.standing == Standing::kSafe && !worst.hidden) return;
  if (worst.id != kNoGlobal && worst.standing != Standing::kSafe) {
    GlobalPolicy& policy = policies_.Of(worst.id, machine);
    policy.called = true;
    if (policy.raised >= kRaisedPerName) return;
    ++policy.raised;
  }
  if (worst.standing == Standing::kDangerous) {
    held_.HoldCall(kPickleDangerousCall, SeverityOfCall(worst.danger), call, machine,
                   fmt::format("hands over a function that {}", Describe(worst.danger)), true);
  } else if (worst.hidden) {
    held_.HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "hands over a function that cannot be known",
                   false);
  } else {
    held_.HoldCall(kPickleUnknownCall, Severity::kMedium, call, machine, "hands over a function that nobody has vetted",
                   false);
  }
}

// Pickles of these classes make an empty object and fill it; a text elsewhere than in the
// second place (which only names things) is a file or an address to read from.
void CallJudge::JudgeOpening(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  bool opens = call.keywords.kind() == PickleKind::kDict && machine.Count(call.keywords) > 0;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    opens = opens || (i != 1 && arguments[i].kind() == PickleKind::kText);
  if (opens)
    held_.HoldCall(kPickleDangerousCall, SeverityOfCall(Danger::kFileRead), call, machine, Describe(Danger::kFileRead),
                   true);
}

void CallJudge::JudgeCodec(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.size() < 2) return;
  const auto codec = machine.Text(arguments[1]);
  if (codec && IsCodec(*codec)) return;
  held_.HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "decodes hidden content while loading", false);
}

}  // namespace ringfort::scanners
