#include "scanners/artifact/keras/keras_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "formats/keras/marshalled_code.h"
#include "scanners/artifact/keras/code_names.h"
#include "scanners/artifact/keras/keras_names.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "AML.T0018.002", "CWE-502",
                                             "CWE-94"};
constexpr std::string_view kNameThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-502", "CWE-470"};
constexpr std::string_view kFileThreats[] = {"supply_chain.path_traversal", "AML.T0010.003", "CWE-73", "CWE-918"};
constexpr std::string_view kFetchThreats[] = {"supply_chain.remote_code", "AML.T0010.003", "CWE-494", "CWE-22"};
constexpr std::string_view kCustomThreats[] = {"backdoor.architecture", "AML.T0018.001", "CWE-829"};

const std::array kRules = {
    RuleCard{"RF-KER-001", "keras_lambda_code", Severity::kHigh, "Keras model carries Python bytecode",
             "A Lambda layer keeps a marshalled Python function that runs with the user's rights when the model is "
             "loaded or called.",
             "Do not load it; ask for a model without Lambda layers, or rebuild the layer from source that you have "
             "read.",
             kCodeThreats},
    RuleCard{"RF-KER-002", "keras_lambda_dangerous_code", Severity::kCritical,
             "Keras model carries Python bytecode that reaches the system",
             "The marshalled function of a Lambda layer names functions that run commands, open files or use the "
             "network; no layer needs these.",
             "Do not load it. Treat the source of the model as hostile.", kCodeThreats},
    RuleCard{"RF-KER-003", "keras_lambda_by_name", Severity::kLow, "Keras Lambda layer refers to a function by name",
             "The layer calls a function that the model does not carry; the loading program has to supply it.",
             "Read the function that you pass as custom object.", kCustomThreats},
    RuleCard{"RF-KER-004", "keras_dangerous_module", Severity::kCritical,
             "Keras configuration names a function that runs code",
             "The loader imports the named module and calls the named function with arguments that the file chooses.",
             "Do not load it. Treat the source of the model as hostile.", kNameThreats},
    RuleCard{"RF-KER-005", "keras_foreign_module", Severity::kHigh,
             "Keras configuration names an object of a module that no model needs",
             "The loader may import the module and call the object; models are built from Keras' own objects.",
             "Load it only with safe_mode on and a current Keras, after asking the author why it is there.",
             kNameThreats},
    RuleCard{"RF-KER-006", "keras_custom_object", Severity::kLow, "Keras model uses a custom object",
             "The object comes from outside Keras: the model cannot be loaded without code that it does not carry.",
             "Take the custom code from a source that you trust and read it.", kCustomThreats},
    RuleCard{"RF-KER-007", "keras_unsafe_deserialization", Severity::kCritical,
             "Keras configuration switches safe mode off",
             "The configuration calls the function that permits unsafe deserialization, so that what follows runs "
             "although the user asked for safe mode (CVE-2025-9906).",
             "Do not load it. Treat the source of the model as hostile.", kNameThreats},
    RuleCard{"RF-KER-008", "keras_file_vocabulary", Severity::kMedium,
             "Keras preprocessing layer reads a file or an address outside the model",
             "The layer's vocabulary is a path: loading reads that file into the model, from which it can be read "
             "back, or fetches an address (CVE-2025-12058).",
             "Load it only where that file holds no secret; ask for the vocabulary inside the model.", kFileThreats},
    RuleCard{"RF-KER-009", "keras_fetches_file", Severity::kCritical, "Keras configuration downloads a file",
             "Loading calls get_file or its like with an address that the model chooses; the file may overwrite "
             "others when it is unpacked (CVE-2025-8747, CVE-2025-12060).",
             "Do not load it. Treat the source of the model as hostile.", kFetchThreats},
    RuleCard{"RF-KER-010", "keras_torch_module", Severity::kHigh, "Keras model wraps a pickled PyTorch module",
             "TorchModuleWrapper unpickles the bytes that it keeps, whatever they are (CVE-2025-49655).",
             "Do not load it; ask for the weights in a format without code.", kCodeThreats},
    RuleCard{"RF-KER-011", "keras_safe_mode_false", Severity::kHigh, "Keras configuration asks for unsafe loading",
             "A `safe_mode: false` inside the model tries to decide for the user that unsafe parts may be loaded.",
             "Load it only with safe_mode on and a current Keras.", kNameThreats},
    RuleCard{"RF-KER-012", "keras_dangerous_operator", Severity::kHigh,
             "Keras operator layer calls a TensorFlow function that reaches files or Python",
             "The layer wraps a TensorFlow function that reads or writes files, loads libraries or calls Python.",
             "Do not run the model before you know why it needs the operator.", kCodeThreats},
    RuleCard{"RF-KER-013", "keras_embedded_pickle", Severity::kHigh, "Keras configuration carries a pickle or archive",
             "A string of the configuration decodes to a pickle or a zip archive; configurations hold no such thing.",
             "Do not load it before you know what reads the string.", kCodeThreats},
    RuleCard{"RF-KER-014", "keras_outside_model", Severity::kMedium, "Keras layer loads another model from a path",
             "TFSMLayer loads the SavedModel at a path that this file names, outside of what was checked here, and "
             "runs its graph.",
             "Look at the SavedModel that the path leads to before you load this one.", kCodeThreats},
    RuleCard{"RF-KER-015", "keras_unknown_module", Severity::kMedium,
             "Keras configuration names an object of an unknown module",
             "Loaders of Keras import the named module, whichever it is (CVE-2025-1550); importing runs the module's "
             "code.",
             "Make sure that the module is the one that the author means, and read it, before you load the model.",
             kNameThreats},
};

const RuleCard& kLambdaCode = kRules[0];
const RuleCard& kLambdaDangerous = kRules[1];
const RuleCard& kLambdaByName = kRules[2];
const RuleCard& kDangerousName = kRules[3];
const RuleCard& kForeignModule = kRules[4];
const RuleCard& kCustomObject = kRules[5];
const RuleCard& kUnsafeSwitch = kRules[6];
const RuleCard& kFileVocabulary = kRules[7];
const RuleCard& kFetchesFile = kRules[8];
const RuleCard& kTorchModule = kRules[9];
const RuleCard& kSafeModeFalse = kRules[10];
const RuleCard& kDangerousOperator = kRules[11];
const RuleCard& kEmbeddedPickle = kRules[12];
const RuleCard& kOutsideModel = kRules[13];
const RuleCard& kUnknownModule = kRules[14];

// Deeper than any tree that ParseJson yields; guards the recursion all the same.
constexpr int kDeepest = 256;

const Json* Member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto member = object.find(key);
  return member == object.end() ? nullptr : &*member;
}

std::string_view Text(const Json& value) {
  return value.is_string() ? std::string_view(value.get_ref<const std::string&>()) : std::string_view();
}

std::string Joined(const std::vector<std::string_view>& words) {
  std::string joined;
  for (const std::string_view word : words) joined += (joined.empty() ? "" : ", ") + std::string(word);
  return joined;
}

class Judge {
 public:
  Judge(Inspection& inspection, KerasSource source) : inspection_(inspection), source_(source) {}

  void Walk(const Json& value, int depth) {
    if (depth > kDeepest) {
      inspection_.Skip("Keras configuration", "nested too deep");
      return;
    }
    if (value.is_array()) {
      for (const Json& item : value) Walk(item, depth + 1);
    } else if (value.is_object()) {
      const std::size_t named = layer_.size();
      if (const Json* config = Member(value, "config"); config != nullptr && Member(value, "class_name") != nullptr)
        layer_.emplace_back(TextMember(*config, "name"));
      JudgeObject(value);
      for (const auto& member : value.items()) Walk(member.value(), depth + 1);
      layer_.resize(named);
    } else if (value.is_string()) {
      JudgeString(Text(value));
    }
  }

 private:
  // The innermost named layer around the current object, for the evidence.
  std::string Where() const {
    for (auto name = layer_.rbegin(); name != layer_.rend(); ++name)
      if (!name->empty()) return fmt::format("layer {}: ", *name);
    return {};
  }
  std::string_view Unsafe() const {
    if (source_ == KerasSource::kHdf5) return " (loaders of .h5 files ignore safe_mode: CVE-2025-9905)";
    if (source_ == KerasSource::kSavedModel) return " (loaders of SavedModels know no safe_mode)";
    return {};
  }
  void Raise(const RuleCard& rule, std::string_view evidence) { Raise(rule, rule.severity, evidence); }
  void Raise(const RuleCard& rule, Severity severity, std::string_view evidence) {
    inspection_.Raise(rule, severity, 0, fmt::format("{}{}", Where(), evidence));
  }

  void JudgeObject(const Json& object) {
    const std::string_view class_name = TextMember(object, "class_name");
    const Json* config = Member(object, "config");
    if (!class_name.empty()) {
      // A type is rebuilt by its own name.
      const std::string_view name = class_name == "__typespec__" ? TextMember(object, "spec_name") : class_name;
      JudgeName(TextMember(object, "module"), name, TextMember(object, "registered_name"), config);
      if (class_name == "__lambda__" && config != nullptr) {
        const std::string_view code = Text(*config).empty() ? TextMember(*config, "code") : Text(*config);
        JudgeCode(code.empty() ? TextMember(*config, "value") : code);
      }
      const std::string_view bare = class_name.substr(class_name.rfind('>') + 1);
      if (config != nullptr && config->is_object()) {
        if (bare == "TorchModuleWrapper") JudgeTorch(*config);
        if (const std::string_view path = TextMember(*config, "filepath"); bare == "TFSMLayer" && !path.empty())
          Raise(kOutsideModel, fmt::format("TFSMLayer with filepath={}", path.substr(0, 200)));
        JudgeOperator(bare, *config);
        for (const std::string_view key : {"vocabulary", "idf_weights", "vocabulary_file"}) {
          const std::string_view path = TextMember(*config, key);
          if (!path.empty()) JudgeVocabulary(bare, key, path);
        }
      }
    }
    // The legacy form of a function: the parts lie beside it in the layer's own
    // configuration, whatever the class calls itself (a subclass of Lambda does too).
    for (const std::string_view key : {"function", "output_shape", "mask"}) {
      const Json* function = Member(object, key);
      if (function == nullptr) continue;
      const std::string_view type = TextMember(object, std::string(key) + "_type");
      const std::string module_key = key == "function" ? "module" : std::string(key) + "_module";
      JudgeLegacyFunction(*function, type, TextMember(object, module_key));
    }
    if (const Json* safe = Member(object, "safe_mode"); safe != nullptr && safe->is_boolean() && !safe->get<bool>())
      Raise(kSafeModeFalse, "safe_mode: false");
  }

  void JudgeName(std::string_view module, std::string_view class_name, std::string_view registered,
                 const Json* config) {
    // A function is named by its `config`, a class by its `class_name`.
    std::string_view name = class_name;
    if (class_name == "function" && config != nullptr && config->is_string()) name = Text(*config);
    const std::string evidence =
        fmt::format("module={} class_name={} name={} registered_name={}", module, class_name, name, registered);
    JudgeReference(module, name, class_name == "function", registered, evidence);
    // Dotted names and registered names that carry a module of their own.
    if (const std::size_t dot = name.rfind('.'); dot != name.npos && dot > 0 && config != nullptr)
      JudgeReference(name.substr(0, dot), name.substr(dot + 1), true, {}, evidence);
    if (const std::size_t mark = registered.rfind('>'); mark != registered.npos) {
      const KerasName kind = ClassifyKerasName(registered.substr(0, mark), registered.substr(mark + 1), false);
      if (kind == KerasName::kDangerous) Raise(kDangerousName, evidence);
    }
  }

  void JudgeReference(std::string_view module, std::string_view name, bool function, std::string_view registered,
                      const std::string& evidence) {
    switch (ClassifyKerasName(module, name, function)) {
      case KerasName::kUnsafeSwitch: Raise(kUnsafeSwitch, evidence); return;
      case KerasName::kFetch: Raise(kFetchesFile, evidence); return;
      case KerasName::kDangerous: Raise(kDangerousName, evidence); return;
      case KerasName::kForeign: Raise(kForeignModule, evidence); return;
      case KerasName::kUnknown: Raise(kUnknownModule, evidence); return;
      case KerasName::kCustom: Raise(kCustomObject, evidence); return;
      case KerasName::kBuiltin: break;
    }
    if (registered.find('>') != registered.npos && !IsKerasPackage(registered.substr(0, registered.find('>'))))
      Raise(kCustomObject, evidence);
  }

  void JudgeLegacyFunction(const Json& function, std::string_view type, std::string_view module) {
    // ["<base64 of the code>", defaults, closure]
    if (function.is_array() && !function.empty() && function.front().is_string()) {
      const std::string_view code = Text(function.front());
      const auto decoded = formats::DecodeMimeBase64(code);
      if (type == "lambda" || (decoded && formats::LooksLikeMarshalledCode(AsBytes(*decoded)))) JudgeCode(code);
      return;
    }
    const std::string_view name = Text(function);
    if (name.empty()) return;
    const auto decoded = formats::DecodeMimeBase64(name);
    if (type == "lambda" || (decoded && formats::LooksLikeMarshalledCode(AsBytes(*decoded)))) {
      JudgeCode(name);
    } else if (type == "function" || type == "raw") {
      const std::string evidence = fmt::format("function={} function_type={} module={}", name, type, module);
      const KerasName kind = ClassifyKerasName(module, name, true);
      // The legacy form looks the function up in modules that are loaded already.
      if (kind == KerasName::kBuiltin || kind == KerasName::kCustom || kind == KerasName::kUnknown)
        Raise(kLambdaByName, evidence);
      else
        JudgeReference(module, name, true, {}, evidence);
    }
  }

  void JudgeCode(std::string_view encoded) {
    const auto decoded = formats::DecodeMimeBase64(encoded);
    const std::string_view bytes = decoded ? std::string_view(*decoded) : encoded;
    const std::vector<std::string_view> strings = formats::MarshalledStrings(AsBytes(bytes));
    std::vector<std::string_view> dangerous;
    for (const std::string_view text : strings)
      if (IsDangerousCodeName(text)) dangerous.push_back(text);
    // Not marshalled: source text perhaps, or a layout that we do not know.
    if (strings.empty()) {
      for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at;
        while (end < bytes.size() && IsNameCharacter(bytes[end])) ++end;
        const std::string_view word = bytes.substr(at, end - at);
        if (IsDangerousCodeName(word)) dangerous.push_back(word);
        at = end + 1;
      }
    }
    if (dangerous.size() > 32) dangerous.resize(32);
    if (!dangerous.empty()) {
      Raise(kLambdaDangerous,
            fmt::format("{} bytes of code that name {}{}", bytes.size(), Joined(dangerous), Unsafe()));
    } else {
      std::vector<std::string_view> shown(strings.begin(), strings.begin() + std::min<std::size_t>(strings.size(), 16));
      Raise(kLambdaCode, fmt::format("{} bytes of code; strings: {}{}", bytes.size(), Joined(shown), Unsafe()));
    }
  }

  void JudgeTorch(const Json& config) {
    const Json* module = Member(config, "module");
    const std::string_view text = module == nullptr ? std::string_view() : Text(*module);
    Raise(kTorchModule, fmt::format("TorchModuleWrapper with {} characters of module{}", text.size(), Unsafe()));
    if (text.empty()) return;
    judged_ = text.data();
    const auto decoded = formats::DecodeMimeBase64(text);
    const std::string_view bytes = decoded ? std::string_view(*decoded) : text;
    const bool zip = bytes.substr(0, 4) == "PK\x03\x04";
    inspection_.Descend({"torch_module", AsBytes(bytes), nullptr, zip ? Role::kAny : Role::kPickle}, 0);
  }

  void JudgeOperator(std::string_view class_name, const Json& config) {
    if (class_name == "TFOpLambda" || class_name == "ClassMethod") {
      const std::string_view function = TextMember(config, "function");
      const std::string_view symbol = TextMember(config, "cls_symbol");
      if (IsDangerousTensorFlowFunction(function) || IsDangerousTensorFlowFunction(symbol))
        Raise(kDangerousOperator, fmt::format("{} function={} cls_symbol={}", class_name, function, symbol));
    } else if (class_name == "TensorFlowOpLayer") {
      const Json* node = Member(config, "node_def");
      std::string_view text = node == nullptr ? std::string_view() : Text(*node);
      for (const std::string_view op : {"PyFunc", "WriteFile", "ReadFile", "MatchingFiles", "LoadLibrary"})
        if (text.find(op) != text.npos) Raise(kDangerousOperator, fmt::format("TensorFlowOpLayer with {}", op));
    }
  }

  void JudgeVocabulary(std::string_view layer, std::string_view key, std::string_view path) {
    const Severity severity = JudgePath(path);
    Raise(kFileVocabulary, severity, fmt::format("{} {}={}", layer, key, path));
  }

  // A bare file name is what older Keras itself writes when a vocabulary came
  // from a file; an address or a way out of the folder is not.
  static Severity JudgePath(std::string_view path) {
    const std::string lower = LowerCase(path);
    for (const std::string_view marker : {"://", "../", "..\\", "/etc/", "/proc/", "/root/", "/.ssh", "/.aws", "/.env",
                                          "id_rsa", "/sys/", "/dev/", "\\\\", "passwd", "credentials"})
      if (lower.find(marker) != lower.npos) return Severity::kHigh;
    const bool drive = path.size() > 2 && path[1] == ':';
    if (path.front() == '~') return Severity::kHigh;
    return path.front() == '/' || drive ? Severity::kMedium : Severity::kLow;
  }

  void JudgeString(std::string_view text) {
    if (text.size() < 24 || text.data() == judged_) return;
    // What protocol 2 to 5 pickles and zip archives begin with, in base64.
    const std::string_view head = text.substr(0, 3);
    const bool pickle = head == "gAI" || head == "gAM" || head == "gAS" || head == "gAW";
    if (!pickle && text.substr(0, 6) != "UEsDBB") return;
    const auto decoded = formats::DecodeMimeBase64(text);
    if (!decoded || (pickle && decoded->find('.') == decoded->npos)) return;
    Raise(kEmbeddedPickle, fmt::format("base64 of a {} of {} bytes", pickle ? "pickle" : "zip", decoded->size()));
    inspection_.Descend({"base64", AsBytes(*decoded), nullptr, pickle ? Role::kPickle : Role::kAny}, 0);
  }

  Inspection& inspection_;
  const KerasSource source_;
  std::vector<std::string> layer_;
  const char* judged_ = nullptr;  // the string that JudgeTorch has handed on already
};

}  // namespace

void JudgeKerasConfig(const Json& config, Inspection& inspection, KerasSource source) {
  inspection.Describe("framework", "keras");
  Judge(inspection, source).Walk(config, 0);
}

std::span<const RuleCard> KerasRules() { return kRules; }

}  // namespace ringfort::scanners
