#include "scanners/artifact/keras/inspect_hdf5.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/json.h"
#include "formats/format.h"
#include "formats/keras/hdf5_file.h"
#include "scanners/artifact/keras/keras_config.h"

namespace ringfort::scanners {
namespace {

constexpr std::string_view kFileThreats[] = {"supply_chain.path_traversal", "AML.T0010.003", "CWE-73"};
constexpr std::string_view kPluginThreats[] = {"supply_chain.code_execution", "AML.T0010.003", "CWE-829"};
constexpr std::string_view kPickleThreats[] = {"supply_chain.unsafe_deserialization", "AML.T0011.000", "CWE-502"};

const std::array kRules = {
    RuleCard{"RF-KER-020", "hdf5_external_storage", Severity::kHigh, "HDF5 dataset keeps its data in another file",
             "Reading the dataset reads the file that it names into the model's weights, from which it can be read "
             "back.",
             "Do not load it; weights of an honest model lie inside the file.", kFileThreats},
    RuleCard{"RF-KER-021", "hdf5_external_link", Severity::kMedium, "HDF5 group links into another file",
             "Following the link opens the file that it names.", "Check which file it is before you load the model.",
             kFileThreats},
    RuleCard{"RF-KER-022", "hdf5_virtual_dataset", Severity::kMedium, "HDF5 dataset is put together from other files",
             "A virtual dataset reads its elements from the files that it names.",
             "Check which files these are before you load the model.", kFileThreats},
    RuleCard{"RF-KER-023", "hdf5_filter_plugin", Severity::kLow, "HDF5 dataset needs a filter plugin",
             "The library loads a shared object for a filter that it does not bring.",
             "Install the plugin only from a source that you trust.", kPluginThreats},
    RuleCard{"RF-KER-024", "hdf5_pickled_attribute", Severity::kLow, "HDF5 attribute holds a pickle",
             "PyTables keeps values of Python so and unpickles every one that it reads; what the pickle does is judged "
             "by itself.",
             "Do not open it with a loader that unpickles, unless you trust its source.", kPickleThreats},
};
const RuleCard& kExternalStorage = kRules[0];
const RuleCard& kExternalLink = kRules[1];
const RuleCard& kVirtual = kRules[2];
const RuleCard& kFilterPlugin = kRules[3];
const RuleCard& kPickledAttribute = kRules[4];

// The library's own filters and the registered ones that are in common use.
constexpr auto kKnownFilters =
    std::to_array<std::uint16_t>({1, 2, 3, 4, 5, 6, 307, 32000, 32001, 32004, 32008, 32013, 32015, 32017, 32026});

bool LeadsOut(std::string_view file) {
  return !file.empty() && (file[0] == '/' || file[0] == '~' || file.find("..") != file.npos ||
                           file.find("://") != file.npos || file.find('\\') != file.npos || file.find(':') == 1);
}

void JudgeAttribute(const formats::Hdf5Attribute& attribute, Inspection& inspection) {
  const std::string_view text = attribute.text;
  const bool keras = attribute.name == "model_config" || attribute.name == "training_config";
  // PyTables tries whatever ends as a pickle does.
  if (text.size() >= 4 && text.back() == '.' &&
      formats::Sniff(AsBytes(text), text.size()) == formats::Format::kPickle) {
    inspection.Raise(kPickledAttribute, attribute.offset, fmt::format("{} {}", attribute.owner, attribute.name));
    inspection.Descend({attribute.name, AsBytes(text), nullptr, Role::kPickle}, attribute.offset);
    return;
  }
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool json = start != text.npos && (text[start] == '{' || text[start] == '[');
  if (!keras && !(json && text.find("class_name") != text.npos)) return;
  if (text.empty()) return;  // none, or one that was reported as not read
  const auto config = ParseJson(text);
  if (config.ok())
    JudgeKerasConfig(config.value(), inspection, KerasSource::kHdf5);
  else if (keras || text.find("Lambda") != text.npos)
    inspection.Skip(fmt::format("attribute {}", attribute.name), config.error().what, attribute.offset);
}

// What stands before the superblock is the writer's own; the library passes it over.
void InspectUserBlock(ByteView block, Inspection& inspection) {
  const auto format = formats::Sniff(block, block.size());
  if (format != formats::Format::kEmpty && format != formats::Format::kUnknown && format != formats::Format::kText)
    inspection.Descend({"user block", block, nullptr, Role::kAny}, 0);
}

// What a dataset of bytes holds is anyone's guess, and a loader of the file's own may unpickle it.
void LookIntoChunks(const formats::Hdf5Facts& facts, Inspection& inspection) {
  for (const formats::Hdf5Chunk& chunk : facts.chunks) {
    if (inspection.mode() != Mode::kFull || inspection.Expired()) return;
    if (formats::Sniff(chunk.bytes, chunk.bytes.size()) == formats::Format::kZlib)
      inspection.Descend({fmt::format("{} chunk", chunk.object), chunk.bytes, nullptr, Role::kAny}, chunk.offset);
  }
}

}  // namespace

void InspectHdf5(const Content& content, Inspection& inspection) {
  const formats::Hdf5Facts facts = formats::ReadHdf5(content.bytes);
  if (facts.damage) inspection.Skip("HDF5 file", *facts.damage);
  for (const Error& skipped : facts.skipped) inspection.Skip("HDF5 file", skipped);
  if (facts.cut) inspection.Skip("HDF5 file", "more entries than are read");
  if (facts.end_of_file != ~std::uint64_t{0} && facts.end_of_file > content.bytes.size())
    inspection.Skip("HDF5 file", fmt::format("it should have {} bytes", facts.end_of_file), content.bytes.size());

  std::uint64_t datasets = 0;
  for (const formats::Hdf5Object& object : facts.objects) datasets += object.dataset ? 1 : 0;
  inspection.Describe("tensors", std::to_string(datasets));
  InspectUserBlock(Slice(content.bytes, 0, facts.user_block), inspection);
  for (const formats::Hdf5Attribute& attribute : facts.attributes) {
    // Any number of attributes may share one long text.
    if (inspection.Expired()) return;
    if (attribute.name == "keras_version") inspection.Describe("producer", fmt::format("keras {}", attribute.text));
    if (attribute.name == "model_config") inspection.Refine("keras-hdf5");
    JudgeAttribute(attribute, inspection);
  }
  LookIntoChunks(facts, inspection);
  for (const formats::Hdf5OutsideFile& outside : facts.outside) {
    const std::string evidence = fmt::format("{} -> {}", outside.object, outside.file);
    switch (outside.kind) {
      case formats::Hdf5OutsideFile::Kind::kStorage:
        inspection.Raise(kExternalStorage, outside.offset, evidence);
        break;
      case formats::Hdf5OutsideFile::Kind::kLink:
        inspection.Raise(kExternalLink, LeadsOut(outside.file) ? Severity::kHigh : Severity::kMedium, outside.offset,
                         evidence);
        break;
      case formats::Hdf5OutsideFile::Kind::kVirtual: inspection.Raise(kVirtual, outside.offset, outside.object); break;
    }
  }
  for (const formats::Hdf5Filter& filter : facts.filters)
    if (std::find(kKnownFilters.begin(), kKnownFilters.end(), filter.id) == kKnownFilters.end())
      inspection.Raise(kFilterPlugin, 0, fmt::format("{} filter {} {}", filter.object, filter.id, filter.name));
}

std::span<const RuleCard> Hdf5Rules() { return kRules; }

}  // namespace ringfort::scanners
