#include "formats/pickle/pickle_folding.h"

#include <algorithm>
#include <string>
#include <vector>

#include "formats/pickle/pickle_pure.h"

// Which calls are folded, and how a name is reached. The pure functions on text
// themselves are in pickle_pure.cc.

namespace ringfort::formats {
namespace {

constexpr std::size_t kLongestName = 4096;
constexpr std::size_t kLongestDerivation = 300;

// Ways to a name. What is not in this list and not pure stays an object.
enum class Way : std::uint8_t {
  kNothing,
  kPure,          // a function of pickle_pure.cc
  kGetAttribute,  // f(x, 'name')
  kImport,        // f('a.b') is a
  kImportModule,  // f('a.b') is a.b
  kResolveName,   // f('a.b:c.d')
  kGetItem,       // f(mapping, 'key')
  kVars,          // f(x) is x.__dict__
  kIdentity,      // f(x) is x
  kTypeByName,    // f('NoneType') is types.NoneType, f('int') is builtins.int
  kNamedTuple,    // f('C', fields, 'a.b') is a.b.C, if there is such a thing
  kLiteral,       // f('range(0, 4)') is a value; its text stands for it
  kMethodByRepr,  // f(str, 'split', "<method 'split' of 'str' objects>") is builtins.str.split
};

struct Known {
  std::string_view name;
  Way way;
};
constexpr Known kKnown[] = {
    {"builtins.getattr", Way::kGetAttribute},
    {"builtins.object.__getattribute__", Way::kGetAttribute},
    {"builtins.type.__getattribute__", Way::kGetAttribute},
    {"types.ModuleType.__getattribute__", Way::kGetAttribute},
    {"inspect.getattr_static", Way::kGetAttribute},
    {"builtins.__import__", Way::kImport},
    {"importlib.__import__", Way::kImport},
    {"importlib._bootstrap.__import__", Way::kImport},
    {"importlib.import_module", Way::kImportModule},
    {"importlib._bootstrap._gcd_import", Way::kImportModule},
    {"importlib.reload", Way::kIdentity},
    {"test.support.import_helper.import_module", Way::kImportModule},
    {"django.utils.module_loading.import_string", Way::kResolveName},
    {"pkgutil.resolve_name", Way::kResolveName},
    {"pydoc.locate", Way::kResolveName},
    {"logging.config._resolve", Way::kResolveName},
    {"numpy.distutils.misc_util.import_module", Way::kImportModule},
    {"operator.getitem", Way::kGetItem},
    {"operator.__getitem__", Way::kGetItem},
    {"builtins.dict.__getitem__", Way::kGetItem},
    {"builtins.dict.get", Way::kGetItem},
    {"builtins.dict.pop", Way::kGetItem},
    {"builtins.dict.setdefault", Way::kGetItem},
    {"builtins.vars", Way::kVars},
    {"dill._dill._import_module", Way::kResolveName},
    {"dill._dill._get_attr", Way::kGetAttribute},
    {"dill._dill._load_type", Way::kTypeByName},
    {"cloudpickle.cloudpickle._builtin_type", Way::kTypeByName},
    {"dill._dill._create_namedtuple", Way::kNamedTuple},
    {"dill._dill._eval_repr", Way::kLiteral},
    {"dill._dill._getattr", Way::kMethodByRepr},
};
constexpr std::uint16_t kUnasked = 0;

std::string Plain(const PickleGlobal& global) { return PlainPythonName(global.Dotted()); }

// What is cached of a global in PickleState::fold_of: 1 + its Way, and two flags.
constexpr std::uint16_t kBound = 0x100;     // may be a bound __getattribute__, get, ...
constexpr std::uint16_t kIndirect = 0x200;  // calls what it is given
constexpr std::uint16_t kMaker = 0x400;     // makes what is looked into later

// f(g, items) calls g with each item.
bool IsMapLike(std::string_view name) {
  static constexpr std::string_view kNames[] = {"builtins.map",           "builtins.filter",      "itertools.imap",
                                                "itertools.ifilter",      "itertools.takewhile",  "itertools.dropwhile",
                                                "itertools.ifilterfalse", "itertools.filterfalse"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool MayCallOthers(std::string_view name) {
  static constexpr std::string_view kNames[] = {"operator.call",  "builtins.type.__call__", "itertools.starmap",
                                                "builtins.apply", "functools.reduce",       "dill._dill._create_array"};
  return name.ends_with(".__call__") || IsMapLike(name) ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool MayBeBound(std::string_view name) {
  static constexpr std::string_view kMethods[] = {"__getattribute__", "__getattr__", "__getitem__", "get", "pop",
                                                  "setdefault"};
  const std::string_view method = name.substr(name.rfind('.') + 1);
  return std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
}

bool IsMaker(std::string_view name) {
  static constexpr std::string_view kNames[] = {"functools.partial",   "operator.methodcaller", "operator.attrgetter",
                                                "operator.itemgetter", "builtins.getattr",      "builtins.slice",
                                                "builtins.reversed"};
  return name.ends_with(".dtype") || std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Asked of the names once for each global.
std::uint16_t FlagsOf(PickleState& state, GlobalId id) {
  if (state.fold_of.size() <= id) state.fold_of.resize(state.globals.size(), kUnasked);
  std::uint16_t& cached = state.fold_of[id];
  if (cached != kUnasked) return cached;
  const PickleGlobal& global = state.globals[id];
  Way way = Way::kNothing;
  std::uint16_t flags = 0;
  if (global.resolved && global.module.size() + global.name.size() < kLongestName) {
    const std::string name = Plain(global);
    for (const Known& known : kKnown) {
      if (known.name == name) way = known.way;
    }
    if (way == Way::kNothing && IsPureFunction(name)) way = Way::kPure;
    if (MayBeBound(global.name)) flags |= kBound;
    if (MayCallOthers(name)) flags |= kIndirect;
    if (IsMaker(name)) flags |= kMaker;
  }
  cached = static_cast<std::uint16_t>((static_cast<std::uint16_t>(way) + 1) | flags);
  return cached;
}

std::string Derivation(PickleState& state, const PickleCall& call) {
  return state.machine.Render(call.callable, 120) + state.machine.Render(call.arguments, kLongestDerivation - 120);
}

PickleValue Derive(PickleState& state, std::string module, std::string name, std::string derivation) {
  if (module.size() + name.size() > kLongestName) return {};
  // Whatever leads to the builtins, the builtins are meant.
  const std::size_t builtins = name.rfind("__builtins__");
  if (builtins != std::string::npos) {
    module = "builtins";
    name.erase(0, builtins + std::string_view("__builtins__").size());
    if (name.starts_with('.')) name.erase(0, 1);
  }
  if (derivation.empty()) derivation = "derived";
  return state.Intern(module, name, true, std::move(derivation));
}

PickleValue Attribute(PickleState& state, PickleValue owner, std::string_view attribute, std::string derivation) {
  const PickleGlobal* global = state.machine.GlobalOf(owner);
  if (global == nullptr || !global->resolved || attribute.empty()) return {};
  std::string name = global->name;
  if (!name.empty()) name += '.';
  name += attribute;
  return Derive(state, global->module, std::move(name), std::move(derivation));
}

PickleValue Item(PickleState& state, PickleValue mapping, std::string_view item, std::string derivation) {
  const PickleGlobal* global = state.machine.GlobalOf(mapping);
  if (global == nullptr || !global->resolved) return {};
  const std::string dotted = Plain(*global);
  if (dotted.ends_with("sys.modules")) return Derive(state, std::string(item), "", std::move(derivation));
  if (dotted == "builtins" || dotted.ends_with("__builtins__"))
    return Derive(state, "builtins", std::string(item), std::move(derivation));
  if (dotted.ends_with("__dict__")) {
    std::string name = global->name == "__dict__" ? "" : global->name;
    if (name.ends_with(".__dict__")) name.resize(name.size() - std::string_view(".__dict__").size());
    if (!name.empty()) name += '.';
    name += item;
    return Derive(state, global->module, std::move(name), std::move(derivation));
  }
  return {};
}

PickleValue Resolve(PickleState& state, std::string_view text, std::string derivation) {
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos) {
    return Derive(state, std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)),
                  std::move(derivation));
  }
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return Derive(state, std::string(text), "", std::move(derivation));
  return Derive(state, std::string(text.substr(0, dot)), std::string(text.substr(dot + 1)), std::move(derivation));
}

// dill's table of types holds what the modules builtins and types hold, and these.
PickleValue TypeByName(PickleState& state, std::string_view name, std::string derivation) {
  struct Entry {
    std::string_view name, module, type;
  };
  static constexpr Entry kEntries[] = {{"PartialType", "functools", "partial"},
                                       {"ItemGetterType", "operator", "itemgetter"},
                                       {"AttrGetterType", "operator", "attrgetter"},
                                       {"SuperType", "builtins", "super"},
                                       {"ClassType", "builtins", "type"},
                                       {"TypeType", "builtins", "type"},
                                       {"FileType", "_io", "FileIO"},
                                       {"TextWrapperType", "_io", "TextIOWrapper"}};
  for (const Entry& entry : kEntries) {
    if (entry.name == name) return Derive(state, std::string(entry.module), std::string(entry.type), derivation);
  }
  return Derive(state, name.ends_with("Type") ? "types" : "builtins", std::string(name), std::move(derivation));
}

// What repr() writes of the values that dill has no other way to keep; anything else is code.
bool IsPlainRepr(std::string_view text) {
  if (text == "Ellipsis" || text == "NotImplemented") return true;
  if (text.starts_with('x')) text.remove_prefix(1);
  if (!text.starts_with("range(") || !text.ends_with(')')) return false;
  text.remove_prefix(std::string_view("range(").size());
  text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == ',' || c == ' ' || c == '-'; });
}

// dill evaluates the second quoted word, so it must be a name.
PickleValue MethodByRepr(PickleState& state, std::string_view method, std::string_view repr, std::string derivation) {
  const std::string start = "<method '" + std::string(method) + "' of '";
  constexpr std::string_view end = "' objects>";
  if (method.empty() || !repr.starts_with(start) || !repr.ends_with(end) || repr.size() <= start.size() + end.size())
    return {};
  const std::string_view type = repr.substr(start.size(), repr.size() - start.size() - end.size());
  const auto is_name = [](std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
  };
  if (!is_name(method) || !is_name(type)) return {};
  return Derive(state, "builtins", std::string(type) + '.' + std::string(method), std::move(derivation));
}

// A method reached through its owner: getattr(os, '__getattribute__')('system'),
// vars(os).get('system'), sys.modules.__getitem__('os').
PickleValue BoundMethod(PickleState& state, const PickleCall& call, const PickleGlobal& global,
                        std::span<const PickleValue> arguments) {
  if (arguments.empty()) return {};
  const auto text = state.machine.Text(arguments[0]);
  if (!text) return {};
  const std::size_t dot = global.name.rfind('.');
  const std::string_view method = std::string_view(global.name).substr(dot == std::string::npos ? 0 : dot + 1);
  const bool attribute = method == "__getattribute__" || method == "__getattr__";
  const bool item = method == "__getitem__" || method == "get" || method == "pop" || method == "setdefault";
  if (!attribute && !item) return {};
  const std::string module = global.module;
  const std::string owner_name = dot == std::string::npos ? "" : global.name.substr(0, dot);
  const std::string wanted(*text);
  const std::string derivation = Derivation(state, call);
  if (item && owner_name.empty() && module != "builtins") return {};
  if (item && !owner_name.ends_with("__dict__") && !(module == "sys" && owner_name == "modules") &&
      !owner_name.ends_with("sys.modules") && !(owner_name.empty() && module == "builtins")) {
    return {};
  }
  const PickleValue owner = Derive(state, module, owner_name, "the owner of " + global.Dotted());
  return attribute ? Attribute(state, owner, wanted, derivation) : Item(state, owner, wanted, derivation);
}

PickleValue FoldGlobal(PickleState& state, const PickleCall& call, GlobalId id,
                       std::span<const PickleValue> arguments) {
  const std::uint16_t flags = FlagsOf(state, id);
  const Way way = static_cast<Way>((flags & 0xFF) - 1);
  const PickleMachine& machine = state.machine;
  if (way == Way::kPure) return FoldPure(state, Plain(state.globals[id]), arguments);
  if (way == Way::kNothing) {
    return (flags & kBound) != 0 ? BoundMethod(state, call, state.globals[id], arguments) : PickleValue();
  }
  if (arguments.empty()) return {};
  const auto first = machine.Text(arguments[0]);
  // A copy, not an optional view: what follows may move the text it stands in.
  std::string key;
  if (arguments.size() > 1) key = machine.Text(arguments[1]).value_or("");
  switch (way) {
    case Way::kGetAttribute: return Attribute(state, arguments[0], key, Derivation(state, call));
    case Way::kGetItem: {
      if (!key.empty() && arguments[0].kind() == PickleKind::kGlobal) {
        return Item(state, arguments[0], key, Derivation(state, call));
      }
      return FoldPure(state, "operator.getitem", arguments);
    }
    case Way::kVars: return Attribute(state, arguments[0], "__dict__", Derivation(state, call));
    case Way::kIdentity: return arguments[0].kind() == PickleKind::kGlobal ? arguments[0] : PickleValue();
    case Way::kImport: {
      if (!first) return {};
      // With a `fromlist` it is the module itself, else its outermost package.
      const auto names = arguments.size() > 3 ? machine.Count(arguments[3]) : 0;
      const std::size_t dot = names != 0 ? std::string_view::npos : first->find('.');
      return Derive(state, std::string(first->substr(0, dot)), "", Derivation(state, call));
    }
    case Way::kImportModule:
      return first ? Derive(state, std::string(*first), "", Derivation(state, call)) : PickleValue();
    case Way::kResolveName: return first ? Resolve(state, std::string(*first), Derivation(state, call)) : PickleValue();
    case Way::kTypeByName:
      return first ? TypeByName(state, std::string(*first), Derivation(state, call)) : PickleValue();
    case Way::kNamedTuple: {
      const auto module = arguments.size() > 2 ? machine.Text(arguments[2]) : std::nullopt;
      if (!first || !module) return {};
      std::string name(*first);
      return Derive(state, std::string(*module), std::move(name), Derivation(state, call));
    }
    case Way::kMethodByRepr: {
      const auto repr = arguments.size() > 2 ? machine.Text(arguments[2]) : std::nullopt;
      if (!repr) return {};
      return MethodByRepr(state, key, std::string(*repr), Derivation(state, call));
    }
    case Way::kLiteral: return first && IsPlainRepr(*first) ? arguments[0] : PickleValue();
    default: return {};
  }
}

}  // namespace

PickleValue FoldCall(PickleState& state, const PickleCall& call) {
  const PickleMachine& machine = state.machine;
  if (call.arguments.kind() != PickleKind::kTuple || !machine.Complete(call.arguments)) return {};
  const auto arguments = machine.Elements(call.arguments);
  const GlobalId id = machine.IdOf(call.callable);
  if (id != kNoGlobal) return FoldGlobal(state, call, id, arguments);

  // A callable that a call made: attrgetter('a.b')(x), itemgetter('k')(d), getattr('', 'join')(l).
  const PickleObject* object = machine.Object(call.callable);
  const PickleGlobal* maker = object != nullptr ? machine.GlobalOf(object->callable) : nullptr;
  if (maker == nullptr || object->arguments.kind() != PickleKind::kTuple) return {};
  const std::string name = Plain(*maker);
  const auto made_of = machine.Elements(object->arguments);
  if (name == "operator.attrgetter" || name == "operator.itemgetter") {
    if (made_of.size() != 1 || arguments.size() != 1) return {};
    const auto text = machine.Text(made_of[0]);
    if (!text) return {};
    const std::string wanted(*text);
    return name == "operator.attrgetter" ? Attribute(state, arguments[0], wanted, Derivation(state, call))
                                         : Item(state, arguments[0], wanted, Derivation(state, call));
  }
  std::vector<PickleValue> with_self;
  std::string_view method;
  if (name == "builtins.getattr" && made_of.size() >= 2) {
    const auto text = machine.Text(made_of[1]);
    if (!text) return {};
    method = *text;
    with_self.push_back(made_of[0]);
    with_self.insert(with_self.end(), arguments.begin(), arguments.end());
  } else if (name == "operator.methodcaller" && !made_of.empty() && arguments.size() == 1) {
    const auto text = machine.Text(made_of[0]);
    if (!text) return {};
    method = *text;
    with_self.push_back(arguments[0]);
    with_self.insert(with_self.end(), made_of.begin() + 1, made_of.end());
  } else {
    return {};
  }
  const PickleKind self = with_self[0].kind();
  if (self != PickleKind::kText && self != PickleKind::kBytes && self != PickleKind::kByteArray) return {};
  const std::string full = (self == PickleKind::kText ? "builtins.str." : "builtins.bytes.") + std::string(method);
  return IsPureFunction(full) ? FoldPure(state, full, with_self) : PickleValue();
}

bool IsRemembered(PickleState& state, PickleValue callable) {
  const GlobalId id = state.machine.IdOf(callable);
  return id != kNoGlobal && (FlagsOf(state, id) & kMaker) != 0;
}

std::optional<PickleIndirect> IndirectCall(PickleState& state, const PickleCall& call) {
  const PickleMachine& machine = state.machine;
  const auto arguments = machine.Elements(call.arguments);
  if (const PickleObject* object = machine.Object(call.callable)) {
    const PickleGlobal* maker = machine.GlobalOf(object->callable);
    const auto made_of = machine.Elements(object->arguments);
    if (maker == nullptr || made_of.empty()) return std::nullopt;
    const std::string name = Plain(*maker);
    if (name == "functools.partial") {
      std::vector<PickleValue> all(made_of.begin() + 1, made_of.end());
      all.insert(all.end(), arguments.begin(), arguments.end());
      return PickleIndirect{made_of[0], state.store.Tuple(all.data(), all.size())};
    }
    if (name == "operator.methodcaller" && arguments.size() == 1) {
      const auto method = machine.Text(made_of[0]);
      if (!method) return std::nullopt;
      const PickleValue target = Attribute(state, arguments[0], std::string(*method), Derivation(state, call));
      if (target == PickleValue()) return std::nullopt;
      return PickleIndirect{target, state.store.Tuple(made_of.data() + 1, made_of.size() - 1)};
    }
    return std::nullopt;
  }
  const PickleGlobal* global = machine.GlobalOf(call.callable);
  if (global == nullptr || (FlagsOf(state, machine.IdOf(call.callable)) & kIndirect) == 0) return std::nullopt;
  if (arguments.empty()) return std::nullopt;
  const std::string name = Plain(*global);
  // x.__call__(...) is x(...).
  if (global->name.ends_with(".__call__")) {
    const std::string owner = global->name.substr(0, global->name.size() - 9);
    return PickleIndirect{Derive(state, global->module, owner, global->Dotted()), call.arguments};
  }
  if (name == "operator.call" || name == "builtins.type.__call__") {
    return PickleIndirect{arguments[0], state.store.Tuple(arguments.data() + 1, arguments.size() - 1)};
  }
  const bool applies = name == "builtins.apply" || name == "functools.reduce" || name == "dill._dill._create_array";
  if (!applies && name != "itertools.starmap" && !IsMapLike(name)) return std::nullopt;
  if (arguments.size() < 2) return std::nullopt;
  if (applies) {
    const auto items = machine.Elements(arguments[1]);
    return PickleIndirect{arguments[0], state.store.Tuple(items.data(), std::min<std::size_t>(items.size(), 16))};
  }
  std::vector<PickleValue> firsts;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto items = machine.Elements(arguments[i]);
    firsts.push_back(items.empty() ? arguments[i] : items[0]);
  }
  if (name == "itertools.starmap" && firsts[0].kind() == PickleKind::kTuple) {
    return PickleIndirect{arguments[0], firsts[0]};
  }
  return PickleIndirect{arguments[0], state.store.Tuple(firsts.data(), firsts.size())};
}

void RebuildPartial(PickleState& state, PickleValue receiver, PickleValue built) {
  const PickleMachine& machine = state.machine;
  auto* node = NodeOf<PickleObjectNode>(receiver);
  const PickleGlobal* maker = machine.GlobalOf(node->object.callable);
  const auto parts = machine.Elements(built);
  if (maker == nullptr || parts.size() < 2 || built.kind() != PickleKind::kTuple) return;
  if (Plain(*maker) != "functools.partial") return;
  std::vector<PickleValue> all{parts[0]};
  const auto arguments = machine.Elements(parts[1]);
  all.insert(all.end(), arguments.begin(), arguments.end());
  node->object.arguments = state.store.Tuple(all.data(), std::min<std::size_t>(all.size(), 16));
}

}  // namespace ringfort::formats
