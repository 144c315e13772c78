#include "scanners/artifact/family.h"

#include <algorithm>
#include <string>
#include <vector>

#include "scanners/artifact/archive/archive_rules.h"
#include "scanners/artifact/archive/compressed_inspector.h"
#include "scanners/artifact/archive/seven_zip_inspector.h"
#include "scanners/artifact/archive/tar_inspector.h"
#include "scanners/artifact/archive/zip_inspector.h"
#include "scanners/artifact/executable/executable_inspector.h"
#include "scanners/artifact/executable/hidden_content.h"
#include "scanners/artifact/graph/inspect_onnx.h"
#include "scanners/artifact/graph/inspect_saved_model.h"
#include "scanners/artifact/graph/inspect_tflite.h"
#include "scanners/artifact/inspection_rules.h"
#include "scanners/artifact/keras/inspect_hdf5.h"
#include "scanners/artifact/keras/keras_config.h"
#include "scanners/artifact/pickle/pickle_inspector.h"
#include "scanners/artifact/pickle/pickle_rules.h"
#include "scanners/artifact/text/json_inspector.h"
#include "scanners/artifact/text/notebook.h"
#include "scanners/artifact/text/python_inspector.h"
#include "scanners/artifact/text/secret_patterns.h"
#include "scanners/artifact/text/template_inspector.h"
#include "scanners/artifact/text/xml_inspector.h"
#include "scanners/artifact/weights/gguf_inspector.h"
#include "scanners/artifact/weights/numpy_inspector.h"
#include "scanners/artifact/weights/safetensors_inspector.h"

namespace ringfort::scanners {

// Defined by a source that the build makes (cmake/RuleSetVersion.cmake).
extern const char* const kRuleSetDigest;

std::span<const Inspector> Inspectors() {
  static const std::vector<Inspector> inspectors = {
      {formats::Format::kBzip2, InspectBzip2, true},
      {formats::Format::kGzip, InspectGzip, true},
      {formats::Format::kLz4, InspectLz4, true},
      {formats::Format::kLzma, InspectLzma, true},
      {formats::Format::kSevenZip, InspectSevenZip},
      {formats::Format::kTar, InspectTar, true},
      {formats::Format::kXz, InspectXz, true},
      {formats::Format::kZip, InspectZip},
      {formats::Format::kZlib, InspectZlib, true},
      {formats::Format::kZstd, InspectZstd, true},
      {formats::Format::kHdf5, InspectHdf5},
      {formats::Format::kKerasMetadata, InspectKerasMetadata},
      {formats::Format::kOnnx, InspectOnnx},
      {formats::Format::kPickle, InspectPickle, true},
      {formats::Format::kSavedModel, InspectSavedModel},
      {formats::Format::kTflite, InspectTflite},
      {formats::Format::kElf, InspectExecutable},
      {formats::Format::kPe, InspectExecutable},
      {formats::Format::kMachO, InspectExecutable},
      {formats::Format::kScript, InspectScript},
      {formats::Format::kGguf, InspectGguf},
      {formats::Format::kNumpy, InspectNumpy},
      {formats::Format::kSafetensors, InspectSafetensors},
      {formats::Format::kJinja, InspectTemplate},
      {formats::Format::kJson, InspectJson},
      {formats::Format::kPython, InspectPythonSource},
      {formats::Format::kXml, InspectXml},
      {formats::Format::kUnknown, SearchForHiddenContent, true},
  };
  return inspectors;
}

std::span<const RuleCard* const> Rules() {
  static const std::vector<const RuleCard*> rules = [] {
    std::vector<const RuleCard*> all;
    for (const std::span<const RuleCard> room : {
             ArchiveRules(),    Hdf5Rules(),   ExecutableRules(), GgufRules(),        HiddenContentRules(),
             InspectionRules(), JsonRules(),   NotebookRules(),   PythonRules(),      SecretRules(),
             TemplateRules(),   XmlRules(),    NumpyRules(),      SafetensorsRules(), KerasRules(),
             OnnxRules(),       PickleRules(), SavedModelRules(), TfliteRules(),
         })
      for (const RuleCard& card : room) all.push_back(&card);
    std::sort(all.begin(), all.end(), [](const RuleCard* a, const RuleCard* b) { return a->id < b->id; });
    return all;
  }();
  return rules;
}

const RuleCard* FindRule(std::string_view id) {
  const auto rules = Rules();
  const auto at = std::lower_bound(rules.begin(), rules.end(), id,
                                   [](const RuleCard* card, std::string_view wanted) { return card->id < wanted; });
  return at != rules.end() && (*at)->id == id ? *at : nullptr;
}

std::string_view RuleSetVersion() {
  static const std::string version = std::string("2026.11.21+") + kRuleSetDigest;
  return version;
}

}  // namespace ringfort::scanners
