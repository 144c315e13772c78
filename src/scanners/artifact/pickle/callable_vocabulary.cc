#include "scanners/artifact/pickle/callable_vocabulary.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "scanners/artifact/pickle/python2_names.h"

namespace ringfort::scanners {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// `*` stands for any run of characters. Patterns and names are short, so plain
// backtracking to the last star is enough.
bool Matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// Classes that modules import from elsewhere for their own use and that do harm when made:
// `sklearn.datasets._openml.GzipFile` is a way to open any file. A shape never covers them.
bool IsBorrowedClass(std::string_view name) {
  constexpr std::array<std::string_view, 44> borrowed = {"GzipFile",
                                                         "BZ2File",
                                                         "LZMAFile",
                                                         "ZipFile",
                                                         "TarFile",
                                                         "FileIO",
                                                         "OpenWrapper",
                                                         "TemporaryDirectory",
                                                         "TemporaryFile",
                                                         "NamedTemporaryFile",
                                                         "Popen",
                                                         "Process",
                                                         "Pool",
                                                         "ThreadPool",
                                                         "ThreadPoolExecutor",
                                                         "Thread",
                                                         "Timer",
                                                         "ProcessPoolExecutor",
                                                         "Manager",
                                                         "Memory",
                                                         "Parallel",
                                                         "MemmappingPool",
                                                         "Request",
                                                         "OpenerDirector",
                                                         "Session",
                                                         "HTTPConnection",
                                                         "HTTPSConnection",
                                                         "Server",
                                                         "Client",
                                                         "Unpickler",
                                                         "CDLL",
                                                         "PyDLL",
                                                         "LibraryLoader",
                                                         "FunctionType",
                                                         "CodeType",
                                                         "MethodType",
                                                         "ModuleType",
                                                         "LambdaType",
                                                         "GraphModule",
                                                         "Graph",
                                                         "HDFStore",
                                                         "ExcelFile",
                                                         "TextReader",
                                                         "SourceFileLoader"};
  return std::find(borrowed.begin(), borrowed.end(), name) != borrowed.end();
}

// How a row names what it covers: spelled out, spelled out by somebody who vetted it, or by class shape.
enum class Spelling { kListed, kVetted, kShape };

// A vetted wildcard stands for names of one module: it covers no walk to another,
// unless it spells the step (`str.*`) or stands alone.
bool MatchesVetted(std::string_view pattern, std::string_view name) {
  const bool walk = name.find('.') != std::string_view::npos && pattern.find('.') == std::string_view::npos;
  return (!walk || pattern == "*") && Matches(pattern, name);
}

bool Covers(std::string_view names, std::string_view name, Spelling spelling) {
  while (!names.empty()) {
    const std::size_t blank = names.find(' ');
    const std::string_view pattern = names.substr(0, blank);
    names = blank == std::string_view::npos ? std::string_view{} : names.substr(blank + 1);
    if (pattern.empty()) continue;
    if (pattern == "@") {
      if (spelling == Spelling::kShape && HasClassShape(name) && !IsBorrowedClass(name)) return true;
    } else if (spelling == Spelling::kListed && Matches(pattern, name)) {
      return true;
    } else if (spelling == Spelling::kVetted && MatchesVetted(pattern, name)) {
      return true;
    }
  }
  return false;
}

// Rows by module. A row for `torch.nn.*` is kept under `torch.nn` and counts for
// all modules below it.
template <class Row>
class Index {
 public:
  explicit Index(std::span<const Row> rows) {
    for (const Row& row : rows) {
      std::string_view module = row.module;
      const bool below = module.ends_with(".*");
      if (below) module.remove_suffix(2);
      rows_[module].push_back({&row, below});
    }
  }

  // The first row that covers the name, the nearest module first.
  const Row* Find(std::string_view module, std::string_view name, Spelling spelling) const {
    std::string_view at = module;
    while (true) {
      if (const auto found = rows_.find(at); found != rows_.end())
        for (const Entry& entry : found->second)
          if ((entry.below || at.size() == module.size()) && Covers(entry.row->names, name, spelling)) return entry.row;
      const std::size_t dot = at.rfind('.');
      if (dot == std::string_view::npos) return nullptr;
      at = at.substr(0, dot);
    }
  }

 private:
  struct Entry {
    const Row* row;
    bool below;
  };
  std::unordered_map<std::string_view, std::vector<Entry>> rows_;
};

const Index<SafeRow>& SafeIndex() {
  static const Index<SafeRow> index{SafeCallables()};
  return index;
}
const Index<DangerousRow>& DangerousIndex() {
  static const Index<DangerousRow> index{DangerousCallables()};
  return index;
}

// Modules that ordinary modules carry as attributes, so that `logging.os` or
// `random._os` is a way to them. Short words that are common attribute names (`code`, `trace`, `select`)
// are left out here; followed by a dangerous name of theirs they are still found.
constexpr std::array<std::string_view, 24> kCarriedModules = {
    "os",           "posix",   "nt",      "sys",     "subprocess", "importlib", "builtins",  "__builtin__",
    "__builtins__", "pickle",  "_pickle", "marshal", "ctypes",     "socket",    "shutil",    "runpy",
    "pty",          "pkgutil", "pydoc",   "asyncio", "webbrowser", "urllib",    "linecache", "multiprocessing"};

bool IsCarriedModule(std::string_view name) {
  if (std::find(kCarriedModules.begin(), kCarriedModules.end(), name) != kCarriedModules.end()) return true;
  // `import os as _os` is the custom of the standard library.
  return name.size() > 1 && name.front() == '_' && name != "_pickle" &&
         std::find(kCarriedModules.begin(), kCarriedModules.end(), name.substr(1)) != kCarriedModules.end();
}

// Modules whose import does nothing and of which a file may say that it was made with them.
bool IsPlainModule(std::string_view name) {
  constexpr std::array<std::string_view, 6> modules = {"_codecs", "math", "cmath", "itertools", "collections", "numpy"};
  return std::find(modules.begin(), modules.end(), name) != modules.end();
}

// Attributes that lead from any value to the interpreter's insides.
bool IsInside(std::string_view component) {
  if (!component.starts_with("__") || !component.ends_with("__") || component.size() < 5) {
    return component == "gi_frame" || component == "f_globals" || component == "f_builtins" ||
           component == "f_locals" || component == "func_globals" || component == "func_code" ||
           component == "co_code" || component == "tb_frame" || component == "cr_frame";
  }
  constexpr std::array<std::string_view, 6> harmless = {"__name__",     "__doc__", "__version__",
                                                        "__qualname__", "__len__", "__newobj__"};
  return std::find(harmless.begin(), harmless.end(), component) == harmless.end();
}

Judgment Dangerous(Danger danger) { return {Standing::kDangerous, danger, Constraint::kNone}; }

const DangerousRow* FindDangerous(std::string_view module, std::string_view name) {
  return DangerousIndex().Find(module, name, Spelling::kListed);
}

// A dotted name is a walk: every stretch of it may be a module that another
// module carries, and what follows a name in that module.
Judgment JudgeWalk(std::string_view module, std::string_view name) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i < name.size() && starts.size() < 64; ++i)
    if (name[i] == '.') starts.push_back(i + 1);
  const auto component_end = [&](std::size_t i) { return i + 1 < starts.size() ? starts[i + 1] - 1 : name.size(); };

  // From the end: os.path.os.system is os.system, not something of os.
  for (std::size_t from = starts.size(); from-- > 0;) {
    for (std::size_t to = from; to + 1 < starts.size(); ++to) {
      std::string_view stretch = name.substr(starts[from], component_end(to) - starts[from]);
      const std::string_view rest = name.substr(starts[to + 1]);
      if (stretch.starts_with('_') && stretch != "__builtins__" && IsCarriedModule(stretch)) stretch.remove_prefix(1);
      const DangerousRow* row = FindDangerous(stretch, rest);
      // An innocent class may have an attribute that is called like a module; only a private module, one that
      // others carry, a path of several steps, or a name that is listed, counts.
      const bool path = stretch.find('.') != std::string_view::npos || stretch.starts_with('_');
      if (row != nullptr && (path || IsCarriedModule(stretch) || row->names != "*")) return Dangerous(row->danger);
    }
  }
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::string_view component = name.substr(starts[i], component_end(i) - starts[i]);
    if (IsCarriedModule(component) || IsInside(component)) return Dangerous(Danger::kIndirection);
  }
  // The module of the walk's first steps: numpy + testing._private.utils.runstring.
  std::string longer{module};
  for (std::size_t to = 0; to + 1 < starts.size(); ++to) {
    longer += '.';
    const std::string_view component = name.substr(starts[to], component_end(to) - starts[to]);
    if (HasClassShape(component)) break;  // no module: what follows are members
    longer += component;
    if (const DangerousRow* row = FindDangerous(longer, name.substr(starts[to + 1]))) return Dangerous(row->danger);
  }
  return {};
}

constexpr std::size_t kLongestModule = 256;
constexpr std::size_t kLongestWalk = 512;
constexpr int kMostSteps = 24;

// The last steps of a dotted name that is too long to be looked at whole.
std::string_view Tail(std::string_view name) {
  int steps = 0;
  for (std::size_t i = name.size(); i > 0; --i) {
    if (name.size() - i >= kLongestWalk) return name.substr(i);
    if (name[i - 1] == '.' && ++steps >= kMostSteps) return name.substr(i);
  }
  return name;
}

}  // namespace

std::string_view Describe(Danger danger) {
  switch (danger) {
    case Danger::kNone: return "does nothing known";
    case Danger::kCommand: return "starts a program";
    case Danger::kCode: return "runs code";
    case Danger::kImport: return "imports or runs a module of the file's choice";
    case Danger::kNetwork: return "talks to another machine";
    case Danger::kFileWrite: return "opens, writes or removes files";
    case Danger::kFileRead: return "reads files or lists folders";
    case Danger::kEnvironment: return "changes or exposes the interpreter and its environment";
    case Danger::kLoader: return "loads another object, which may run code";
    case Danger::kProcess: return "touches memory, processes or threads";
    case Danger::kIndirection: return "reaches other names without spelling them";
    case Danger::kCodeObject: return "rebuilds functions or classes from code inside the file";
  }
  return "";
}

Severity SeverityOfCall(Danger danger) {
  switch (danger) {
    case Danger::kNone: return Severity::kMedium;
    case Danger::kFileRead:
    case Danger::kCodeObject: return Severity::kHigh;
    default: return Severity::kCritical;
  }
}

bool HasClassShape(std::string_view name) {
  while (!name.empty() && name.front() == '_') name.remove_prefix(1);
  if (name.empty() || !IsUpper(name.front())) return false;
  bool small = name.size() == 1;
  for (const char c : name) {
    if (!IsUpper(c) && !IsLower(c) && !IsDigit(c) && c != '_') return false;
    small = small || IsLower(c);
  }
  // SVC, LSTM, HDBSCAN: short names in capitals are classes as well.
  return small || (name.size() <= 12 && name.find('_') == std::string_view::npos);
}

namespace {

// `C.__new__`, as protocols 2 and 3 spell NEWOBJ_EX: no more than C itself, made of the class that comes first.
std::optional<Judgment> JudgeMaker(std::string_view module, std::string_view name) {
  constexpr std::string_view maker = ".__new__";
  if (!name.ends_with(maker)) return std::nullopt;
  const Judgment owner = Judge(module, name.substr(0, name.size() - maker.size()));
  if (owner.standing == Standing::kUnknown) return Judgment{};
  if (owner.standing == Standing::kSafe && (owner.constraint == Constraint::kNone || BoundsCost(owner.constraint)))
    return Judgment{Standing::kSafe, Danger::kNone, Constraint::kConstructs};
  return std::nullopt;
}

}  // namespace

Judgment Judge(std::string_view module, std::string_view name) {
  // Nothing honest is that long; a walk through `path.os.path.os...` might be.
  // Its end decides, and the cost of looking stays bounded.
  if (module.size() > kLongestModule) return name.size() > kLongestModule ? Judgment{} : JudgeWalk({}, name);
  if (const std::string_view tail = Tail(name); tail.size() < name.size()) return JudgeWalk({}, tail);
  // What Python 3 has no name for keeps its old one.
  if (const auto modern = ModernName(module, name)) {
    if (const Judgment judgment = Judge(modern->module, modern->name); judgment.standing != Standing::kUnknown)
      return judgment;
  }
  if (const auto maker = JudgeMaker(module, name)) return *maker;
  if (const SafeRow* row = SafeIndex().Find(module, name, Spelling::kVetted)) {
    // A listed wildcard (`str.*`) must not cover a walk into the interpreter.
    if (name.find('.') != std::string_view::npos) {
      const Judgment walk = JudgeWalk(module, name);
      if (walk.standing == Standing::kDangerous) return walk;
    }
    return {Standing::kSafe, Danger::kNone, row->constraint};
  }
  if (const DangerousRow* row = FindDangerous(module, name)) return Dangerous(row->danger);
  if (name.empty()) {
    if (IsCarriedModule(module)) return Dangerous(Danger::kIndirection);
    return IsPlainModule(module) ? Judgment{Standing::kSafe, Danger::kNone, Constraint::kReferenceOnly} : Judgment{};
  }

  const Judgment walk = JudgeWalk(module, name);
  if (walk.standing == Standing::kDangerous) return walk;
  if (const SafeRow* row = SafeIndex().Find(module, name, Spelling::kShape))
    return {Standing::kSafe, Danger::kNone, row->constraint};

  // A method or member of a safe class: harmless to mention.
  if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos) {
    const Judgment owner = Judge(module, name.substr(0, dot));
    const bool plain = owner.constraint == Constraint::kNone || owner.constraint == Constraint::kReferenceOnly ||
                       owner.constraint == Constraint::kMember || owner.constraint == Constraint::kNoFile ||
                       owner.constraint == Constraint::kOneArgument || owner.constraint == Constraint::kNewOnly ||
                       BoundsCost(owner.constraint);
    if (owner.standing == Standing::kSafe && plain) return {Standing::kSafe, Danger::kNone, Constraint::kMember};
  }

  // `torch._utils` + `torch.channels_last`: a package that carries itself.
  const std::string_view top = module.substr(0, module.find('.'));
  if (name.size() > top.size() + 1 && name.starts_with(top) && name[top.size()] == '.') {
    const std::size_t last = name.rfind('.');
    return Judge(name.substr(0, last), name.substr(last + 1));
  }
  return {};
}

bool ImportHasEffect(std::string_view module) {
  constexpr std::array<std::string_view, 10> modules = {
      "antigravity",         "this",          "idlelib.idle", "__hello__", "__phello__",
      "turtledemo.__main__", "test.__main__", "pip.__main__", "site",      "ensurepip.__main__"};
  return std::find(modules.begin(), modules.end(), module) != modules.end() || module.ends_with(".__main__");
}

bool IsTellingName(std::string_view name) {
  // Words that honest model code has as well (`os`, `eval`, `remove`, `compile`)
  // are not among them: torch's model.eval() would raise the alarm.
  constexpr std::array<std::string_view, 26> names = {
      "system",     "popen",      "Popen",        "exec",   "execfile", "__import__", "subprocess", "check_output",
      "check_call", "getoutput",  "posix",        "pty",    "socket",   "urlopen",    "ctypes",     "CDLL",
      "runpy",      "marshal",    "__builtins__", "rmtree", "execv",    "execve",     "execvp",     "create_connection",
      "webbrowser", "posix_spawn"};
  while (true) {
    const std::size_t dot = name.find('.');
    if (std::find(names.begin(), names.end(), name.substr(0, dot)) != names.end()) return true;
    if (dot == std::string_view::npos) return false;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace ringfort::scanners
