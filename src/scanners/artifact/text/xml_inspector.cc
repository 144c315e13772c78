#include "scanners/artifact/text/xml_inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "base/text.h"
#include "formats/text/xml_document.h"
#include "scanners/artifact/text/secret_patterns.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kEntityThreats[] = {"supply_chain.path_traversal", "AML.T0011.000", "CWE-611"};
constexpr std::string_view kBombThreats[] = {"supply_chain.resource_exhaustion", "AML.T0011.000", "CWE-776"};
constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-94"};
constexpr std::string_view kLibraryThreats[] = {"supply_chain.code_execution", "AML.T0018.001", "CWE-426"};
constexpr std::string_view kPathThreats[] = {"supply_chain.path_traversal", "AML.T0010.003", "CWE-22"};

constexpr std::array kCards = {
    RuleCard{"RF-XML-001", "xml_external_entity", Severity::kHigh, "The document pulls in other files",
             "A parser that follows external entities reads local files or talks to servers of the author's choice.",
             "Do not load it; ask for a document without a document type.", kEntityThreats},
    RuleCard{"RF-XML-002", "xml_entity_bomb", Severity::kHigh, "Entities of the document expand without bound",
             "A few lines grow to gigabytes in the memory of whoever parses them.", "Do not load it.", kBombThreats},
    RuleCard{"RF-XML-003", "xml_carries_code", Severity::kHigh, "The document carries script or commands",
             "Model descriptions are data; script in them is meant for somebody to run it.",
             "Do not load it; ask the publisher what the text is for.", kCodeThreats},
    RuleCard{"RF-XML-004", "xml_names_library", Severity::kHigh, "The document names a native library to load",
             "The library runs in the process that loads the model.",
             "Do not load it; ask for a model of standard layers.", kLibraryThreats},
    RuleCard{"RF-XML-005", "xml_leaves_folder", Severity::kMedium, "The document points outside its folder",
             "A loader that follows the path reads files that are not part of the model.",
             "Check what the path is for.", kPathThreats},
    RuleCard{"RF-XML-006", "xml_custom_layer", Severity::kLow, "The network uses layers that a library must add",
             "To run it, somebody has to load an extension library.",
             "Take the extension from a source that you trust.", kLibraryThreats},
    RuleCard{"RF-XML-007", "xml_document_type", Severity::kLow, "The document declares a document type",
             "Models in XML need none; entities are how XML attacks begin.", "Ask for a document without one.",
             kEntityThreats},
};
enum Rule : std::size_t { kEntity, kBomb, kCode, kLibrary, kPath, kLayer, kDocumentType };

std::string_view CodeIn(std::string_view lower) {
  for (const std::string_view sign : {"runtime.getruntime",
                                      "processbuilder",
                                      "java.lang.runtime",
                                      "javax.script",
                                      "scriptenginemanager",
                                      "os.system",
                                      "os.popen",
                                      "subprocess.",
                                      "__import__",
                                      "eval(",
                                      "exec(",
                                      "<script",
                                      "javascript:",
                                      "cmd.exe",
                                      "/bin/sh",
                                      "/bin/bash",
                                      "powershell",
                                      "/dev/tcp/",
                                      "objectinputstream",
                                      "jndi:",
                                      "class.forname"})
    if (lower.find(sign) != std::string_view::npos) return sign;
  return {};
}

bool NamesLibrary(std::string_view lower) {
  for (const std::string_view ending : {".so", ".dll", ".dylib"})
    if (lower.ends_with(ending)) return true;
  return lower.find(".so.") != std::string_view::npos && lower.find(' ') == std::string_view::npos;
}

bool IsPathAttribute(std::string_view lower) {
  for (const std::string_view name : {"path", "file", "filename", "location", "href", "src", "source", "bin", "binary",
                                      "library", "lib", "extension", "weights", "url", "uri", "include"})
    if (lower == name) return true;
  return false;
}

bool LeavesFolder(std::string_view value) {
  return value.starts_with("../") || value.find("/../") != std::string_view::npos || value.starts_with("..\\") ||
         value.starts_with("file:") || value.starts_with("/etc/") || value.starts_with("/proc/") ||
         value.starts_with("\\\\") ||
         (value.starts_with('/') && value.size() > 2 && value.find(' ') == std::string_view::npos);
}

bool IsPageRoot(std::string_view name) {
  constexpr std::string_view kRoots[] = {"html",    "svg",      "book", "article", "chapter",
                                         "section", "refentry", "rss",  "feed"};
  return std::find(std::begin(kRoots), std::end(kRoots), name) != std::end(kRoots);
}

}  // namespace

void InspectXml(const Content& content, Inspection& inspection) {
  // Web pages and manuals live beside models; script and links are what they are
  // made of.
  bool first = true, page = false;
  const auto element = [&](const formats::XmlElement& found) {
    const std::string name = LowerCase(found.name.substr(0, 64));
    if (std::exchange(first, false)) page = IsPageRoot(name);
    if (page) return;
    if (name == "script" || name == "iframe")
      inspection.Raise(kCards[kCode], found.offset, fmt::format("<{}>", found.name));
    std::string_view type;
    for (const auto& [key, value] : found.attributes) {
      const std::string attribute = LowerCase(key.substr(0, 64));
      const std::string lower = LowerCase(value.substr(0, 4096));
      if (attribute == "type") type = value;
      const std::string shown = fmt::format("<{} {}=\"{}\">", found.name, key, value.substr(0, 256));
      if (NamesLibrary(lower))
        inspection.Raise(kCards[kLibrary], found.offset, shown);
      else if (IsPathAttribute(attribute) && LeavesFolder(value) && found.parent != "meta_data" &&
               found.parent != "cli_parameters")
        inspection.Raise(kCards[kPath], found.offset, shown);
      else if (value.find("../") != std::string_view::npos && attribute == "value" && found.parent != "cli_parameters")
        inspection.Raise(kCards[kPath], found.offset, shown);
      if (attribute == "function" && (lower.starts_with("java.") || lower.starts_with("javax.")))
        inspection.Raise(kCards[kCode], found.offset, shown);
      else if ((attribute.starts_with("on") && lower.find('(') != std::string::npos && attribute.size() <= 12) ||
               lower.starts_with("javascript:"))
        inspection.Raise(kCards[kCode], found.offset, shown);
      else if (name == "extension" && !CodeIn(lower).empty())
        inspection.Raise(kCards[kCode], found.offset, shown);
    }
    if (name == "layer") {
      for (const auto& [key, value] : found.attributes)
        if (key == "version" && (value == "extension" || value == "custom"))
          inspection.Raise(kCards[kLayer], found.offset, fmt::format("layer type {}", type));
    }
  };
  const auto text = [&](std::string_view name, std::string_view body, std::uint64_t offset) {
    if (page) return;
    const std::string lower = LowerCase(body);
    const std::string_view sign = CodeIn(lower);
    // `<Value>system(</Value>` may be a word of a vocabulary; commands are longer.
    if (!sign.empty() && (name == "Extension" || name == "extension" || body.size() > sign.size() + 4) &&
        name != "Value")
      inspection.Raise(kCards[kCode], offset, fmt::format("<{}> {}", name, body.substr(0, 512)));
  };
  const formats::XmlFacts facts = formats::ReadXml(content.bytes, element, text);

  if (facts.root == "PMML") inspection.Refine("pmml");
  if (facts.root == "net" && !facts.root_version.empty()) inspection.Refine("openvino");
  for (const formats::XmlFacts::Entity& entity : facts.external_entities)
    inspection.Raise(kCards[kEntity], entity.offset, fmt::format("entity {} from {}", entity.name, entity.system));
  if (!facts.document_type_system.empty() && !page)
    inspection.Raise(kCards[kEntity], Severity::kMedium, 0,
                     fmt::format("document type from {}", facts.document_type_system));
  else if (facts.document_type)
    inspection.Raise(kCards[kDocumentType], 0, "<!DOCTYPE>");
  if (facts.expansion_bomb) inspection.Raise(kCards[kBomb], facts.bomb_offset, "entities of entities");
  if (facts.damage) inspection.Skip("XML document", *facts.damage);
  JudgeSecrets(AsText(content.bytes), inspection);
}

std::span<const RuleCard> XmlRules() { return kCards; }

}  // namespace ringfort::scanners
