#include "scanners/artifact/weights/numpy_inspector.h"

#include <fmt/format.h>

#include <algorithm>

#include "formats/weights/numpy_array.h"
#include "scanners/artifact/executable/hidden_content.h"

namespace ringfort::scanners {
namespace {

using formats::Format;
using formats::NumpyFault;
using formats::NumpyFaultKind;

constexpr std::string_view kPickleThreats[] = {"supply_chain.unsafe_deserialization", "AML.T0011.000", "CWE-502"};
constexpr std::string_view kCodeThreats[] = {"supply_chain.code_execution", "AML.T0011.000", "CWE-95"};
constexpr std::string_view kRoomThreats[] = {"supply_chain.hidden_payload", "AML.T0018.002"};
constexpr std::string_view kCorruptThreats[] = {"supply_chain.corrupt_artifact", "AML.T0076", "CWE-190"};

constexpr RuleCard kRules[] = {
    {"RF-NPY-001", "numpy_objects", Severity::kLow, "A NumPy array holds Python objects",
     "The array is stored as a pickle: who loads it with allow_pickle=True runs what the pickle names.",
     "Store numbers and texts in arrays of their own type, and keep allow_pickle off.", kPickleThreats},
    {"RF-NPY-002", "numpy_code_in_header", Severity::kHigh, "The header of a NumPy array is an expression",
     "The header must be a plain dictionary; an expression in it runs in readers that evaluate the header.",
     "Do not load the file.", kCodeThreats},
    {"RF-NPY-003", "numpy_trailing_bytes", Severity::kMedium, "Bytes follow the data of a NumPy array",
     "NumPy ignores them, so another file can be glued there.",
     "Find out what they are; store the array again without them.", kRoomThreats},
    {"RF-NPY-004", "numpy_bad_header", Severity::kMedium, "The header of a NumPy array is not as the format wants it",
     "Sizes that overflow and keys that are missing, foreign or doubled are read differently by different readers.",
     "Take the file from its publisher again.", kCorruptThreats},
};

void JudgeFault(const Content& content, const NumpyFault& fault, bool glued, Inspection& inspection) {
  switch (fault.kind) {
    case NumpyFaultKind::kCodeInHeader: return inspection.Raise(kRules[1], fault.offset, fault.what);
    case NumpyFaultKind::kBadHeader:
    case NumpyFaultKind::kSizeOverflow: return inspection.Raise(kRules[3], fault.offset, fault.what);
    case NumpyFaultKind::kTooShort: return inspection.Skip("array data", fault.what, fault.offset);
    case NumpyFaultKind::kTrailingBytes: break;
  }
  const ByteView rest = Slice(content.bytes, fault.offset);
  const Format format = formats::Sniff(Slice(rest, 0, 65536), rest.size());
  // numpy.save writes several arrays into one open file, one after the other.
  const bool zeros =
      rest.size() <= 65536 && std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte == 0; });
  const bool harmless = format == Format::kNumpy || zeros;
  inspection.Raise(kRules[2], harmless ? Severity::kLow : Severity::kMedium, fault.offset, fault.what);
  if (!glued && !zeros && format != Format::kUnknown && format != Format::kText)
    inspection.Descend(Content{.name = "trailing", .bytes = rest}, fault.offset);
}

}  // namespace

void InspectNumpy(const Content& content, Inspection& inspection) {
  const formats::NumpyFacts facts = formats::ReadNumpy(content.bytes);
  if (facts.damage) inspection.Skip("NumPy header", *facts.damage);
  const bool glued = InspectGluedArchive(content, Severity::kHigh, inspection);
  for (const NumpyFault& fault : facts.faults) JudgeFault(content, fault, glued, inspection);
  if (facts.data_begin == 0) return;
  const ByteView data = Slice(content.bytes, facts.data_begin);
  if (facts.holds_objects) {
    inspection.Raise(kRules[0], facts.data_begin, fmt::format("dtype {}", facts.type));
    inspection.Descend(Content{.name = "objects", .bytes = data, .stream = nullptr, .role = Role::kPickle},
                       facts.data_begin);
  } else if (facts.damage && formats::Sniff(Slice(data, 0, 65536), data.size()) == Format::kPickle) {
    // Whatever the header was meant to say: a lenient reader may unpickle this.
    inspection.Descend(Content{.name = "data", .bytes = data}, facts.data_begin);
  }
}

std::span<const RuleCard> NumpyRules() { return kRules; }

}  // namespace ringfort::scanners
