#include "scanners/artifact/pickle/pickle_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
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
using formats::PickleOddity;
using formats::PickleValue;

namespace {

constexpr std::size_t kHeldFindings = 4096;
constexpr std::uint8_t kRaisedPerName = 12;
constexpr std::int64_t kLargeCount = std::int64_t{1} << 28;

// Letters that Python's own modules and the usual packages have.
bool IsPlainName(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-' || c == '<' || c == '>';
  });
}

bool IsCall(PickleAction action) {
  return action == PickleAction::kReduce || action == PickleAction::kNew || action == PickleAction::kNewWithKeywords ||
         action == PickleAction::kInstantiate || action == PickleAction::kIndirect;
}

std::string OneLine(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::string line;
  for (const char c : text) {
    if (c == '\n')
      line += "; ";
    else
      line += c;
  }
  return line;
}

std::string_view FrameworkOf(std::string_view module) {
  const std::string_view top = module.substr(0, module.find('.'));
  if (top == "sklearn") return "scikit-learn";
  if (top == "torch") return "pytorch";
  if (top == "xgboost" || top == "lightgbm" || top == "catboost" || top == "pandas") return top;
  return {};
}

bool IsCodec(std::string_view codec) {
  constexpr std::array<std::string_view, 12> codecs = {"latin1",    "latin-1",  "latin_1", "iso-8859-1",
                                                       "iso8859-1", "utf-8",    "utf8",    "utf_8",
                                                       "ascii",     "us-ascii", "utf-16",  "raw_unicode_escape"};
  const std::string lower = LowerCase(codec);
  return std::find(codecs.begin(), codecs.end(), lower) != codecs.end();
}

// Keys of an object's state that make Python call the value beside them.
bool IsPlantedMethod(std::string_view key) {
  if (key.size() > 4 && key.starts_with("__") && key.ends_with("__"))
    return key != "__doc__" && key != "__dict__" && key != "__module__" && key != "__name__";
  return key == "append" || key == "extend" || key == "add";
}

// scipy's distributions run the text under this key of their state when they are restored.
constexpr std::string_view kTemplateKey = "_parse_arg_template";

// What scipy itself writes there: three functions that hand their arguments on. A definition
// with one bracket and plain defaults calls nothing, and its body runs only when the distribution is used.
bool IsHonestTemplate(std::string_view code) {
  while (!code.empty()) {
    const std::size_t end = std::min(code.find('\n'), code.size());
    const std::string_view line = code.substr(0, end);
    code.remove_prefix(std::min(end + 1, code.size()));
    if (line.empty()) continue;
    constexpr std::string_view definition = "def _parse_args";
    constexpr std::string_view passing = "    return self._argcheck_rvs(";
    constexpr std::string_view packing = "    return (";
    std::string_view rest = line;
    if (line.starts_with(definition))
      rest.remove_prefix(std::min(line.find('('), line.size() - 1) + 1);
    else if (line.starts_with(passing))
      rest.remove_prefix(passing.size());
    else if (line.starts_with(packing))
      rest.remove_prefix(packing.size());
    else
      return false;
    for (const char c : rest) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                         c == ',' || c == ' ' || c == '=' || c == ')' || c == ':' || c == '.' || c == '\'' ||
                         c == '-' || c == '+';
      if (!plain) return false;
    }
  }
  return true;
}

// An object of a class of scipy.stats, however it was made.
bool IsDistribution(PickleValue value, const PickleMachine& machine) {
  const formats::PickleObject* object = machine.Object(value);
  if (object == nullptr) return false;
  const auto arguments = machine.Elements(object->arguments);
  const PickleGlobal* maker = machine.GlobalOf(object->callable);
  const PickleGlobal* made = arguments.empty() ? nullptr : machine.GlobalOf(arguments[0]);
  return (maker != nullptr && maker->module.starts_with("scipy.stats")) ||
         (made != nullptr && made->module.starts_with("scipy.stats"));
}

// Whether a caller of what it is given does that while its result is made or gathered.
bool CallsAtOnce(std::string_view caller) {
  constexpr std::array<std::string_view, 8> callers = {"map",  "filter",  "reduce",       "starmap",
                                                       "imap", "ifilter", "ifilterfalse", "filterfalse"};
  return std::find(callers.begin(), callers.end(), caller) != callers.end();
}

bool IsLong(PickleValue value, const PickleMachine& machine) {
  if (value.kind() != PickleKind::kInteger) return false;
  const auto number = machine.Integer(value);
  return !number || *number > kLargeCount;
}

}  // namespace

PickleJudge::Policy& PickleJudge::PolicyOf(GlobalId id, const PickleMachine& machine) {
  if (id >= policies_.size()) policies_.resize(std::size_t{id} + 1);
  Policy& policy = policies_[id];
  if (policy.known) return policy;
  const PickleGlobal& global = machine.Global(id);
  policy.known = true;
  policy.resolved = global.resolved;
  if (global.resolved) policy.judgment = Judge(global.module, global.name);
  if (ImportHasEffect(global.module)) policy.judgment = {Standing::kDangerous, Danger::kImport, Constraint::kNone};
  policy.free = policy.judgment.standing == Standing::kSafe && policy.judgment.constraint == Constraint::kNone;
  return policy;
}

PickleJudge::Pending* PickleJudge::Hold(const RuleCard& rule, Severity severity, std::uint64_t offset,
                                        std::string evidence, bool certain) {
  grave_ = grave_ || (certain && severity >= Severity::kHigh);
  if (pending_.size() < kHeldFindings) {
    pending_.push_back({&rule, severity, offset, std::move(evidence), certain});
    return &pending_.back();
  }
  if (certain) {
    // Room for what matters most: the first one that matters less gives way.
    const auto weaker =
        std::find_if(pending_.begin(), pending_.end(), [&](const Pending& p) { return p.severity < severity; });
    if (weaker != pending_.end()) {
      *weaker = {&rule, severity, offset, std::move(evidence), certain};
      return &*weaker;
    }
  }
  return nullptr;
}

PickleJudge::Pending* PickleJudge::HoldCall(const RuleCard& rule, Severity severity, const PickleCall& call,
                                            const PickleMachine& machine, std::string_view remark, bool certain) {
  std::string expression =
      call.result.kind() == PickleKind::kObject && IsCall(call.action) && call.action != PickleAction::kIndirect
          ? machine.Render(call.result)
          : machine.Render(call.callable, 160) + " with " + machine.Render(call.arguments, 160);
  return Hold(rule, severity, call.offset,
              fmt::format("{} ({}); opcodes: {}", expression, remark, OneLine(machine.Trace())), certain);
}

void PickleJudge::OnGlobal(GlobalId id, const PickleGlobal& global, const PickleMachine& machine) {
  PolicyOf(id, machine);
  if (framework_.empty() || framework_ == "pandas") {
    if (const std::string_view framework = FrameworkOf(global.module); !framework.empty()) framework_ = framework;
  }
  met_distribution_ = met_distribution_ || global.module.starts_with("scipy.stats");
  met_dill_ = met_dill_ || global.module == "dill" || global.module.starts_with("dill.");
  met_cloudpickle_ = met_cloudpickle_ || global.module.find("cloudpickle") != std::string::npos;
}

void PickleJudge::OnCall(const PickleCall& call, const PickleMachine& machine) {
  if (call.folded) return;
  if (!IsCall(call.action)) {
    JudgeMutation(call, machine);
    return;
  }
  const GlobalId id = machine.IdOf(call.callable);
  if (id == kNoGlobal) {
    JudgeCallOfObject(call, machine);
    return;
  }
  if (id < policies_.size() && policies_[id].free) return;
  JudgeCall(call, id, machine);
}

void PickleJudge::JudgeCall(const PickleCall& call, GlobalId id, const PickleMachine& machine) {
  Policy& policy = PolicyOf(id, machine);
  if (policy.resolved && policy.judgment.standing == Standing::kSafe) {
    if (!policy.free) JudgeSafeCall(call, policy.judgment.constraint, machine);
    return;
  }
  policy.called = true;
  const Danger danger = policy.judgment.danger;
  if (danger == Danger::kLoader) nested_.Take(call, machine);  // the call itself is held against the file
  const GetterWeight getter = IsGetterClass(&machine.Global(id)) ? WeighGetter(call, machine) : GetterWeight::kGrave;
  // What may come to nothing must not use up what is said of a name.
  if (getter == GetterWeight::kPlain) {
    if (std::exchange(getter_seen_, true)) return;
  } else if (policy.raised++ >= kRaisedPerName) {
    policy.raised = kRaisedPerName;
    return;
  }

  if (!policy.resolved) {
    HoldCall(kPickleHiddenName, Severity::kCritical, call, machine, "calls a name that is computed while loading",
             false);
    return;
  }
  if (getter != GetterWeight::kGrave) {
    Pending* held = HoldCall(kPickleDangerousCall, Severity::kMedium, call, machine,
                             "will read an attribute or call a method by name", true);
    if (held != nullptr) held->if_called = getter == GetterWeight::kPlain;
    return;
  }
  if (policy.judgment.standing == Standing::kUnknown) {
    const PickleGlobal& global = machine.Global(id);
    const std::size_t dot = global.name.rfind('.');
    const bool is_class = HasClassShape(dot == std::string::npos ? std::string_view(global.name)
                                                                 : std::string_view(global.name).substr(dot + 1));
    HoldCall(kPickleUnknownCall, is_class ? Severity::kMedium : Severity::kHigh, call, machine, "nobody has vetted it",
             false);
    return;
  }
  if (danger == Danger::kCodeObject) {
    JudgeCode(call, machine);
    return;
  }
  if (IsOwnAttribute(call, machine)) {
    HoldCall(kPickleCodeObject, Severity::kHigh, call, machine, "sets an attribute of a class or a cell of its own",
             true);
    return;
  }
  HoldCall(danger == Danger::kLoader ? kPickleNestedLoader : kPickleDangerousCall, SeverityOfCall(danger), call,
           machine, Describe(danger), true);
}

// Functions and classes that dill and cloudpickle rebuild: judged by what their code names.
void PickleJudge::JudgeCode(const PickleCall& call, const PickleMachine& machine) {
  if (!MakesCode(machine.GlobalOf(call.callable))) {
    const bool telling = HoldsTellingName(call.arguments, machine);
    HoldCall(kPickleCodeObject, telling ? Severity::kCritical : Severity::kHigh, call, machine,
             telling ? "the code inside names functions that do harm" : Describe(Danger::kCodeObject), true);
    return;
  }
  const CodeObject code = ReadCodeObject(call, machine);
  if (!code.harm.empty())
    HoldCall(kPickleCodeObject, Severity::kCritical, call, machine, "the code names " + code.harm, true);
  else if (!code.well_formed)
    HoldCall(kPickleCodeObject, Severity::kCritical, call, machine, "a code object that no library writes", true);
  else
    HoldCall(kPickleCodeObject, Severity::kHigh, call, machine,
             code.complete ? Describe(Danger::kCodeObject) : "code with more names than are kept", true);
}

// setattr(x, 'name', value) where x is a class, a function or a cell that the file itself has just made, as dill
// fills them, and the value no dangerous function.
bool PickleJudge::IsOwnAttribute(const PickleCall& call, const PickleMachine& machine) {
  const PickleGlobal* setter = machine.GlobalOf(call.callable);
  if (setter == nullptr) return false;
  const std::string name = setter->Dotted();
  if (name != "builtins.setattr" && name != "__builtin__.setattr" && name != "dill._dill._setattr") return false;
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.size() != 3 || !machine.Text(arguments[1]) || machine.Object(arguments[0]) == nullptr) return false;
  const GlobalId maker = machine.RootOf(arguments[0]);
  if (maker == kNoGlobal || PolicyOf(maker, machine).judgment.danger != Danger::kCodeObject) return false;
  int budget = kSearchBudget;
  const Worst worst = WorstIn(arguments[2], machine, 0, budget);
  return worst.standing != Standing::kDangerous && !worst.hidden;
}

void PickleJudge::JudgeSafeCall(const PickleCall& call, Constraint constraint, const PickleMachine& machine) {
  switch (constraint) {
    case Constraint::kNone: return;
    case Constraint::kCallsArguments: JudgeHandedCallables(call, machine); return;
    case Constraint::kConstructs: JudgeConstruction(call, machine); return;
    case Constraint::kTextCodec: JudgeCodec(call, machine); return;
    case Constraint::kBounded: JudgeBounds(call, machine); return;
    case Constraint::kGathers: JudgeGathering(call, machine); return;
    case Constraint::kAttribute: JudgeAttribute(call, machine); return;
    case Constraint::kResolves:
      if (call.result.kind() == PickleKind::kObject)
        HoldCall(kPickleDangerousCall, Severity::kCritical, call, machine, "evaluates or finds what cannot be told",
                 true);
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
        HoldCall(kPickleDangerousCall, SeverityOfCall(Danger::kFileRead), call, machine,
                 "its constructor touches files or the process", true);
      return;
    }
    case Constraint::kMember:
    case Constraint::kReferenceOnly: {
      Policy& policy = PolicyOf(machine.IdOf(call.callable), machine);
      if (policy.raised++ >= kRaisedPerName) {
        policy.raised = kRaisedPerName;
        return;
      }
      HoldCall(kPickleUnknownCall, Severity::kMedium, call, machine,
               "harmless to mention, but a pickle has no reason to call it", false);
      return;
    }
    case Constraint::kOneArgument: {
      if (machine.Count(call.arguments) == 1) return;
      int budget = kSearchBudget;
      const Worst worst = WorstIn(call.arguments, machine, 0, budget);
      HoldCall(kPickleCodeObject, worst.standing == Standing::kDangerous ? Severity::kCritical : Severity::kHigh, call,
               machine, "builds a class", worst.standing == Standing::kDangerous);
      return;
    }
  }
}

// The callable is not a name but what something returned: an instance with
// __call__, a bound method, a partial.
void PickleJudge::JudgeCallOfObject(const PickleCall& call, const PickleMachine& machine) {
  switch (call.callable.kind()) {
    case PickleKind::kExtension:
      HoldCall(kPickleExtensionRegistry, Severity::kHigh, call, machine, "calls whatever the registry holds", false);
      return;
    case PickleKind::kUnknown:
      HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "calls a value that cannot be known", false);
      return;
    case PickleKind::kPersistent: {
      // torch's legacy files name a module's class by ('module', class, file, source).
      const auto parts = machine.Elements(machine.PersistentId(call.callable));
      const auto kind = parts.size() < 2 ? std::nullopt : machine.Text(parts[0]);
      if (kind && *kind == "module" && machine.IdOf(parts[1]) != kNoGlobal) {
        JudgeCall(call, machine.IdOf(parts[1]), machine);
        return;
      }
      HoldCall(kPickleUnknownCall, Severity::kHigh, call, machine, "calls what a persistent id stands for", false);
      return;
    }
    case PickleKind::kObject: break;
    default: return;  // calling a number or a text only raises an error
  }
  const GlobalId root = machine.RootOf(call.callable);
  if (root == kNoGlobal) {
    HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "calls the result of something unknown", false);
    return;
  }
  Policy& policy = PolicyOf(root, machine);
  if (policy.judgment.standing == Standing::kSafe && policy.judgment.constraint == Constraint::kCallsArguments &&
      machine.Global(root).name != "vectorize") {
    // A partial of a plain class calls nothing that it is given.
    const formats::PickleObject* object = machine.Object(call.callable);
    const auto bound = machine.Elements(object->arguments);
    const GlobalId callee = bound.empty() ? kNoGlobal : machine.IdOf(bound[0]);
    calls_objects_ = calls_objects_ || callee == kNoGlobal ||
                     !(PolicyOf(callee, machine).free || IsGetterClass(&machine.Global(callee)) ||
                       PolicyOf(callee, machine).judgment.constraint == Constraint::kConstructs);
    return;  // reported as kIndirect
  }
  if (policy.raised >= kRaisedPerName) return;
  ++policy.raised;
  if (MakesFunctions(&machine.Global(root))) {
    HoldCall(kPickleCodeObject, Severity::kCritical, call, machine, "runs code of its own while loading", true);
    return;
  }
  if (policy.judgment.standing == Standing::kDangerous) {
    HoldCall(kPickleDangerousCall, SeverityOfCall(policy.judgment.danger), call, machine,
             "calls what a dangerous function returned", true);
    return;
  }
  HoldCall(kPickleUnknownCall, Severity::kHigh, call, machine, "calls an object that was just built", false);
}

void PickleJudge::JudgeAttribute(const PickleCall& call, const PickleMachine& machine) {
  if (call.result.kind() == PickleKind::kGlobal) return;  // the derived name is judged by itself
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.size() < 2) return;
  const auto attribute = machine.Text(arguments[1]);
  if (!attribute) {
    HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "reads an attribute whose name is computed", false);
    return;
  }
  const GlobalId root = machine.RootOf(arguments[0]);
  if (root == kNoGlobal) {
    if (attribute->starts_with("__"))
      HoldCall(kPickleDangerousCall, Severity::kCritical, call, machine, Describe(Danger::kIndirection), true);
    return;
  }
  // An attribute of a module that dill or cloudpickle imported.
  if (const formats::PickleObject* target = machine.Object(arguments[0]);
      target != nullptr && machine.IdOf(target->callable) == root) {
    const auto imported = machine.Elements(target->arguments);
    const auto module = imported.empty() ? std::nullopt : machine.Text(imported[0]);
    const Judgment judgment = module && PolicyOf(root, machine).judgment.danger == Danger::kCodeObject
                                  ? Judge(*module, *attribute)
                                  : Judgment{};
    if (judgment.standing == Standing::kDangerous) {
      HoldCall(kPickleDangerousCall, SeverityOfCall(judgment.danger), call, machine, Describe(judgment.danger), true);
      return;
    }
  }
  // What _reconstructor(class, base, state) made is an object of that class.
  GlobalId made = root;
  if (const formats::PickleObject* target = machine.Object(arguments[0]);
      target != nullptr && PolicyOf(root, machine).judgment.constraint == Constraint::kConstructs) {
    const auto built = machine.Elements(target->arguments);
    if (!built.empty() && machine.IdOf(built[0]) != kNoGlobal) made = machine.IdOf(built[0]);
  }
  const PickleGlobal& owner = machine.Global(made);
  const Judgment judgment = Judge(owner.module, fmt::format("{}.{}", owner.name, *attribute));
  if (judgment.standing == Standing::kDangerous) {
    HoldCall(kPickleDangerousCall, SeverityOfCall(judgment.danger), call, machine, Describe(judgment.danger), true);
  } else if (judgment.standing == Standing::kUnknown) {
    HoldCall(kPickleUnknownReference, Severity::kMedium, call, machine, "binds a method that nobody has vetted", false);
  }
}

void PickleJudge::JudgeConstruction(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  const GlobalId id = arguments.empty() ? kNoGlobal : machine.IdOf(arguments[0]);
  if (id == kNoGlobal) {
    HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "builds an object of a class that cannot be known",
             false);
    return;
  }
  const Policy& policy = PolicyOf(id, machine);
  const bool made = policy.resolved && policy.judgment.constraint == Constraint::kNewOnly;
  if (!policy.free && !made) JudgeCall(call, id, machine);
}

// partial, map, defaultdict...: they call what they are given, now or later.
void PickleJudge::JudgeHandedCallables(const PickleCall& call, const PickleMachine& machine) {
  const auto given = machine.Elements(call.arguments);
  const PickleGlobal* caller = machine.GlobalOf(call.callable);
  calls_objects_ = calls_objects_ || HoldsCaller(call.arguments, machine);
  const bool now = caller != nullptr && CallsAtOnce(caller->name);
  if (const formats::PickleObject* first = given.empty() ? nullptr : machine.Object(given[0]);
      now && first != nullptr) {
    const PickleGlobal* maker = machine.GlobalOf(first->callable);
    if (maker == nullptr || (maker->name != "partial" && maker->name != "itemgetter"))
      HoldCall(kPickleUnknownCall, Severity::kMedium, call, machine, "calls an object that was just built", false);
  }
  const auto handed = machine.Taint(call.arguments);
  if (!handed.any() && call.keywords.kind() == PickleKind::kUnknown) return;
  int budget = kSearchBudget;
  Worst worst = WorstHanded(call.arguments, caller, machine, budget);
  if (const Worst more = WorstIn(call.keywords, machine, 0, budget); more.standing > worst.standing) worst = more;
  if (worst.standing == Standing::kSafe && !worst.hidden) return;
  if (worst.id != kNoGlobal && worst.standing != Standing::kSafe) {
    Policy& policy = PolicyOf(worst.id, machine);
    policy.called = true;
    if (policy.raised >= kRaisedPerName) return;
    ++policy.raised;
  }
  if (worst.standing == Standing::kDangerous) {
    HoldCall(kPickleDangerousCall, SeverityOfCall(worst.danger), call, machine,
             fmt::format("hands over a function that {}", Describe(worst.danger)), true);
  } else if (worst.hidden) {
    HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "hands over a function that cannot be known", false);
  } else {
    HoldCall(kPickleUnknownCall, Severity::kMedium, call, machine, "hands over a function that nobody has vetted",
             false);
  }
}

// Pickles of these classes make an empty object and fill it; a text elsewhere than in the
// second place (which only names things) is a file or an address to read from.
void PickleJudge::JudgeOpening(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  bool opens = call.keywords.kind() == PickleKind::kDict && machine.Count(call.keywords) > 0;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    opens = opens || (i != 1 && arguments[i].kind() == PickleKind::kText);
  if (opens)
    HoldCall(kPickleDangerousCall, SeverityOfCall(Danger::kFileRead), call, machine, Describe(Danger::kFileRead), true);
}

void PickleJudge::JudgeBounds(const PickleCall& call, const PickleMachine& machine) {
  for (const PickleValue argument : machine.Elements(call.arguments))
    if (IsLong(argument, machine)) {
      HoldCall(kPickleResourceBomb, Severity::kMedium, call, machine,
               "costs memory or time in proportion to its arguments", false);
      return;
    }
  JudgeGathering(call, machine);
}

void PickleJudge::JudgeGathering(const PickleCall& call, const PickleMachine& machine) {
  if (!machine.Taint(call.arguments).object) return;
  for (const PickleValue argument : machine.Elements(call.arguments)) {
    const formats::PickleObject* source = machine.Object(argument);
    const PickleGlobal* made_by = source == nullptr ? nullptr : machine.GlobalOf(source->callable);
    if (made_by == nullptr) continue;
    const std::string_view name = made_by->name;
    const auto inner = machine.Elements(source->arguments);
    const bool endless = made_by->module == "itertools" &&
                         (name == "count" || name == "cycle" || (name == "repeat" && inner.size() == 1));
    const bool counted = name == "range" || name == "xrange" || name == "repeat" || name == "product" ||
                         name.starts_with("permutations") || name.starts_with("combinations");
    const bool long_one =
        counted && std::any_of(inner.begin(), inner.end(), [&](PickleValue v) { return IsLong(v, machine); });
    // zip and enumerate only wrap; what gathers stands further out.
    if (endless || long_one) {
      HoldCall(kPickleResourceBomb, Severity::kMedium, call, machine,
               endless ? "gathers an endless iterator" : "gathers an enormous iterator", false);
      return;
    }
  }
}

void PickleJudge::JudgeCodec(const PickleCall& call, const PickleMachine& machine) {
  const auto arguments = machine.Elements(call.arguments);
  if (arguments.size() < 2) return;
  const auto codec = machine.Text(arguments[1]);
  if (codec && IsCodec(*codec)) return;
  HoldCall(kPickleHiddenName, Severity::kHigh, call, machine, "decodes hidden content while loading", false);
}

void PickleJudge::JudgeMutation(const PickleCall& call, const PickleMachine& machine) {
  if (call.receiver.kind() == PickleKind::kGlobal) {
    const GlobalId id = machine.IdOf(call.receiver);
    PolicyOf(id, machine).called = true;
    Hold(kPickleRewritesGlobal, Severity::kCritical, call.offset,
         fmt::format("{} of {}; opcodes: {}", Name(call.action), machine.Render(call.receiver, 160),
                     OneLine(machine.Trace())),
         true);
    return;
  }
  if (call.action == PickleAction::kSetState) JudgeState(call, machine);
}

// The state of an object: a dictionary of attributes, or whatever its class's
// __setstate__ takes.
void PickleJudge::JudgeState(const PickleCall& call, const PickleMachine& machine) {
  if (met_distribution_) {
    int budget = kSearchBudget;
    const bool unseen = call.arguments.kind() == PickleKind::kDict && !machine.Complete(call.arguments) &&
                        IsDistribution(call.receiver, machine);
    if (unseen || HoldsForeignTemplate(call.arguments, machine, 0, budget)) {
      HoldCall(kPickleDangerousCall, Severity::kCritical, call, machine,
               "gives a distribution a text that runs as code when it is restored", true);
    }
  }
  const auto taint = machine.Taint(call.arguments);
  if (!taint.global && !taint.unknown && !taint.object) return;
  if (taint.global) {
    int budget = kSearchBudget;
    const Worst worst = WorstHanded(call.arguments, machine.GlobalOf(call.callable), machine, budget);
    if (worst.standing == Standing::kDangerous) {
      Policy& policy = PolicyOf(worst.id, machine);
      if (!policy.called || policy.raised < kRaisedPerName) {
        policy.called = true;
        ++policy.raised;
        HoldCall(kPickleDangerousCall, SeverityOfCall(worst.danger), call, machine,
                 fmt::format("puts a function that {} where the object will call it", Describe(worst.danger)), true);
      }
    }
  }
  // The first part of a partial's state is what it calls.
  if (const auto parts = machine.Elements(call.arguments); !parts.empty() && !calls_objects_) {
    const GlobalId maker = machine.IdOf(call.callable);
    calls_objects_ = maker != kNoGlobal &&
                     PolicyOf(maker, machine).judgment.constraint == Constraint::kCallsArguments &&
                     HoldsCaller(parts[0], machine);
  }
  // (dict, slots) pairs are states as well.
  std::array<PickleValue, 2> states = {call.arguments, {}};
  if (call.arguments.kind() == PickleKind::kTuple) {
    const auto parts = machine.Elements(call.arguments);
    for (std::size_t i = 0; i < states.size(); ++i) states[i] = i < parts.size() ? parts[i] : PickleValue{};
  }
  for (const PickleValue state : states) {
    if (state.kind() != PickleKind::kDict) continue;
    const auto pairs = machine.Elements(state);
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      const bool made = pairs[i + 1].kind() == PickleKind::kObject;
      if (pairs[i].kind() != PickleKind::kText || (pairs[i + 1].kind() != PickleKind::kGlobal && !made)) continue;
      const auto key = machine.Text(pairs[i]);
      // An object in such a place is a call as well, if it is one to be called.
      const bool planted = key && IsPlantedMethod(*key) &&
                           (!made || *key == "__setstate__" || *key == "__setitem__" ||
                            (!key->starts_with("__") && IsCaller(pairs[i + 1], machine)));
      if (planted) {
        Hold(kPicklePlantedMethod, Severity::kHigh, call.offset,
             fmt::format("{} = {}; opcodes: {}", *key, machine.Render(pairs[i + 1], 160), OneLine(machine.Trace())),
             false);
      }
    }
  }
}

bool PickleJudge::HoldsForeignTemplate(PickleValue value, const PickleMachine& machine, int depth, int& budget) const {
  if (depth > kSearchDepth || --budget < 0) return false;
  if (const formats::PickleObject* object = machine.Object(value); object != nullptr)
    return HoldsForeignTemplate(object->arguments, machine, depth + 1, budget);
  const auto is_key = [&](PickleValue part) {
    const auto text = machine.Text(part);
    return text && *text == kTemplateKey;
  };
  switch (value.kind()) {
    case PickleKind::kDict: {
      const auto pairs = machine.Elements(value);
      for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
        if (!is_key(pairs[i])) {
          if (HoldsForeignTemplate(pairs[i + 1], machine, depth + 1, budget)) return true;
          continue;
        }
        const auto code = machine.Text(pairs[i + 1]);
        if (!code || !IsHonestTemplate(*code)) return true;
      }
      return false;
    }
    case PickleKind::kTuple:
    case PickleKind::kList: {
      // Pairs update a dictionary as well.
      const auto parts = machine.Elements(value);
      return std::any_of(parts.begin(), parts.end(), [&](PickleValue part) {
        return is_key(part) || HoldsForeignTemplate(part, machine, depth + 1, budget);
      });
    }
    default: return false;
  }
}

PickleJudge::Worst PickleJudge::WorstIn(PickleValue value, const PickleMachine& machine, int depth, int& budget) {
  Worst worst;
  if (depth > kSearchDepth || --budget < 0) return worst;
  const auto look = [&](PickleValue part) {
    const Worst inner = WorstIn(part, machine, depth + 1, budget);
    worst.hidden = worst.hidden || inner.hidden;
    if (inner.standing > worst.standing) {
      const bool hidden = worst.hidden;
      worst = inner;
      worst.hidden = hidden;
    }
  };
  switch (value.kind()) {
    case PickleKind::kGlobal: {
      const GlobalId id = machine.IdOf(value);
      const Policy& policy = PolicyOf(id, machine);
      worst.standing = policy.judgment.standing;
      worst.danger = policy.judgment.danger;
      worst.id = id;
      worst.hidden = !policy.resolved || policy.judgment.constraint == Constraint::kAttribute ||
                     policy.judgment.constraint == Constraint::kResolves;
      // What is handed over is called out of sight: with which stream, on which object, cannot be told.
      if (worst.standing == Standing::kSafe && policy.judgment.constraint == Constraint::kNestedStream) {
        worst.standing = Standing::kDangerous;
        worst.danger = Danger::kLoader;
      } else if (worst.standing == Standing::kSafe && (policy.judgment.constraint == Constraint::kMember ||
                                                       policy.judgment.constraint == Constraint::kNoFile ||
                                                       policy.judgment.constraint == Constraint::kNewOnly)) {
        worst.standing = Standing::kUnknown;
      }
      break;
    }
    case PickleKind::kExtension: worst.hidden = true; break;
    case PickleKind::kTuple:
    case PickleKind::kList:
    case PickleKind::kDict:
    case PickleKind::kSet:
    case PickleKind::kFrozenSet:
      if (!machine.Taint(value).any()) break;
      for (const PickleValue part : machine.Elements(value)) {
        look(part);
        if (worst.standing == Standing::kDangerous) break;
      }
      break;
    default: break;  // the inside of an object was judged when it was made
  }
  return worst;
}

// Of what is handed to `caller`. A getter's class bound by partial (so methodcaller with keywords is pickled)
// is judged by what it makes once the partial is called.
PickleJudge::Worst PickleJudge::WorstHanded(PickleValue handed, const PickleGlobal* caller,
                                            const PickleMachine& machine, int& budget) {
  const auto parts = machine.Elements(handed);
  if (caller == nullptr || caller->name != "partial" || parts.empty() || !IsGetterClass(machine.GlobalOf(parts[0])))
    return WorstIn(handed, machine, 0, budget);
  PolicyOf(machine.IdOf(parts[0]), machine).called = true;
  Worst worst;
  for (const PickleValue part : parts.subspan(1)) {
    const Worst inner = WorstIn(part, machine, 0, budget);
    if (inner.standing >= worst.standing) worst = inner;
  }
  return worst;
}

void PickleJudge::OnPersistent(PickleValue id, std::uint64_t offset, const PickleMachine& machine) {
  const auto parts = machine.Elements(id);
  const auto kind = parts.empty() ? std::nullopt : machine.Text(parts[0]);
  const bool torch = id.kind() == PickleKind::kTuple && kind && (*kind == "storage" || *kind == "module");
  if (torch) {
    storages_.Add(id, machine);
    if (framework_.empty()) framework_ = "pytorch";
    return;
  }
  if (!std::exchange(persistent_seen_, true))
    Hold(kPicklePersistentId, Severity::kLow, offset, machine.Render(id), false);
}

void PickleJudge::OnAnomaly(const formats::PickleAnomaly& anomaly, const PickleMachine& machine) {
  const std::string evidence =
      fmt::format("{}{}{}; opcodes: {}", Name(anomaly.oddity), anomaly.detail.empty() ? "" : ": ", anomaly.detail,
                  OneLine(machine.Trace()));
  switch (anomaly.oddity) {
    case PickleOddity::kExtensionCode:
      Hold(kPickleExtensionRegistry, Severity::kHigh, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kMemoIndexHuge:
    case PickleOddity::kExpansion:
    case PickleOddity::kDuplicateChain:
    case PickleOddity::kIntegerHuge:
      Hold(kPickleResourceBomb, Severity::kMedium, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kOutOfBandBuffer:
      Hold(kPickleOutOfBandBuffer, Severity::kLow, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kArrayUnreadable:
      inspection_.Skip("array inside the pickle", "its size cannot be told, so what follows may be array bytes",
                       anomaly.offset);
      return;
    case PickleOddity::kFrameTruncated:
      // Python's own unpickler (joblib's is made of it) would have run the stream, the C one refuses the frame.
      inspection_.Skip("pickle frame", "it is longer than the file, and unpicklers stop there", anomaly.offset);
      Hold(kPickleOddStructure, Severity::kLow, anomaly.offset, evidence, false);
      return;
    case PickleOddity::kPersistentId: return;    // OnPersistent
    case PickleOddity::kNameUnresolved: return;  // the global itself is judged
    default: Hold(kPickleOddStructure, Severity::kLow, anomaly.offset, evidence, false); return;
  }
}

// Names that were loaded and not called: importing them is an act as well.
void PickleJudge::JudgeMentions(const PickleMachine& machine) {
  const GlobalId count = machine.global_count();
  if (policies_.size() < count) policies_.resize(count);
  for (GlobalId id = 0; id < count; ++id) {
    if (id < policies_.size() && policies_[id].mentioned) continue;
    Policy& policy = PolicyOf(id, machine);
    policy.mentioned = true;
    const PickleGlobal& global = machine.Global(id);
    if (policy.resolved && !IsPlainName(global.module)) {
      Hold(kPickleForgedName, Severity::kHigh, global.offset, global.Dotted(), false);
      continue;
    }
    if (policy.called) continue;
    const std::string evidence =
        global.derived ? fmt::format("{}, reached by {}", global.Dotted(), global.derivation) : global.Dotted();
    if (!policy.resolved) {
      Hold(kPickleHiddenName, Severity::kHigh, global.offset, evidence, false);
    } else if (policy.judgment.standing == Standing::kDangerous) {
      // A file may well carry the names of its own code; that was said once.
      const Severity severity = policy.judgment.danger == Danger::kCodeObject ? Severity::kMedium
                                : ImportHasEffect(global.module)              ? Severity::kCritical
                                                                              : Severity::kHigh;
      Hold(kPickleDangerousReference, severity, global.offset,
           fmt::format("{} ({})", evidence, Describe(policy.judgment.danger)), true);
    } else if (policy.judgment.standing == Standing::kUnknown) {
      Hold(kPickleUnknownReference, Severity::kMedium, global.offset, evidence, false);
    }
  }
}

void PickleJudge::OnStreamEnd(const formats::PickleStream& stream, PickleValue, const PickleMachine& machine) {
  JudgeMentions(machine);
  const bool whole = stream.how == formats::PickleEnd::kStop;
  // Without PROTO and without an end, nothing says that this was ever a pickle.
  const bool credible = whole || stream.protocol >= 0;
  for (const Pending& pending : pending_) {
    if (pending.if_called && !calls_objects_ && whole) continue;
    // The last name of a stream that ends too early may itself be cut short.
    const bool mention = pending.rule == &kPickleUnknownReference || pending.rule == &kPickleDangerousReference;
    if (stream.how == formats::PickleEnd::kTruncated && mention &&
        pending.offset + pending.evidence.size() + 8 >= stream.end)
      continue;
    const bool remark = pending.severity == Severity::kLow;
    if (pending.certain || (credible && (whole || !remark)))
      inspection_.Raise(*pending.rule, pending.severity, pending.offset, pending.evidence);
  }
  if (!whole) {
    const Error damage = stream.damage.value_or(Error{Fault::kInvalidInput, "the stream breaks off", stream.end});
    inspection_.Skip("pickle stream", damage.what, damage.offset == kNoOffset ? stream.end : damage.offset);
    if (grave_) inspection_.Raise(kPickleBreaksAfterPayload, stream.end, damage.what);
  }
  pending_.clear();
  grave_ = false;
  calls_objects_ = getter_seen_ = false;
}

bool PickleJudge::OnProgress(std::uint64_t) { return !inspection_.Expired(); }

}  // namespace ringfort::scanners
