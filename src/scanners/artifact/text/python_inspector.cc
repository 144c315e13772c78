#include "scanners/artifact/text/python_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/text.h"
#include "formats/text/hidden_characters.h"
#include "formats/text/python_source.h"
#include "formats/text/text_kind.h"
#include "scanners/artifact/text/python_sinks.h"
#include "scanners/artifact/text/secret_patterns.h"
#include "scanners/artifact/text/shell_command.h"

namespace ringfort::scanners {
namespace {

using formats::PythonFacts;

constexpr std::size_t kMostInner = std::size_t{8} << 20;  // bytes of code in texts
constexpr std::size_t kMostFetched = 64;

constexpr std::string_view kExecutionThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-78"};
constexpr std::string_view kDynamicThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-95"};
constexpr std::string_view kPayloadThreats[] = {"supply_chain.hidden_payload", "supply_chain.code_execution",
                                                "AML.T0018.002", "CWE-506"};
constexpr std::string_view kRemoteThreats[] = {"supply_chain.remote_code", "AML.T0011.000", "CWE-494"};
constexpr std::string_view kLeakThreats[] = {"data_leak.exfiltration", "AML.T0025", "CWE-200"};
constexpr std::string_view kPickleThreats[] = {"supply_chain.unsafe_deserialization", "AML.T0011.000", "CWE-502"};
constexpr std::string_view kHiddenThreats[] = {"supply_chain.hidden_payload", "AML.T0074", "CWE-451"};

constexpr std::string_view kRefuse = "Do not run it; ask the publisher what it is for.";
constexpr std::string_view kRead = "Read the code at this place before you run it.";

constexpr std::array kCards = {
    RuleCard{"RF-PYS-001", "source_runs_command", Severity::kMedium, "The source starts a process",
             "Code that comes with a model runs with the rights of whoever loads the model; a command can do all that "
             "they can.",
             kRead, kExecutionThreats},
    RuleCard{"RF-PYS-002", "source_runs_decoded_code", Severity::kCritical,
             "The source decodes and executes hidden code",
             "Code that is stored encoded and executed after decoding hides what it does from every reader.", kRefuse,
             kPayloadThreats},
    RuleCard{"RF-PYS-003", "source_runs_downloaded_code", Severity::kCritical, "The source downloads and executes code",
             "What runs is whatever the other side chooses to send at that moment.", kRefuse, kRemoteThreats},
    RuleCard{"RF-PYS-004", "source_disguises_call", Severity::kCritical,
             "The source disguises a call that starts a process",
             "Honest code names what it calls; reaching it through getattr, __import__ or assembled names serves to "
             "evade review.",
             kRefuse, kPayloadThreats},
    RuleCard{"RF-PYS-005", "source_opens_reverse_shell", Severity::kCritical,
             "The source opens a shell to another machine",
             "A socket whose ends become the input and output of a shell gives somebody else the machine.", kRefuse,
             kExecutionThreats},
    RuleCard{"RF-PYS-006", "source_executes_text", Severity::kMedium, "The source executes text as code",
             "Text that is put together at run time and executed can be anything.", kRead, kDynamicThreats},
    RuleCard{"RF-PYS-007", "source_sends_credentials", Severity::kHigh,
             "The source reads credentials and talks to the network",
             "Keys, tokens and environment variables may leave the machine this way.", kRefuse, kLeakThreats},
    RuleCard{"RF-PYS-008", "source_plants_itself", Severity::kHigh,
             "The source writes where things start by themselves",
             "A change to shell profiles, cron tables or SSH keys stays after the model is gone.", kRefuse,
             kExecutionThreats},
    RuleCard{"RF-PYS-009", "source_opens_connection", Severity::kMedium, "The source opens a network connection",
             "Modelling code has no reason to talk to raw sockets.", kRead, kRemoteThreats},
    RuleCard{"RF-PYS-010", "source_calls_native_code", Severity::kMedium, "The source calls native code",
             "Through ctypes a script does things that no reader of Python sees.", kRead, kExecutionThreats},
    RuleCard{"RF-PYS-011", "source_unpickles", Severity::kLow, "The source loads pickles",
             "Whatever file it loads can run code.", "Load with weights_only=True or from safetensors.",
             kPickleThreats},
    RuleCard{"RF-PYS-012", "source_walks_internals", Severity::kHigh, "The source walks through Python's internals",
             "__subclasses__, __globals__ and __builtins__ are ways to reach functions without naming them.", kRead,
             kPayloadThreats},
    RuleCard{"RF-PYS-013", "source_hooks_installation", Severity::kHigh, "The setup script acts when it is installed",
             "A command hooked into the installation runs before anybody has used the package.", kRefuse,
             kExecutionThreats},
    RuleCard{"RF-PYS-014", "source_hides_characters", Severity::kMedium,
             "The source holds direction-changing or invisible characters",
             "What a reviewer sees is then not what Python executes.", "Look at the bytes at this place.",
             kHiddenThreats},
    RuleCard{"RF-PYS-015", "source_trusts_remote_code", Severity::kLow, "The source switches remote code on",
             "It loads other repositories with the permission to run their code.",
             "Check which repositories it loads and pin their revisions.", kRemoteThreats},
    RuleCard{"RF-PYS-016", "source_imports_by_computed_name", Severity::kLow,
             "The source imports a module by a computed name", "Which module is imported is decided at run time.",
             kRead, kDynamicThreats},
    RuleCard{"RF-PYS-017", "source_builds_pickle_payload", Severity::kHigh,
             "The source defines objects that run code when they are unpickled",
             "A __reduce__ that returns a command or exec is how pickle attacks are written.", kRefuse, kPickleThreats},
};
enum Rule : std::size_t {
  kCommand,
  kDecodedCode,
  kDownloadedCode,
  kDisguise,
  kReverseShell,
  kText,
  kCredentials,
  kPlants,
  kConnection,
  kNative,
  kUnpickles,
  kInternals,
  kSetupHook,
  kHiddenText,
  kTrusts,
  kComputedImport,
  kReduces
};

bool Has(std::string_view text, std::string_view what) { return text.find(what) != std::string_view::npos; }

std::string Shown(const PythonFacts::Call& call) {
  std::string shown = call.path + "(";
  for (const PythonFacts::Argument& argument : call.arguments) {
    if (&argument != &call.arguments.front()) shown += ", ";
    if (!argument.keyword.empty()) shown += argument.keyword + "=";
    if (argument.text)
      shown += fmt::format("'{}'", argument.text->substr(0, 200));
    else
      shown += argument.path.empty() ? "..." : argument.path;
    if (shown.size() > 600) break;
  }
  shown += ")";
  if (call.assembled) shown += " (its name is assembled)";
  return shown;
}

class Judge {
 public:
  // `inner_left`: how many bytes of code in texts may still be read.
  Judge(const PythonFacts& facts, const Content& content, Inspection& inspection, int depth, std::size_t& inner_left)
      : facts_(facts), content_(content), inspection_(inspection), depth_(depth), inner_left_(inner_left) {}

  void Run() {
    for (const PythonFacts::Call& call : facts_.calls) JudgeCall(call);
    for (const PythonFacts::Access& access : facts_.accesses) {
      // `Base.__subclasses__()` is how honest registries find their members; a way
      // to `object` by an instance's class is not.
      const bool climbs = Has(access.path, "__class__") || Has(access.path, "__base__") ||
                          Has(access.path, "__mro__") || access.path.starts_with("object.") ||
                          access.path.starts_with("?");
      if ((Has(access.path, "__subclasses__") && climbs) ||
          (Has(access.path, "__globals__") &&
           (climbs || Has(access.path, "__init__.") || access.path.starts_with("<lambda>"))))
        Raise(kInternals, kCards[kInternals].severity, access.offset, access.path);
      else if (access.path.ends_with("__builtins__") && access.path != "__builtins__")
        Raise(kInternals, kCards[kInternals].severity, access.offset, access.path);
    }
    Together();
    if (depth_ < 3)
      for (const std::string& text : facts_.decoded) Decoded(text);
  }

 private:
  void Raise(Rule rule, Severity severity, std::uint64_t offset, std::string_view evidence) {
    // Offsets inside decoded text mean nothing to a reader of the file.
    inspection_.Raise(kCards[rule], severity, depth_ == 0 ? offset : kNoOffset,
                      depth_ == 0 ? std::string(evidence) : fmt::format("in decoded text: {}", evidence));
  }
  void Raise(Rule rule, std::uint64_t offset, std::string_view evidence) {
    Raise(rule, kCards[rule].severity, offset, evidence);
  }

  void Decoded(const std::string& text) {
    const ByteView bytes = AsBytes(text);
    if (text.size() > 8 && text[0] == '\x80' && text[1] >= 2 && text[1] <= 5) {
      inspection_.Descend({"decoded constant", bytes, nullptr, Role::kPickle}, kNoOffset);
      return;
    }
    if (!IsValidUtf8(text)) return;
    if (IntentOfShell(text) == ShellIntent::kAttack) Raise(kDecodedCode, 0, text);
    Nested(text);
  }

  void JudgeCall(const PythonFacts::Call& call) {
    const std::string_view path = call.path;
    std::uint32_t origin = call.origin;
    for (const PythonFacts::Argument& argument : call.arguments) origin |= argument.origin;
    const PythonFacts::Argument* first = call.arguments.empty() ? nullptr : &call.arguments.front();

    if (call.reduced) {
      if (StartsProcess(path) || ExecutesCode(path) || path == "__import__" || path == "compile")
        Raise(kReduces, call.offset, Shown(call));
      return;
    }
    if (path.starts_with("get_ipython().")) Notebook(call);
    if (StartsProcess(path)) Process(call);
    for (const PythonFacts::Argument& argument : call.arguments) {
      if (!StartsProcess(argument.path) && argument.path != "eval" && argument.path != "exec") continue;
      if (path == "isinstance" || path == "getattr" || path == "hasattr") continue;
      PythonFacts::Call passed = call;
      passed.path = argument.path;
      if (argument.path.size() > 4)
        Process(passed);
      else if (!first->text || first->partial)
        Raise(kText, call.offset, Shown(call));
    }
    if (first != nullptr && RunsText(path) && first->text && !first->partial) Nested(*first->text);
    if (ExecutesCode(path) && first != nullptr) Executes(call, origin);
    if ((path == "compile" && first != nullptr && (origin & PythonFacts::kDecoded) != 0) ||
        (path == "marshal.loads" && first != nullptr && (first->origin & PythonFacts::kDecoded) != 0))
      Raise(kDecodedCode, Severity::kHigh, call.offset, Shown(call));
    Network(call, origin);
    if (Has(path, "ctypes.")) Native(call);
    Deserializes(call, origin);
    Imports(call);
    Writes(call, origin);
    for (const PythonFacts::Argument& argument : call.arguments) {
      if (argument.keyword == "trust_remote_code" && argument.path == "True") Raise(kTrusts, call.offset, Shown(call));
      if (argument.keyword == "cmdclass" && (path == "setup" || path.ends_with(".setup"))) hook_at_ = call.offset;
    }
  }

  // `!command` as notebooks spell it when they are exported to Python.
  void Notebook(const PythonFacts::Call& call) {
    for (const PythonFacts::Argument& argument : call.arguments)
      if (argument.text && IntentOfShell(*argument.text) == ShellIntent::kAttack)
        Raise(kCommand, Severity::kCritical, call.offset, Shown(call));
  }

  void Network(const PythonFacts::Call& call, std::uint32_t origin) {
    const std::string_view path = call.path;
    const PythonFacts::Argument* const first = call.arguments.empty() ? nullptr : &call.arguments.front();
    if (path == "socket.socket" || path == "socket.create_connection" || path == "socket.socketpair") socket_ = true;
    if (path == "os.dup2") duplicates_ = true;
    if (path.ends_with(".connect") && (path.starts_with("socket.") || socket_) && first != nullptr && first->list)
      Raise(kConnection, call.offset, Shown(call));
    if (path == "socket.create_connection") Raise(kConnection, call.offset, Shown(call));
    const bool numeric = std::any_of(call.arguments.begin(), call.arguments.end(), [](const auto& argument) {
      return argument.text && NamesPublicAddress(*argument.text);
    });
    if (Sends(path)) {
      sends_ = true;
      send_at_ = call.offset;
      if ((origin & PythonFacts::kEnvironment) != 0) Raise(kCredentials, call.offset, Shown(call));
      // A token goes to the service that it is for by name, not by number.
      if ((origin & PythonFacts::kSecret) != 0 && numeric) Raise(kCredentials, call.offset, Shown(call));
    }
    const bool looks_up = path == "socket.gethostbyname" || path == "socket.getaddrinfo";
    if (looks_up && (origin & (PythonFacts::kSecret | PythonFacts::kEnvironment)) != 0)
      Raise(kCredentials, call.offset, Shown(call));
    if (numeric && (Sends(path) || path.ends_with("urlretrieve")) && first->text && !first->list)
      Raise(kConnection, call.offset, Shown(call));
    if ((origin & PythonFacts::kEnvironment) != 0 &&
        (path == "dict" || path == "json.dumps" || path == "str" || path == "repr" || path == "os.environ.items" ||
         path == "pickle.dumps"))
      reads_ = "os.environ";
    if (path == "urllib.request.urlretrieve" || path == "urllib.urlretrieve" || path == "wget.download") {
      downloads_ = true;
      if (call.arguments.size() > 1 && call.arguments[1].text) Fetched(*call.arguments[1].text);
    }
  }

  void Native(const PythonFacts::Call& call) {
    const std::string_view path = call.path;
    const bool runs_memory =
        Has(path, "CFUNCTYPE()") && std::any_of(call.arguments.begin(), call.arguments.end(), [](const auto& argument) {
          return Has(argument.path, "addressof") || Has(argument.path, "VirtualAlloc") || Has(argument.path, "mmap");
        });
    if (runs_memory || Has(path, "VirtualAlloc") || Has(path, "RtlMoveMemory") || Has(path, "CreateThread") ||
        Has(path, "mprotect") || Has(path, "WriteProcessMemory") || path.ends_with("().system") ||
        path.ends_with("().popen") || path.ends_with("().execve") || path.ends_with("().WinExec"))
      Raise(kNative, Severity::kCritical, call.offset, Shown(call));
    else if (path.ends_with("CDLL") || path.ends_with("WinDLL") || path.ends_with("LoadLibrary"))
      Raise(kNative, call.offset, Shown(call));
  }

  // The pickle itself stands in the source. Constants are kept up to a length; what is cut cannot be judged.
  void Unpickle(const PythonFacts::Call& call) {
    constexpr std::size_t kLongestKept = 4096;
    if (call.arguments.empty() || !call.arguments[0].text || call.arguments[0].partial) return;
    const std::string& text = *call.arguments[0].text;
    if (text.size() >= kLongestKept) return Raise(kUnpickles, Severity::kMedium, call.offset, Shown(call));
    inspection_.Descend({"unpickled constant", AsBytes(text), nullptr, Role::kPickle}, kNoOffset);
  }

  // Loading what lies in the repository is what modelling code does, so it is a
  // remark; loading what was just decoded or downloaded is not.
  void Deserializes(const PythonFacts::Call& call, std::uint32_t origin) {
    const std::string_view path = call.path;
    const auto says = [&](std::string_view keyword, std::string_view value) {
      return std::any_of(call.arguments.begin(), call.arguments.end(), [&](const PythonFacts::Argument& argument) {
        return argument.keyword == keyword && argument.path == value;
      });
    };
    const auto names = [&](std::string_view keyword) {
      return std::any_of(call.arguments.begin(), call.arguments.end(),
                         [&](const PythonFacts::Argument& argument) { return argument.keyword == keyword; });
    };
    bool unsafe = Unpickles(path);
    bool disarmed = false;
    if (path == "torch.load") {
      disarmed = says("weights_only", "False");
      unsafe = disarmed || !names("weights_only");
    } else if (path == "numpy.load") {
      unsafe = disarmed = says("allow_pickle", "True");
    } else if (path == "yaml.unsafe_load" || path == "yaml.unsafe_load_all") {
      unsafe = disarmed = true;
    } else if (path == "yaml.load" || path == "yaml.load_all") {
      disarmed = std::any_of(call.arguments.begin(), call.arguments.end(), [](const auto& argument) {
        return argument.path == "yaml.UnsafeLoader" || argument.path == "yaml.Loader";
      });
      unsafe = disarmed || call.arguments.size() == 1;
      if (!call.arguments.empty() && call.arguments[0].text && Has(*call.arguments[0].text, "!!python/"))
        Raise(kUnpickles, Severity::kHigh, call.offset, Shown(call));
    }
    if (!unsafe) return;
    if (path.ends_with(".loads")) Unpickle(call);
    const std::uint32_t foreign = PythonFacts::kDecoded | PythonFacts::kDownloaded;
    if ((origin & foreign) != 0)
      Raise(kUnpickles, Severity::kHigh, call.offset, Shown(call));
    else if (disarmed && (origin & PythonFacts::kFromHub) != 0)
      Raise(kUnpickles, Severity::kMedium, call.offset, Shown(call));
    else
      Raise(kUnpickles, call.offset, Shown(call));
  }

  void Imports(const PythonFacts::Call& call) {
    const std::string_view path = call.path;
    const PythonFacts::Argument* const first = call.arguments.empty() ? nullptr : &call.arguments.front();
    if ((path == "__import__" || path == "importlib.import_module") && first != nullptr && !first->text)
      Raise(kComputedImport, call.offset, Shown(call));
    if (path == "__import__" && first != nullptr && first->text && call.arguments.size() == 1 &&
        IsSystemModule(*first->text))
      Raise(kInternals, Severity::kMedium, call.offset, Shown(call));
    if (path == "getattr" && call.arguments.size() >= 2 && !call.arguments[1].text &&
        (first->path == "os" || first->path == "subprocess" || first->path == "builtins" ||
         first->path == "__builtins__"))
      Raise(kInternals, call.offset, Shown(call));
    if (path.starts_with("sys.meta_path.") || path.starts_with("sys.path_hooks."))
      Raise(kInternals, Severity::kMedium, call.offset, Shown(call));
  }

  void Writes(const PythonFacts::Call& call, std::uint32_t origin) {
    const std::string_view path = call.path;
    if (path == "open" || path.ends_with(".write_text") || path.ends_with("shutil.copy")) {
      for (const PythonFacts::Argument& argument : call.arguments)
        if (&argument != &call.arguments.front() && argument.text &&
            (argument.text->starts_with('w') || argument.text->starts_with('a') || argument.text->starts_with('x')))
          writes_ = true;
      if (path != "open") writes_ = true;
      if (path == "open" && !call.arguments.empty() && call.arguments[0].text) opened_ = *call.arguments[0].text;
    }
    // The file that was opened last is the one that is written, in all but contrived code.
    if (path.ends_with(".write") && (origin & (PythonFacts::kDownloaded | PythonFacts::kDecoded)) != 0 &&
        !opened_.empty())
      Fetched(opened_);
  }

  void Fetched(const std::string& file) {
    if (file.size() > 2 && fetched_.size() < kMostFetched) fetched_.insert(file);
  }

  void Executes(const PythonFacts::Call& call, std::uint32_t origin) {
    const PythonFacts::Argument& first = call.arguments.front();
    executes_ = true;
    if ((origin & (PythonFacts::kDecoded | PythonFacts::kMarshalled)) != 0) {
      Raise(kDecodedCode, call.offset, Shown(call));
    } else if ((origin & PythonFacts::kDownloaded) != 0) {
      Raise(kDownloadedCode, call.offset, Shown(call));
    } else if (call.path == "runpy.run_path" && first.text && first.text->ends_with(".py")) {
      Raise(kText, Severity::kLow, call.offset, Shown(call));
    } else if ((!first.text || first.partial || !RunsText(call.path)) && !call.path.starts_with("types.")) {
      Raise(kText, call.indirect && call.assembled ? Severity::kHigh : Severity::kMedium, call.offset, Shown(call));
    }
    if (call.assembled) Raise(kDisguise, call.offset, Shown(call));
  }

  void Process(const PythonFacts::Call& call) {
    processes_ = true;
    ShellIntent worst = ShellIntent::kOther;
    bool decoded = false;
    bool downloaded = false;
    for (const PythonFacts::Argument& argument : call.arguments) {
      if (argument.text) worst = std::max(worst, IntentOfShell(*argument.text));
      decoded |= (argument.origin & PythonFacts::kDecoded) != 0;
      downloaded |= (argument.origin & PythonFacts::kDownloaded) != 0;
      if (argument.text && !StartupPlaceIn(*argument.text).empty() &&
          (Has(*argument.text, ">") || Has(*argument.text, "crontab -") || Has(*argument.text, "tee ")))
        Raise(kPlants, call.offset, Shown(call));
    }
    const bool fetched = std::any_of(call.arguments.begin(), call.arguments.end(), [&](const auto& argument) {
      return argument.text && std::any_of(fetched_.begin(), fetched_.end(), [&](const std::string& file) {
               return argument.text->find(file) != std::string::npos;
             });
    });
    if (fetched) Raise(kDownloadedCode, call.offset, Shown(call));
    if (worst == ShellIntent::kAttack) {
      Raise(kCommand, Severity::kCritical, call.offset, Shown(call));
    } else if (decoded) {
      Raise(kDecodedCode, call.offset, Shown(call));
    } else if (downloaded) {
      Raise(kDownloadedCode, call.offset, Shown(call));
    } else if (call.indirect || call.assembled) {
      Raise(kDisguise, call.offset, Shown(call));
    } else {
      const bool graver = worst == ShellIntent::kDownload || content_.role == Role::kPythonSource;
      Raise(kCommand, graver ? Severity::kHigh : Severity::kMedium, call.offset, Shown(call));
    }
  }

  // Constant text that is executed: judged as what it is.
  void Nested(const std::string& text) {
    if (depth_ >= 3) return;
    if (text.size() > inner_left_) {
      inspection_.Skip("code in texts", {Fault::kLimitExceeded, "more code in texts than the limit allows", kNoOffset});
      return;
    }
    inner_left_ -= text.size();
    const PythonFacts facts = formats::ReadPython(text);
    if (!facts.calls.empty()) Judge(facts, content_, inspection_, depth_ + 1, inner_left_).Run();
  }

  // What only means something together.
  void Together() {
    if (socket_ && duplicates_ && processes_) Raise(kReverseShell, 0, "socket, dup2 and a process in one file");
    if (hook_at_ != kNoOffset && (processes_ || sends_ || executes_))
      Raise(kSetupHook, hook_at_, "cmdclass in setup(), and a process, a connection or executed text in the file");
    std::string_view read = reads_, plant;
    for (const PythonFacts::Constant& constant : facts_.constants) {
      if (constant.text.size() > 300) continue;  // documentation
      if (read.empty()) read = CredentialPlaceIn(constant.text);
      if (plant.empty() && StartupPlaceIn(constant.text) != "" && constant.text.find(' ') == std::string::npos) {
        plant = constant.text;
        plant_at_ = constant.offset;
      }
    }
    if (!read.empty() && sends_) Raise(kCredentials, send_at_, fmt::format("reads {} and sends to the network", read));
    if (!plant.empty() && writes_) Raise(kPlants, plant_at_, plant);
    if (downloads_ && processes_) Raise(kDownloadedCode, Severity::kHigh, 0, "downloads a file and starts a process");
  }

  const PythonFacts& facts_;
  const Content& content_;
  Inspection& inspection_;
  const int depth_;
  std::size_t& inner_left_;
  bool socket_ = false, duplicates_ = false, processes_ = false, sends_ = false, writes_ = false, executes_ = false,
       downloads_ = false;
  std::set<std::string> fetched_;  // files written with what was downloaded or decoded
  std::string opened_;
  std::string_view reads_;
  std::uint64_t send_at_ = kNoOffset, hook_at_ = kNoOffset, plant_at_ = kNoOffset;
};

}  // namespace

void InspectPythonSource(const Content& content, Inspection& inspection) {
  const std::string_view source = AsText(content.bytes);
  const PythonFacts facts = formats::ReadPython(source);
  // A text that only looked like Python need not be whole.
  const bool is_python = content.role == Role::kPythonSource || content.name.ends_with(".py");
  if (facts.damage && (is_python || facts.damage->fault == Fault::kLimitExceeded))
    inspection.Skip("Python source", *facts.damage);
  std::size_t inner_left = kMostInner;
  Judge(facts, content, inspection, 0, inner_left).Run();
  const formats::HiddenCharacters hidden = formats::FindHiddenCharacters(source);
  if (hidden.overrides + hidden.tags > 0)
    inspection.Raise(kCards[kHiddenText], hidden.first,
                     fmt::format("{} direction overrides, {} tag characters", hidden.overrides, hidden.tags));
  JudgeSecrets(source, inspection);
}

std::span<const RuleCard> PythonRules() { return kCards; }

}  // namespace ringfort::scanners
