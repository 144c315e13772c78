#include "scanners/artifact/pickle/pickle_rules.h"

#include <array>

namespace ringfort::scanners {
namespace {

constexpr std::string_view kExecution[] = {"supply_chain.code_execution",
                                           "supply_chain.unsafe_deserialization",
                                           "AML.T0011.000",
                                           "AML.T0010.003",
                                           "CWE-502",
                                           "CWE-94"};
constexpr std::string_view kUnvetted[] = {"supply_chain.unsafe_deserialization", "AML.T0011.000", "AML.T0010.003",
                                          "CWE-502"};
constexpr std::string_view kCode[] = {"supply_chain.remote_code", "supply_chain.unsafe_deserialization",
                                      "AML.T0018.002", "CWE-502", "CWE-94"};
constexpr std::string_view kHidden[] = {"supply_chain.hidden_payload", "supply_chain.unsafe_deserialization",
                                        "AML.T0018.002", "CWE-502", "CWE-506"};
constexpr std::string_view kBomb[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-400"};
constexpr std::string_view kDisguise[] = {"supply_chain.masquerading", "AML.T0074", "CWE-1007"};
constexpr std::string_view kDamage[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-707"};

constexpr std::string_view kDoNotLoad =
    "Do not load it; ask the publisher for safetensors or another format that carries no code.";
constexpr std::string_view kLoadWithCare =
    "Load it only if you trust the publisher, with an unpickler that admits listed names only (torch: "
    "weights_only=True), or convert it to safetensors.";

constexpr std::array kCards = {
    RuleCard{"RF-PKL-001", "pickle_dangerous_call", Severity::kCritical, "Loading runs a dangerous function",
             "Unpickling this file calls a function that starts programs, runs code, opens files, talks to other "
             "machines or changes the interpreter. No honest model does that.",
             kDoNotLoad, kExecution},
    RuleCard{"RF-PKL-002", "pickle_dangerous_reference", Severity::kHigh, "Holds a dangerous function",
             "The file imports a function that can do harm and keeps it as a value; whatever uses the loaded object "
             "may call it.",
             kDoNotLoad, kExecution},
    RuleCard{"RF-PKL-003", "pickle_unknown_call", Severity::kMedium, "Loading calls code that nobody has vetted",
             "Unpickling imports this module and calls this name. It is on no list of callables that are known to "
             "build a value and do nothing else.",
             kLoadWithCare, kUnvetted},
    RuleCard{"RF-PKL-004", "pickle_unknown_reference", Severity::kMedium,
             "Loading imports a name that nobody has vetted",
             "Importing a module runs its code. This one is on no list of modules that model files need.",
             kLoadWithCare, kUnvetted},
    RuleCard{"RF-PKL-005", "pickle_hidden_name", Severity::kHigh, "A name is computed while loading",
             "What is imported or called here is put together at load time and cannot be read from the file. Honest "
             "picklers write names plainly; this hides them from scanners.",
             kDoNotLoad, kHidden},
    RuleCard{"RF-PKL-006", "pickle_rewrites_global", Severity::kCritical,
             "Loading rewrites a class, function or module",
             "The file changes something that it has imported instead of an object of its own, so later code of the "
             "program behaves as the file wants.",
             kDoNotLoad, kExecution},
    RuleCard{"RF-PKL-007", "pickle_code_object", Severity::kHigh, "Carries code of its own",
             "The file holds compiled functions or classes (as dill and cloudpickle write them) and rebuilds them when "
             "loaded. What they do shows only when they run.",
             "Load it only if you trust the publisher as you would trust a program of theirs.", kCode},
    RuleCard{"RF-PKL-008", "pickle_nested_loader", Severity::kCritical, "Loading starts another loader",
             "The file calls a function that unpickles or loads something else, which may run code and is out of sight "
             "of whatever checked this file.",
             kDoNotLoad, kHidden},
    RuleCard{
        "RF-PKL-009", "pickle_resource_bomb", Severity::kMedium, "Loading takes memory or time out of all proportion",
        "A few bytes of this file make the loader build something enormous, which stops the process or the machine.",
        "Do not load it without a memory limit.", kBomb},
    RuleCard{"RF-PKL-010", "pickle_breaks_after_payload", Severity::kHigh, "The stream breaks off after its payload",
             "The calls at the start run while the file is read; the error that follows comes too late to stop them, "
             "and makes scanners give up.",
             kDoNotLoad, kHidden},
    RuleCard{"RF-PKL-011", "pickle_extension_registry", Severity::kHigh, "Uses the extension registry",
             "The name behind an extension code is known only to the process that loads the file. Published files do "
             "not use this.",
             kDoNotLoad, kHidden},
    RuleCard{"RF-PKL-012", "pickle_odd_structure", Severity::kLow, "Structure that no usual pickler writes",
             "The stream is legal or nearly so, but no common library writes it this way. That alone does no harm.",
             "Nothing to do unless other findings stand beside it.", kDamage},
    RuleCard{"RF-PKL-013", "pickle_trailing_bytes", Severity::kLow, "Bytes after the end of the pickle",
             "Loaders stop before these bytes, so they serve another purpose. Their content is inspected by itself.",
             "Nothing to do unless other findings stand beside it.", kDamage},
    RuleCard{"RF-PKL-014", "pickle_persistent_id", Severity::kLow, "Leaves objects to the loader",
             "Parts of the object are named by persistent ids, and what they become is decided by the program that "
             "loads the file.",
             "Know which program the file was made for.", kUnvetted},
    RuleCard{"RF-PKL-015", "pickle_out_of_band_buffer", Severity::kLow, "Needs buffers from outside",
             "Parts of the data are not in this file but handed to the loader beside it.",
             "Scan what delivers the buffers as well.", kDamage},
    RuleCard{"RF-PKL-016", "pickle_planted_method", Severity::kHigh, "Plants a special method in an object",
             "The object's state overrides a method that the loader or Python itself calls later, which turns data "
             "into a call.",
             kDoNotLoad, kExecution},
    RuleCard{"RF-PKL-017", "pickle_forged_name", Severity::kHigh, "A module's name is made to look like another",
             "The name of the imported module holds blanks, control characters or foreign letters that Python's own "
             "modules never have.",
             kDoNotLoad, kDisguise},
};

}  // namespace

const RuleCard& kPickleDangerousCall = kCards[0];
const RuleCard& kPickleDangerousReference = kCards[1];
const RuleCard& kPickleUnknownCall = kCards[2];
const RuleCard& kPickleUnknownReference = kCards[3];
const RuleCard& kPickleHiddenName = kCards[4];
const RuleCard& kPickleRewritesGlobal = kCards[5];
const RuleCard& kPickleCodeObject = kCards[6];
const RuleCard& kPickleNestedLoader = kCards[7];
const RuleCard& kPickleResourceBomb = kCards[8];
const RuleCard& kPickleBreaksAfterPayload = kCards[9];
const RuleCard& kPickleExtensionRegistry = kCards[10];
const RuleCard& kPickleOddStructure = kCards[11];
const RuleCard& kPickleTrailingBytes = kCards[12];
const RuleCard& kPicklePersistentId = kCards[13];
const RuleCard& kPickleOutOfBandBuffer = kCards[14];
const RuleCard& kPicklePlantedMethod = kCards[15];
const RuleCard& kPickleForgedName = kCards[16];

std::span<const RuleCard> PickleRules() { return kCards; }

}  // namespace ringfort::scanners
