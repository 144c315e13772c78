#include "scanners/artifact/family.h"

#include <algorithm>
#include <vector>

#include "scanners/artifact/graph/inspect_onnx.h"
#include "scanners/artifact/graph/inspect_saved_model.h"
#include "scanners/artifact/graph/inspect_tflite.h"
#include "scanners/artifact/inspection_rules.h"
#include "scanners/artifact/keras/inspect_hdf5.h"
#include "scanners/artifact/keras/keras_config.h"
#include "scanners/artifact/pickle/pickle_inspector.h"
#include "scanners/artifact/pickle/pickle_rules.h"

namespace ringfort::scanners {

std::span<const Inspector> Inspectors() {
  static const std::vector<Inspector> inspectors = {
      {formats::Format::kHdf5, InspectHdf5},
      {formats::Format::kKerasMetadata, InspectKerasMetadata},
      {formats::Format::kOnnx, InspectOnnx},
      {formats::Format::kPickle, InspectPickle, true},
      {formats::Format::kSavedModel, InspectSavedModel},
      {formats::Format::kTflite, InspectTflite},
      // {formats::Format::kGguf, InspectGguf},
  };
  return inspectors;
}

std::span<const RuleCard* const> Rules() {
  static const std::vector<const RuleCard*> rules = [] {
    std::vector<const RuleCard*> all;
    for (const std::span<const RuleCard> room : {
             Hdf5Rules(),
             InspectionRules(),
             KerasRules(),
             OnnxRules(),
             PickleRules(),
             SavedModelRules(),
             TfliteRules(),
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

std::string_view RuleSetVersion() { return "2026.11.21"; }

}  // namespace ringfort::scanners
