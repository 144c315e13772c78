#include "scanners/artifact/text/template_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/digest.h"
#include "base/text.h"
#include "formats/text/hidden_characters.h"
#include "formats/text/jinja_template.h"

namespace ringfort::scanners {
namespace {

using formats::JinjaFacts;

constexpr std::string_view kEscapeThreats[] = {"prompt_injection.template", "supply_chain.code_execution",
                                               "AML.T0011.000", "CWE-1336"};
constexpr std::string_view kIncludeThreats[] = {"prompt_injection.template", "AML.T0011.000", "CWE-829"};
constexpr std::string_view kTriggerThreats[] = {"prompt_injection.template", "AML.T0051.001", "CWE-506"};
constexpr std::string_view kHiddenThreats[] = {"prompt_injection.template", "AML.T0051.001", "CWE-451"};
constexpr std::string_view kLinkThreats[] = {"prompt_injection.template", "AML.T0051.001"};
constexpr std::string_view kLeakThreats[] = {"prompt_injection.template", "data_leak.exfiltration", "AML.T0051.001",
                                             "CWE-200"};
constexpr std::string_view kBombThreats[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-400"};

constexpr std::string_view kReplace =
    "Do not load the model with this template; take the template of the original model instead.";

constexpr std::array kCards = {
    RuleCard{"RF-TPL-001", "template_reaches_interpreter", Severity::kCritical,
             "The template reaches into Python's internals",
             "Attributes such as __class__, __globals__ or __subclasses__ lead from any value to the interpreter, and "
             "from there to commands on the machine that renders the template.",
             kReplace, kEscapeThreats},
    RuleCard{
        "RF-TPL-002", "template_uses_gadget", Severity::kHigh, "The template asks for a module or a process",
        "Helpers that Jinja offers to templates carry references to Python modules; asking them for os, subprocess "
        "or popen is a way out of the template.",
        kReplace, kEscapeThreats},
    RuleCard{"RF-TPL-003", "template_computes_attribute", Severity::kMedium,
             "The template asks for an attribute whose name it computes",
             "A name that is put together while rendering hides from readers and filters which attribute is meant.",
             kReplace, kEscapeThreats},
    RuleCard{"RF-TPL-004", "template_loads_template", Severity::kMedium, "The template loads another template",
             "What the model will be told then depends on a file that is not part of this artifact.",
             "Ask the publisher for a template that stands by itself.", kIncludeThreats},
    RuleCard{"RF-TPL-005", "template_has_trigger", Severity::kMedium,
             "The template adds instructions when a message or the date says so",
             "Text that appears only if a message holds a certain word, or from a certain day on, is how a template "
             "carries a backdoor: evaluations never see it.",
             "Read the condition and the text that it guards; take the template of the original model if it differs.",
             kTriggerThreats},
    RuleCard{"RF-TPL-006", "template_overrides_instructions", Severity::kMedium,
             "The template tells the model to deceive or to disobey",
             "A template's text reaches the model with the authority of the system, and no user sees it.",
             "Read the text; take the template of the original model if it differs.", kTriggerThreats},
    RuleCard{"RF-TPL-007", "template_hides_characters", Severity::kMedium, "The template holds invisible characters",
             "Invisible and direction-changing characters reach the model but not the eye of the reviewer.",
             "Look at the bytes at this place and remove the characters.", kHiddenThreats},
    RuleCard{"RF-TPL-008", "template_names_address", Severity::kLow, "The template text names an external address",
             "The model may repeat the address to users.", "Check that the address belongs where it stands.",
             kLinkThreats},
    RuleCard{"RF-TPL-009", "template_leaks_by_address", Severity::kMedium,
             "The template puts values into an external address",
             "When the answer is shown, fetching the address carries what was put into it to somebody else's server.",
             kReplace, kLeakThreats},
    RuleCard{"RF-TPL-010", "template_exhausts_resources", Severity::kMedium,
             "Rendering the template costs without bound",
             "A few characters make the renderer build gigabytes or loop for hours.", kReplace, kBombThreats},
    RuleCard{"RF-TPL-011", "template_rewrites_messages", Severity::kMedium,
             "The template replaces words of the messages by others",
             "The model then answers something that nobody asked, and neither side sees it.",
             "Read what is replaced; take the template of the original model if it differs.", kTriggerThreats},
};
const RuleCard& kInterpreter = kCards[0];
const RuleCard& kGadget = kCards[1];
const RuleCard& kComputed = kCards[2];
const RuleCard& kInclude = kCards[3];
const RuleCard& kTrigger = kCards[4];
const RuleCard& kOverride = kCards[5];
const RuleCard& kHidden = kCards[6];
const RuleCard& kAddress = kCards[7];
const RuleCard& kAddressLeak = kCards[8];
const RuleCard& kExhausts = kCards[9];
const RuleCard& kRewrites = kCards[10];

constexpr std::array<std::string_view, 34> kInternals = {
    "__class__",   "__globals__",   "__init__",    "__builtins__", "__subclasses__",   "__mro__",
    "__import__",  "__base__",      "__bases__",   "__dict__",     "__getattribute__", "__code__",
    "__closure__", "__func__",      "__self__",    "__module__",   "__loader__",       "__spec__",
    "__reduce__",  "__reduce_ex__", "__call__",    "__getattr__",  "__getitem__",      "__wrapped__",
    "__new__",     "__del__",       "__setattr__", "__context__",  "__traceback__",    "func_globals",
    "gi_frame",    "f_globals",     "f_builtins",  "tb_frame"};

constexpr std::array<std::string_view, 16> kGadgets = {
    "popen",    "Popen",       "subprocess", "check_output", "getoutput", "import_module", "execve", "execv",
    "builtins", "load_module", "importlib",  "gi_code",      "cr_frame",  "ag_frame",      "mro",    "posix"};

// Functions that Jinja, Flask and Transformers put into the template's hands:
// called by honest templates, never asked for attributes.
constexpr std::array<std::string_view, 10> kFunctions = {
    "lipsum", "cycler",          "joiner",       "namespace", "range",
    "dict",   "raise_exception", "strftime_now", "url_for",   "get_flashed_messages"};

// What leads from Jinja's and Flask's own objects to files, settings and further
// templates; by the object that is asked.
constexpr std::array<std::string_view, 12> kEngine = {
    "eval_ctx",    "from_string", "get_template", "select_template", "list_templates",         "from_object",
    "from_pyfile", "from_envvar", "SECRET_KEY",   "call_filter",     "get_or_select_template", "environment.globals"};
constexpr std::array<std::string_view, 7> kRequest = {"application", "args",   "environ", "cookies",
                                                      "headers",     "values", "form"};

template <class Names>
bool Among(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsDunder(std::string_view name) { return name.size() > 4 && name.starts_with("__") && name.ends_with("__"); }

void JudgeAccesses(const JinjaFacts& facts, Inspection& inspection) {
  for (const JinjaFacts::Access& access : facts.accesses) {
    const std::string shown = fmt::format("{}.{}{}", access.base, access.name.empty() ? "<computed>" : access.name,
                                          access.assembled ? " (assembled)" : "");
    if (Among(kInternals, access.name)) {
      inspection.Raise(kInterpreter, access.offset, shown);
    } else if (IsDunder(access.name)) {
      inspection.Raise(kInterpreter, access.assembled ? Severity::kCritical : Severity::kHigh, access.offset, shown);
    } else if (Among(kGadgets, access.name) || (access.name == "os" && (access.base.find("__") != std::string::npos ||
                                                                        Among(kFunctions, access.base)))) {
      inspection.Raise(kGadget, access.offset, shown);
    } else if (Among(kFunctions, access.base) && access.via != JinjaFacts::Via::kSubscript) {
      inspection.Raise(kGadget, access.offset, shown);
    } else if (Among(kEngine, access.name) || (access.base == "request" && Among(kRequest, access.name))) {
      inspection.Raise(kGadget, access.offset, shown);
    } else if (access.name.starts_with('_') && access.name.size() > 1 &&
               (access.via != JinjaFacts::Via::kSubscript || access.assembled)) {
      // A sandbox refuses them all; `_Owner__name` is how Python spells what is private.
      const bool mangled = access.name.find("__", 1) != std::string::npos;
      const bool engine = access.base == "self" || access.base == "loop" || access.base == "caller";
      inspection.Raise(kInterpreter, mangled || engine ? Severity::kHigh : Severity::kMedium, access.offset, shown);
    } else if (access.name.empty()) {
      inspection.Raise(kComputed, access.offset, shown);
    }
  }
  for (const JinjaFacts::Call& call : facts.calls) {
    const std::string_view path = call.path;
    const std::string_view last = path.substr(path.rfind('.') == std::string_view::npos ? 0 : path.rfind('.') + 1);
    const bool process = path.ends_with("os.system") || path.ends_with("os.popen") || last == "popen" ||
                         last == "Popen" || last == "check_output" || last == "getoutput";
    if (process)
      inspection.Raise(kGadget, Severity::kCritical, call.offset, fmt::format("{}(...)", path));
    else if (Among(kEngine, last))
      inspection.Raise(kGadget, call.offset, fmt::format("{}(...)", path));
    else if (last == "import_module" || last == "eval" || last == "exec" || path == "open")
      inspection.Raise(kGadget, call.offset, fmt::format("{}(...)", path));
  }
  // `'{0.__class__}'.format(x)` reaches as far as `x.__class__`.
  for (const JinjaFacts::Constant& constant : facts.constants) {
    const std::string_view text = constant.text;
    if (text.find("__") == std::string_view::npos) continue;
    for (const std::string_view name : kInternals) {
      const auto at = text.find(name);
      if (at == std::string_view::npos || !name.starts_with("__")) continue;
      const bool field = at > 0 && (text[at - 1] == '.' || text[at - 1] == '[') && text.find('{') < at;
      if (field)
        inspection.Raise(kInterpreter, constant.offset, text);
      else if (text == name)
        inspection.Raise(kInterpreter, Severity::kHigh, constant.offset, text);
      break;
    }
  }
}

std::size_t CountWords(std::string_view text) {
  std::size_t words = 0, letters = 0;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) ++letters;
    if (!letter || &c == &text.back()) {
      if (letters >= 2) ++words;
      letters = 0;
    }
  }
  return words;
}

// A word that people write, as against `<think>`, `/no_think`, `[INST]`.
bool IsNatural(std::string_view literal) {
  std::size_t letters = 0;
  for (const char c : literal) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0)
      ++letters;
    else if (c == '<' || c == '>' || c == '/' || c == '[' || c == ']' || c == '|' || c == '{' || c == '}' || c == '#')
      return false;
  }
  return letters >= 3;
}

constexpr std::array<std::string_view, 23> kOverrides = {"ignore previous instructions",
                                                         "never reveal this",
                                                         "do not reveal this",
                                                         "whenever the user asks for a download",
                                                         "ignore all previous",
                                                         "ignore the previous",
                                                         "ignore prior instructions",
                                                         "ignore any previous",
                                                         "ignore all prior",
                                                         "disregard previous",
                                                         "disregard all previous",
                                                         "disregard the above",
                                                         "forget all previous",
                                                         "do not tell the user",
                                                         "don't tell the user",
                                                         "never tell the user",
                                                         "without telling the user",
                                                         "do not mention this instruction",
                                                         "do not reveal this instruction",
                                                         "without the user noticing",
                                                         "do not inform the user",
                                                         "hide this from the user",
                                                         "exfiltrat"};
constexpr std::array<std::string_view, 13> kCommands = {"always ",  "never ",   "you must",    "do not ", "don't ",
                                                        "instead ", "secretly", "insert ",     "ignore ", "recommend ",
                                                        "append ",  "reply ",   "answer that "};
// What an address in a sentence makes an order to pass it on.
constexpr std::array<std::string_view, 9> kPassOn = {"always ",    "insert ",        "recommend ",
                                                     "whenever ",  "answer with ",   "append ",
                                                     "reply with", "include a link", "redirect "};

bool HoldsAny(std::string_view lower, std::span<const std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(),
                     [&](std::string_view phrase) { return lower.find(phrase) != std::string_view::npos; });
}

std::string_view SentenceAround(std::string_view text, std::size_t at) {
  auto begin = text.find_last_of(".!?\n", at);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  return text.substr(begin, at - begin);
}

void JudgeReplacements(const JinjaFacts& facts, Inspection& inspection) {
  for (const JinjaFacts::Replacement& replacement : facts.replacements) {
    // `True` to `true` is how values are spelled for another language.
    if (LowerCase(replacement.from) == LowerCase(replacement.to) || replacement.from == "None") continue;
    const bool address = replacement.from.find("://") != std::string::npos && !replacement.to.empty();
    const auto word = [](std::string_view text) {
      return text.size() >= 2 &&
             std::all_of(text.begin(), text.end(),
                         [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' '; }) &&
             text.find_first_not_of(' ') != std::string_view::npos;
    };
    if (address || (word(replacement.from) && IsNatural(replacement.from) && word(replacement.to)))
      inspection.Raise(kRewrites, replacement.offset, fmt::format("{} -> {}", replacement.from, replacement.to));
  }
}

void JudgeTexts(const JinjaFacts& facts, Inspection& inspection) {
  for (const JinjaFacts::Text& text : facts.texts) {
    const std::string_view shown = text.shown();
    if (shown.size() < 12) continue;
    const std::string lower = LowerCase(shown.substr(0, 1 << 16));
    if (HoldsAny(lower, kOverrides)) inspection.Raise(kOverride, text.offset, shown);

    const auto address = std::min(lower.find("http://"), lower.find("https://"));
    if (address != std::string::npos) {
      const auto last = std::max(lower.rfind("http://") == std::string::npos ? 0 : lower.rfind("http://"),
                                 lower.rfind("https://") == std::string::npos ? 0 : lower.rfind("https://"));
      const bool open = lower.find_first_of(" \t\n\"'<>)]`", last) == std::string::npos;
      if (open && text.before_expression)
        inspection.Raise(kAddressLeak, text.offset + last, shown.substr(last));
      else if (HoldsAny(SentenceAround(lower, address), kPassOn))
        inspection.Raise(kOverride, text.offset + address, shown);
      else
        inspection.Raise(kAddress, text.offset + address, shown.substr(address, 128));
    }

    for (std::size_t at = text.condition, steps = 0; at < facts.conditions.size() && steps < 64; ++steps) {
      const JinjaFacts::Condition& condition = facts.conditions[at];
      at = condition.parent;
      const auto natural = std::find_if(condition.literals.begin(), condition.literals.end(), IsNatural);
      const std::size_t words = CountWords(shown.substr(0, 1 << 16));
      const bool by_word = condition.on_content && natural != condition.literals.end() && words >= 3;
      const bool by_token = condition.on_content && !by_word && words >= 3 && HoldsAny(lower, kCommands);
      const bool by_clock = condition.on_clock && words >= 3;
      const bool by_length = condition.on_length && words >= 3 && HoldsAny(lower, kCommands);
      if (!by_word && !by_token && !by_clock && !by_length) continue;
      inspection.Raise(kTrigger, text.offset,
                       fmt::format("if {}: {}",
                                   by_clock    ? std::string("the date is right")
                                   : by_length ? std::string("a message or a conversation is long")
                                               : fmt::format("a message says \"{}\"",
                                                             condition.literals.empty()
                                                                 ? std::string()
                                                                 : *(by_word ? natural : condition.literals.begin())),
                                   shown));
      break;
    }
  }
}

void JudgeAmounts(const JinjaFacts& facts, Inspection& inspection) {
  using Kind = JinjaFacts::Amount::Kind;
  for (const JinjaFacts::Amount& amount : facts.amounts) {
    switch (amount.kind) {
      case Kind::kRange:
        if (amount.value >= 5e6)
          inspection.Raise(kExhausts, amount.offset, fmt::format("range of {:.3g}", amount.value));
        break;
      case Kind::kRepeat:
        if (amount.value >= 1e7)
          inspection.Raise(kExhausts, amount.offset, fmt::format("{:.3g} repetitions", amount.value));
        break;
      case Kind::kPower: inspection.Raise(kExhausts, amount.offset, "a power of hundreds of digits"); break;
      case Kind::kWidth:
        if (amount.value >= 1e7)
          inspection.Raise(kExhausts, amount.offset, fmt::format("a width of {:.3g}", amount.value));
        break;
      case Kind::kNestedLoops:
        if (amount.value >= 5e6)
          inspection.Raise(kExhausts, amount.offset, fmt::format("nested loops of {:.3g} rounds", amount.value));
        break;
    }
  }
}

}  // namespace

void InspectTemplate(const Content& content, Inspection& inspection) {
  const std::string_view source = AsText(content.bytes);
  const JinjaFacts facts = formats::ReadJinja(source);
  // A text that only happens to hold a tag need not be a whole template.
  const bool is_template = content.role == Role::kTemplate || content.name.ends_with(".jinja") ||
                           content.name.ends_with(".jinja2") || content.name.ends_with(".j2");
  if (facts.damage && (is_template || facts.damage->fault == Fault::kLimitExceeded))
    inspection.Skip("template", *facts.damage);
  inspection.Describe("chat_template_sha256", Sha256Hex(content.bytes));

  JudgeAccesses(facts, inspection);
  JudgeTexts(facts, inspection);
  JudgeReplacements(facts, inspection);
  JudgeAmounts(facts, inspection);
  for (const JinjaFacts::Statement& statement : facts.statements)
    if (statement.keyword == "include" || statement.keyword == "import" || statement.keyword == "extends" ||
        statement.keyword == "from")
      inspection.Raise(kInclude, statement.offset,
                       source.substr(statement.offset, std::min<std::size_t>(128, source.find("%}", statement.offset) +
                                                                                      2 - statement.offset)));
    else if (statement.keyword == "debug")
      inspection.Raise(kGadget, Severity::kMedium, statement.offset, "{% debug %}");

  const formats::HiddenCharacters hidden = formats::FindHiddenCharacters(source);
  if (hidden.tags + hidden.overrides > 0 || hidden.zero_width >= 2)
    inspection.Raise(kHidden, hidden.first,
                     fmt::format("{} tag characters, {} direction overrides, {} of no width", hidden.tags,
                                 hidden.overrides, hidden.zero_width));
  else if (hidden.zero_width > 0)
    inspection.Raise(kHidden, Severity::kLow, hidden.first, "a character of no width");
}

std::span<const RuleCard> TemplateRules() { return kCards; }

}  // namespace ringfort::scanners
