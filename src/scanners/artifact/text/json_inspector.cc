#include "scanners/artifact/text/json_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>

#include "base/json.h"
#include "base/text.h"
#include "formats/text/text_kind.h"
#include "scanners/artifact/keras/keras_config.h"
#include "scanners/artifact/text/notebook.h"
#include "scanners/artifact/text/python_sinks.h"
#include "scanners/artifact/text/secret_patterns.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kRemoteThreats[] = {"supply_chain.remote_code", "AML.T0011.000", "CWE-829"};
constexpr std::string_view kPathThreats[] = {"supply_chain.path_traversal", "AML.T0010.003", "CWE-22"};
constexpr std::string_view kLeakThreats[] = {"data_leak.local_path", "AML.T0010.003", "CWE-200"};
constexpr std::string_view kCorruptThreats[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-694"};
constexpr std::string_view kBombThreats[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-400"};
constexpr std::string_view kCallThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-470"};

constexpr std::array kCards = {
    RuleCard{"RF-HFC-001", "config_asks_for_remote_code", Severity::kMedium,
             "The configuration asks for code of the repository",
             "With trust_remote_code the loader imports and runs the Python files that auto_map names.",
             "Read those files, then pin the revision; or use a model that the library itself implements.",
             kRemoteThreats},
    RuleCard{"RF-HFC-002", "config_asks_for_foreign_code", Severity::kHigh,
             "The configuration asks for code of another repository",
             "The code that runs is not part of what was scanned, and its owner can change it at any time.",
             "Do not load it with trust_remote_code; ask for a model that carries its own code.", kRemoteThreats},
    RuleCard{"RF-HFC-003", "config_trusts_remote_code", Severity::kMedium,
             "The configuration itself switches remote code on",
             "The permission to run downloaded code belongs to the user; a file that grants it to itself goes round "
             "the user.",
             "Remove the entry.", kRemoteThreats},
    RuleCard{"RF-HFC-004", "index_leaves_folder", Severity::kHigh, "The file index names a place outside its folder",
             "A loader that follows the index reads files that are not part of the model.",
             "Do not load it; ask the publisher for a correct index.", kPathThreats},
    RuleCard{"RF-HFC-005", "config_names_local_path", Severity::kLow,
             "The configuration names a path on its author's machine",
             "It tells a reader about the author's machine and account.", "Replace the path by the name of the model.",
             kLeakThreats},
    RuleCard{"RF-HFC-006", "config_names_callable", Severity::kHigh,
             "The configuration names a function that runs commands",
             "Loaders that instantiate what a configuration names (_target_, entry points) call it.",
             "Do not load it; ask the publisher what the entry is for.", kCallThreats},
    RuleCard{"RF-JSN-001", "json_repeats_keys", Severity::kLow, "The document repeats a key",
             "Readers disagree about which of the values counts.",
             "Ask the publisher for a document without repetitions.", kCorruptThreats},
    RuleCard{"RF-JSN-002", "json_exhausts_resources", Severity::kMedium, "The document is built to exhaust its reader",
             "Nesting this deep overflows the stack of common parsers; no honest document needs it.", "Do not load it.",
             kBombThreats},
};
enum Rule : std::size_t {
  kRemoteCode,
  kForeignCode,
  kTrusts,
  kLeavesFolder,
  kLocalPath,
  kCallable,
  kRepeats,
  kExhausts
};

bool IsLocalPath(std::string_view path) {
  for (const std::string_view home :
       {"/home/", "/Users/", "/root/", "/mnt/", "/data/", "/workspace/", "C:\\", "D:\\", "/tmp/", "/scratch/"})
    if (path.starts_with(home)) return true;
  return false;
}

bool LeavesFolder(std::string_view name) {
  if (name.starts_with('/') || name.starts_with('\\') || name.starts_with('~')) return true;
  if (name.size() > 2 && name[1] == ':' && (name[2] == '\\' || name[2] == '/')) return true;
  if (name.find("://") != std::string_view::npos) return true;
  for (std::size_t at = 0; at < name.size();) {
    const auto end = std::min(name.size(), name.find_first_of("/\\", at));
    if (name.substr(at, end - at) == "..") return true;
    at = end + 1;
  }
  return false;
}

bool NamesCommand(std::string_view target) {
  constexpr std::string_view kTargets[] = {
      "runpy.run_module", "importlib.import_module", "shutil.rmtree", "os.remove", "os.unlink", "os.kill"};
  if (target.starts_with("builtins.")) {
    target.remove_prefix(9);
    if (target == "__import__" || target == "compile" || target == "getattr" || target == "open") return true;
  }
  return StartsProcess(target) || ExecutesCode(target) ||
         std::find(std::begin(kTargets), std::end(kTargets), target) != std::end(kTargets);
}

class Judge {
 public:
  explicit Judge(Inspection& inspection) : inspection_(inspection) {}

  // Everything that means the same wherever it stands. Depth is bounded by the parser.
  void Walk(const Json& value, std::string_view key) {
    if (value.is_object()) {
      for (const auto& [name, member] : value.items()) {
        if (name == "auto_map" || name == "auto_mapping" || name == "custom_pipelines")
          RemoteCode(member, name);
        else if (name == "trust_remote_code" && member.is_boolean() && member.get<bool>())
          inspection_.Raise(kCards[kTrusts], kNoOffset, "\"trust_remote_code\": true");
        else if (name == "chat_template" && member.is_structured())
          Templates(member);
        else
          Walk(member, name);
      }
    } else if (value.is_array()) {
      for (const Json& item : value) {
        if (!item.is_structured() && !item.is_string()) continue;
        Walk(item, key);
      }
    } else if (value.is_string()) {
      Text(value.get_ref<const std::string&>(), key);
    }
  }

 private:
  // [{"name": "default", "template": "..."}] or {"default": "..."}
  void Templates(const Json& list) {
    for (const Json& entry : list) {
      const std::string_view text =
          entry.is_string() ? std::string_view(entry.get_ref<const std::string&>()) : TextMember(entry, "template");
      if (!text.empty())
        inspection_.InspectAs(formats::Format::kJinja, {"chat_template", AsBytes(text), nullptr, Role::kTemplate},
                              fmt::format("chat_template {}", TextMember(entry, "name")));
    }
  }

  void Text(const std::string& text, std::string_view key) {
    if (key == "chat_template" || key == "template" || key == "default_chat_template") {
      const bool template_like = key != "template" || formats::LooksLikeJinja(AsBytes(text));
      if (template_like)
        inspection_.InspectAs(formats::Format::kJinja, {"chat_template", AsBytes(text), nullptr, Role::kTemplate},
                              "chat_template");
    } else if (key == "custom_generate" && text.find('/') != std::string::npos) {
      inspection_.Raise(kCards[kForeignCode], kNoOffset, fmt::format("{}: {}", key, text));
    } else if ((key == "_attn_implementation" || key == "attn_implementation") && text.find('/') != std::string::npos &&
               !text.starts_with("kernels-community/")) {
      inspection_.Raise(kCards[kForeignCode], kNoOffset, fmt::format("{}: {}", key, text));
    } else if ((key == "_name_or_path" || key == "base_model_name_or_path" || key == "name_or_path") &&
               IsLocalPath(text)) {
      inspection_.Raise(kCards[kLocalPath], kNoOffset, fmt::format("{}: {}", key, text));
    } else if (key == "_target_" || key == "entry_point" || key == "target" || key == "callable" ||
               key == "loader_module" || key == "fn" || key == "function" || key == "func" || key == "impl" ||
               key == "handler") {
      if (NamesCommand(text)) inspection_.Raise(kCards[kCallable], kNoOffset, fmt::format("{}: {}", key, text));
    }
  }

  void RemoteCode(const Json& map, std::string_view key) {
    if (map.is_string()) {
      Reference(map.get_ref<const std::string&>(), key);
    } else if (map.is_structured()) {
      for (const auto& [name, member] : map.items()) {
        // custom_pipelines: {"task": {"impl": "file.Class", "pt": [...]}}
        if (key == "custom_pipelines" && member.is_object())
          Reference(std::string(TextMember(member, "impl")), key);
        else if (key == "auto_mapping" && name != "parent_library" && member.is_string())
          continue;  // a class name
        else if (key == "auto_mapping" && member.is_string())
          Library(member.get_ref<const std::string&>());
        else
          RemoteCode(member, key);
      }
    }
  }
  // PEFT writes {"base_model_class": ..., "parent_library": ...} and imports the library.
  void Library(const std::string& library) {
    if (library.find("transformers_modules") != std::string::npos)
      inspection_.Raise(kCards[kRemoteCode], Severity::kLow, kNoOffset, fmt::format("auto_mapping: {}", library));
    else if (!library.starts_with("transformers") && !library.starts_with("diffusers") &&
             !library.starts_with("timm") && !library.starts_with("torch") &&
             !library.starts_with("sentence_transformers"))
      inspection_.Raise(kCards[kRemoteCode], kNoOffset, fmt::format("auto_mapping: {}", library));
  }
  void Reference(const std::string& reference, std::string_view key) {
    if (reference.empty()) return;
    const bool foreign = reference.find("--") != std::string::npos || reference.find("://") != std::string::npos ||
                         LeavesFolder(reference);
    inspection_.Raise(kCards[foreign ? kForeignCode : kRemoteCode], kNoOffset, fmt::format("{}: {}", key, reference));
  }

  Inspection& inspection_;
};

void JudgeIndex(const Json& weight_map, Inspection& inspection) {
  std::set<std::string> shards;
  for (const auto& [tensor, shard] : weight_map.items()) {
    if (!shard.is_string()) continue;
    const std::string& name = shard.get_ref<const std::string&>();
    if (!shards.insert(name).second) continue;
    if (LeavesFolder(name)) {
      inspection.Raise(kCards[kLeavesFolder], kNoOffset, fmt::format("{}: {}", tensor, name));
    } else if (inspection.siblings_known() && inspection.depth() == 0) {
      const std::vector<std::string>& siblings = inspection.siblings();
      const bool there = std::any_of(siblings.begin(), siblings.end(), [&](const std::string& sibling) {
        return sibling == name || sibling.ends_with("/" + name);
      });
      if (!there) inspection.Skip(fmt::format("shard {}", name), "the index names it, but it is not beside the index");
    }
  }
}

// modules.json of sentence-transformers: it imports each `type` and opens each `path`.
void JudgeModules(const Json& modules, Inspection& inspection) {
  for (const Json& module : modules) {
    if (!module.is_object() || !module.contains("idx") || !module.contains("path")) return;
    const std::string_view type = TextMember(module, "type"), path = TextMember(module, "path");
    if (LeavesFolder(path)) inspection.Raise(kCards[kLeavesFolder], kNoOffset, fmt::format("path: {}", path));
    if (type.empty() || type.starts_with("sentence_transformers.")) continue;
    const bool foreign = type.find("--") != std::string_view::npos || type.find('/') != std::string_view::npos;
    inspection.Raise(kCards[foreign ? kForeignCode : kRemoteCode], kNoOffset, fmt::format("type: {}", type));
  }
}

void Describe(const Json& document, Inspection& inspection) {
  if (const std::string_view type = TextMember(document, "model_type"); !type.empty())
    inspection.Describe("architecture", type);
  if (const auto list = document.find("architectures");
      list != document.end() && list->is_array() && !list->empty() && list->front().is_string())
    inspection.Describe("architecture", list->front().get_ref<const std::string&>());
  if (const std::string_view base = TextMember(document, "base_model_name_or_path"); !base.empty())
    inspection.Describe("base_model", base);
  if (const auto size = document.find("vocab_size"); size != document.end() && size->is_number_unsigned())
    inspection.Describe("vocabulary", fmt::format("{}", size->get<std::uint64_t>()));
}

bool IsKeras(const Json& document) {
  return document.contains("class_name") && document.contains("config") && document["class_name"].is_string();
}

void JudgeDocument(const Json& document, Inspection& inspection) {
  if (document.is_object()) {
    if (document.contains("nbformat") && (document.contains("cells") || document.contains("worksheets"))) {
      JudgeNotebook(document, inspection);
      return;
    }
    Describe(document, inspection);
    if (document.contains("architectures") || document.contains("model_type") || document.contains("auto_map"))
      inspection.Refine("huggingface-config");
    if (const auto map = document.find("weight_map"); map != document.end() && map->is_object()) {
      inspection.Refine("sharded-index");
      JudgeIndex(*map, inspection);
    }
  }
  if (document.is_array()) JudgeModules(document, inspection);
  // A diffusers pipeline that is defined by a file of the repository.
  if (const auto name = document.is_object() ? document.find("_class_name") : document.end();
      name != document.end() && name->is_array() && !name->empty())
    inspection.Raise(kCards[kRemoteCode], kNoOffset, fmt::format("_class_name: {}", name->dump()));
  Judge(inspection).Walk(document, "");
}

// True if `text` is one JSON value a line.
bool JudgeLines(std::string_view text, Inspection& inspection) {
  std::size_t lines = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const Result<Json> value = ParseJson(line);
    if (!value.ok()) return false;
    if (++lines % 256 == 0 && inspection.Expired()) return true;
    // A data set may quote anything; only code that asks to be run is judged.
  }
  return lines > 1;
}

}  // namespace

void InspectJson(const Content& content, Inspection& inspection) {
  const std::string_view text = AsText(content.bytes);
  bool repeats = false;
  JsonLimits limits;
  limits.values = 5'000'000;
  Result<Json> document = ParseJson(text, limits, &repeats);
  JudgeSecrets(text, inspection);
  if (!document.ok()) {
    const Error& error = document.error();
    if (error.fault == Fault::kInvalidInput && JudgeLines(text, inspection)) {
      inspection.Refine("json-lines");
      return;
    }
    if (error.fault == Fault::kLimitExceeded) inspection.Raise(kCards[kExhausts], error.offset, error.what);
    inspection.Skip("JSON document", error);
    return;
  }
  if (repeats) inspection.Raise(kCards[kRepeats], kNoOffset, "a key stands twice in one object");
  JudgeDocument(document.value(), inspection);
  if (document.value().is_object() && IsKeras(document.value())) {
    inspection.Refine("keras-config");
    JudgeKerasConfig(document.value(), inspection);
  }
}

std::span<const RuleCard> JsonRules() { return kCards; }

}  // namespace ringfort::scanners
